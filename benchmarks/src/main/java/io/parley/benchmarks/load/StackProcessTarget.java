package io.parley.benchmarks.load;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A stack in a process of its own. Not safe for threads. */
final class StackProcessTarget implements Target {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int STOP_SECONDS = 30;
    private static final List<String> OPENED = List.of("java.util", "java.lang", "java.math");

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final StackTalk.Address address;

    private StackProcessTarget(Process process) throws IOException {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.questions = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        this.address = JSON.readValue(answer(), StackTalk.Address.class);
    }

    /**
     * Starts it and waits until it is up.
     *
     * @param main the class to run: {@link StackProcess} or one that answers like it
     * @param arguments of that class
     */
    static StackProcessTarget start(Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        OPENED.forEach(opened -> command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED"));
        command.add("-Xmx" + Long.getLong("parley.stack.heap-mb", 1536) + "m");
        command.add("-XX:+UseParallelGC");
        command.add("-Dparley.home=" + System.getProperty("parley.home", "."));
        command.add("-Dparley.command=stack");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new StackProcessTarget(process);
        } catch (IOException | RuntimeException e) {
            process.destroy();
            throw e;
        }
    }

    @Override
    public URI url() {
        return URI.create(address.url());
    }

    @Override
    public String apiKey() {
        return address.apiKey();
    }

    @Override
    public List<String> tokens(int count) throws IOException {
        return JSON.readValue(ask(StackTalk.TOKENS + count), new TypeReference<>() {});
    }

    @Override
    public StackReading read() throws IOException {
        return JSON.readValue(ask(StackTalk.READ), StackReading.class);
    }

    private String ask(String question) throws IOException {
        questions.write(question + '\n');
        questions.flush();
        return answer();
    }

    /** What the process says beside its answers is for nobody. */
    private String answer() throws IOException {
        String line;
        while ((line = answers.readLine()) != null) {
            if (line.startsWith(StackTalk.MARK)) {
                return line.substring(StackTalk.MARK.length());
            }
        }
        throw new IOException(
                "the process of the stack has ended; what it said is above, and in target/parley/stack.log");
    }

    /** Ends its input, upon which it stops. */
    @Override
    public void close() throws IOException {
        questions.close();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
