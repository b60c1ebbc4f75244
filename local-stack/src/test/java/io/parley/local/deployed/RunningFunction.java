package io.parley.local.deployed;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import io.parley.local.gateway.RouteFunction;
import io.parley.local.lambda.RuntimeApi;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.annotations.SdkProtectedApi;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/**
 * A deployed function in a process of its own, as an execution environment of Lambda runs it: AWS's runtime interface
 * client, the deployed code and environment, and the credentials of its role. Its Java is that of the tests,
 * on this machine's processor.
 */
final class RunningFunction implements RouteFunction, AutoCloseable {

    private static final int START_SECONDS = 120;

    private final RuntimeApi api;
    private final Process process;

    private RunningFunction(RuntimeApi api, Process process) {
        this.api = api;
        this.process = process;
    }

    /**
     * Returns when it waits for its first invocation.
     *
     * @param log file for what it prints
     * @param redirected what of its environment is not as deployed
     */
    static RunningFunction start(
            DeployedFunction function, Principal role, Map<String, String> redirected, Path log, Clock clock)
            throws Exception {
        Path task = function.taskRoot();
        RuntimeApi api = new RuntimeApi(function.aliasArn(), function.timeout(), clock);
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        runtime(),
                        AWSLambda.class.getName(),
                        function.handler())
                .directory(task.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(function.environment());
        environment.putAll(role.environment());
        environment.putAll(Map.of(
                "AWS_LAMBDA_RUNTIME_API", api.address(),
                "AWS_LAMBDA_FUNCTION_NAME", function.name(),
                "AWS_LAMBDA_FUNCTION_VERSION", function.version(),
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(function.memoryMb()),
                "AWS_LAMBDA_LOG_FORMAT", "JSON",
                "LAMBDA_TASK_ROOT", task.toString(),
                "_HANDLER", function.handler()));
        environment.putAll(redirected);
        Process process = builder.start();
        RunningFunction running = new RunningFunction(api, process);
        process.onExit().thenAccept(ended -> api.ended(function.name() + " ended with " + ended.exitValue()));
        try {
            api.initialised().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            running.close();
            throw new AssertionError(function.name() + " did not start; it said: " + Files.readString(log), e);
        }
        return running;
    }

    /** The jars that Lambda's Java runtime brings along, from the class path of the tests. */
    private static String runtime() {
        return Stream.of(
                        AWSLambda.class,
                        Context.class,
                        PojoSerializer.class,
                        SdkInternalThreadLocal.class,
                        SdkProtectedApi.class)
                .map(RunningFunction::jar)
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
    public CompletableFuture<byte[]> invoke(byte[] eventJson) {
        return api.invoke(eventJson);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
        api.close();
    }
}
