package io.parley.benchmarks.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * How the process of a stack talks with the load's: it answers each line on its input with one line of JSON after
 * {@link #MARK}, until the input ends.
 */
public final class StackTalk {

    static final String MARK = "parley-stack ";
    static final String READ = "read";
    static final String TOKENS = "tokens ";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where the stack is; said first. */
    record Address(String url, String apiKey) {}

    private StackTalk() {}

    /**
     * @param usage by the names of {@link io.parley.local.meter.UsageMeter}
     * @param token of the user with that number
     */
    public static void serve(String url, String apiKey, Supplier<Map<String, Double>> usage, IntFunction<String> token)
            throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        answer(out, new Address(url, apiKey));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals(READ)) {
                answer(out, ProcessFigures.read(usage.get()));
            } else if (line.startsWith(TOKENS)) {
                int count = Integer.parseInt(line.substring(TOKENS.length()));
                answer(out, IntStream.range(0, count).mapToObj(token).toList());
            }
        }
    }

    private static void answer(PrintStream out, Object value) throws IOException {
        out.println(MARK + JSON.writeValueAsString(value));
    }
}
