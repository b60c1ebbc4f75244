package io.parley.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** What the handlers write to their log, which on AWS is what they write to the console. */
final class CapturedLog {

    private CapturedLog() {}

    /** All that is logged or printed while the task runs, on any thread. */
    static String of(Task task) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream captured = new PrintStream(bytes, true, UTF_8)) {
            System.setOut(captured);
            System.setErr(captured);
            task.run();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return bytes.toString(UTF_8);
    }

    interface Task {
        void run() throws Exception;
    }
}
