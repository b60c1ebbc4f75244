package io.parley.local.lambda;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * A function's jar in a process of its own, as an execution environment of Lambda runs it: AWS's runtime interface
 * client, the flags that Lambda gives its Java, and nothing of this process's environment. Its Java is the one that runs
 * this, on this machine's processor. It takes one invocation at a time; others wait. Thread safe.
 *
 * <p>Whoever starts one needs the runtime interface client on the class path, which the stack itself does without.
 */
public final class FunctionProcess implements AutoCloseable {

    private static final int START_SECONDS = 120;
    private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    /** One class of each jar. */
    private static final List<String> RUNTIME = List.of(
            CLIENT,
            "com.amazonaws.services.lambda.runtime.Context",
            "com.amazonaws.services.lambda.runtime.serialization.PojoSerializer",
            "software.amazon.awssdk.utilslite.SdkInternalThreadLocal",
            "software.amazon.awssdk.annotations.SdkProtectedApi");

    private static final String JAVA_OPTIONS = "JAVA_TOOL_OPTIONS";
    /** For Java 17 and 21: "Customize Java runtime startup behavior for Lambda functions". */
    private static final String COMPILER = "-XX:+TieredCompilation -XX:TieredStopAtLevel=1";

    private final RuntimeApi api;
    private final Process process;
    private final double initMs;

    /**
     * A function as Lambda knows it.
     *
     * @param arn with which it is invoked
     * @param taskRoot where its code is: jars in {@code lib}
     * @param environment all of it but for what Lambda adds
     */
    public record Code(
            String name,
            String version,
            String arn,
            String handler,
            int memoryMb,
            Duration timeout,
            Path taskRoot,
            Map<String, String> environment) {}

    private FunctionProcess(RuntimeApi api, Process process, double initMs) {
        this.api = api;
        this.process = process;
        this.initMs = initMs;
    }

    /**
     * Returns when it waits for its first invocation. Throws {@link IllegalStateException} with what it printed if it ends
     * or fails before that.
     *
     * @param heapMb of its Java at most
     * @param log file for what it prints
     */
    public static FunctionProcess start(Code code, int heapMb, Path log, Clock clock)
            throws IOException, InterruptedException {
        RuntimeApi api = new RuntimeApi(code.arn(), code.timeout(), clock);
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx" + heapMb + "m",
                        "-cp",
                        runtime(),
                        CLIENT,
                        code.handler())
                .directory(code.taskRoot().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(code.environment());
        // What is said last is what counts, so that a function can have it otherwise.
        environment.merge(JAVA_OPTIONS, COMPILER, (own, lambdas) -> lambdas + ' ' + own);
        environment.putAll(Map.of(
                "AWS_LAMBDA_RUNTIME_API", api.address(),
                "AWS_LAMBDA_FUNCTION_NAME", code.name(),
                "AWS_LAMBDA_FUNCTION_VERSION", code.version(),
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(code.memoryMb()),
                "AWS_LAMBDA_LOG_FORMAT", "JSON",
                "LAMBDA_TASK_ROOT", code.taskRoot().toString(),
                "_HANDLER", code.handler()));
        long begun = System.nanoTime();
        Process process = builder.start();
        process.onExit().thenAccept(ended -> api.ended(code.name() + " ended with " + ended.exitValue()));
        try {
            api.initialised().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly().waitFor();
            api.close();
            throw new IllegalStateException(code.name() + " did not start; it said: " + Files.readString(log), e);
        }
        return new FunctionProcess(api, process, (System.nanoTime() - begun) / 1e6);
    }

    /** The jars that Lambda's Java runtime brings along, from this process's class path. */
    private static String runtime() {
        return RUNTIME.stream().map(FunctionProcess::jar).collect(Collectors.joining(File.pathSeparator));
    }

    private static String jar(String type) {
        try {
            return Path.of(Class.forName(type)
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new IllegalStateException(
                    "a function's process needs the runtime interface client and what it needs on the class path", e);
        }
    }

    /** From the start of the process until it waited for its first invocation. */
    public double initMs() {
        return initMs;
    }

    /** The function's process, to look at what it takes of the machine. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /** Completes with the handler's answer, or fails with {@link RuntimeApi.FunctionError}. Never blocks. */
    public CompletableFuture<byte[]> invoke(byte[] event) {
        return api.invoke(event);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
        api.close();
    }
}
