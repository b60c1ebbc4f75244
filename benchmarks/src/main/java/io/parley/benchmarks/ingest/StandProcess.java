package io.parley.benchmarks.ingest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** An {@link IngestStand} in a process of its own, whose processor time is not that of what is measured. */
public final class StandProcess implements AutoCloseable {

    private final Process process;
    private final String url;

    private StandProcess(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /** Returns when it answers. */
    public static StandProcess start() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        IngestStand.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String url =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (url == null) {
            process.destroy();
            throw new IllegalStateException("the endpoints did not start");
        }
        return new StandProcess(process, url);
    }

    public String url() {
        return url;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
