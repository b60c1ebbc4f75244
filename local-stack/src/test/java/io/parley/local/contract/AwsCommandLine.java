package io.parley.local.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The stock AWS CLI where it is installed, pointed at an endpoint as a user would: by AWS_ENDPOINT_URL. It sees none of
 * its user's own settings.
 */
public final class AwsCommandLine {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_SECONDS = 120;
    private static final String NOWHERE = File.separator + "nonexistent";

    private final URI endpoint;

    /** Skips the test with one line where there is no CLI. */
    public AwsCommandLine(Endpoint endpoint) {
        this.endpoint = endpoint.uri();
        boolean installed = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> new File(folder, "aws").canExecute());
        if (!installed) {
            Absence.skip("the AWS CLI is not installed");
        }
    }

    /** Runs {@code aws} with these arguments; its answer as a tree, empty where it prints nothing. */
    public JsonNode run(String... arguments) {
        String printed = text(arguments);
        try {
            return JSON.readTree(printed);
        } catch (IOException e) {
            throw new UncheckedIOException("aws printed no JSON: " + printed, e);
        }
    }

    /** Runs {@code aws} with these arguments; what it printed. */
    public String text(String... arguments) {
        Outcome outcome = execute(arguments);
        if (outcome.status() != 0) {
            throw new AssertionError("aws " + String.join(" ", arguments) + " ended with " + outcome.status() + ": "
                    + outcome.complaint());
        }
        return outcome.text();
    }

    /** Runs {@code aws} with arguments that must fail; what it complained of. */
    public String fail(String... arguments) {
        Outcome outcome = execute(arguments);
        if (outcome.status() == 0) {
            throw new AssertionError("aws " + String.join(" ", arguments) + " did not fail: " + outcome.text());
        }
        return outcome.complaint();
    }

    private record Outcome(int status, String text, String complaint) {}

    private Outcome execute(String... arguments) {
        List<String> command = new ArrayList<>(List.of("aws"));
        command.addAll(List.of(arguments));
        try {
            Path text = Files.createTempFile("aws", ".out");
            Path complaint = Files.createTempFile("aws", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectOutput(text.toFile())
                        .redirectError(complaint.toFile());
                setEnvironment(builder.environment());
                Process process = builder.start();
                process.getOutputStream().close();
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    throw new AssertionError(
                            "aws " + String.join(" ", arguments) + " did not end within " + PATIENCE_SECONDS + " s");
                }
                return new Outcome(process.exitValue(), Files.readString(text), Files.readString(complaint));
            } finally {
                Files.delete(text);
                Files.delete(complaint);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void setEnvironment(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("AWS_"));
        environment.put("AWS_ENDPOINT_URL", endpoint.toString());
        environment.put("AWS_DEFAULT_REGION", "eu-central-1");
        environment.put("AWS_ACCESS_KEY_ID", "local");
        environment.put("AWS_SECRET_ACCESS_KEY", "local");
        environment.put("AWS_DEFAULT_OUTPUT", "json");
        environment.put("AWS_PAGER", "");
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        environment.put("AWS_CONFIG_FILE", NOWHERE);
        environment.put("AWS_SHARED_CREDENTIALS_FILE", NOWHERE);
        environment.put("NO_PROXY", endpoint.getHost());
    }
}
