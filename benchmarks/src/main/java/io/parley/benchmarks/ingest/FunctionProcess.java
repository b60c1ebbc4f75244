package io.parley.benchmarks.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import io.parley.ingest.AudioHandler;
import io.parley.local.lambda.RuntimeApi;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.annotations.SdkProtectedApi;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/**
 * The audio Lambda's jar in a process of its own under AWS's runtime interface client, with the flags that Lambda gives
 * its Java. Not safe for threads.
 */
final class FunctionProcess implements AutoCloseable {

    private static final int WAIT_SECONDS = 120;

    private final RuntimeApi api;
    private final Process process;
    private final double initMs;

    private FunctionProcess(RuntimeApi api, Process process, double initMs) {
        this.api = api;
        this.process = process;
        this.initMs = initMs;
    }

    /**
     * Returns when it waits for its first invocation.
     *
     * @param taskRoot with the jar in {@code lib}
     */
    static FunctionProcess start(Path taskRoot, Map<String, String> environment, Clock clock) throws Exception {
        RuntimeApi api =
                new RuntimeApi("arn:aws:lambda:local:000000000000:function:audio", Duration.ofSeconds(10), clock);
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx800m",
                        "-cp",
                        runtime(),
                        AWSLambda.class.getName(),
                        AudioHandler.class.getName())
                .directory(taskRoot.toFile())
                .redirectErrorStream(true)
                .redirectOutput(taskRoot.resolve("log").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment()
                .putAll(Map.of(
                        "AWS_LAMBDA_RUNTIME_API", api.address(),
                        "AWS_LAMBDA_FUNCTION_NAME", "audio",
                        "AWS_LAMBDA_FUNCTION_VERSION", "1",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024",
                        "AWS_LAMBDA_LOG_FORMAT", "JSON",
                        "LAMBDA_TASK_ROOT", taskRoot.toString(),
                        "_HANDLER", AudioHandler.class.getName()));
        long begun = System.nanoTime();
        Process process = builder.start();
        process.onExit().thenAccept(ended -> api.ended("the function ended with " + ended.exitValue()));
        try {
            api.initialised().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            process.destroyForcibly();
            api.close();
            throw new IllegalStateException(
                    "the function did not start; what it said is in " + taskRoot.resolve("log"), e);
        }
        return new FunctionProcess(api, process, (System.nanoTime() - begun) / 1e6);
    }

    /** From the start of the process until it waits for its first invocation. */
    double initMs() {
        return initMs;
    }

    /** One invocation, as long as its caller waits, in ms. */
    double invokeMs(byte[] event) throws Exception {
        long begun = System.nanoTime();
        byte[] answer = api.invoke(event).get(WAIT_SECONDS, TimeUnit.SECONDS);
        double ms = (System.nanoTime() - begun) / 1e6;
        if (!new String(answer, StandardCharsets.UTF_8).contains("200")) {
            throw new IllegalStateException("a chunk was answered with " + new String(answer, StandardCharsets.UTF_8));
        }
        return ms;
    }

    /** The jars that Lambda's Java runtime brings along. */
    private static String runtime() {
        return Stream.of(
                        AWSLambda.class,
                        Context.class,
                        PojoSerializer.class,
                        SdkInternalThreadLocal.class,
                        SdkProtectedApi.class)
                .map(FunctionProcess::jar)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String jar(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
        api.close();
    }
}
