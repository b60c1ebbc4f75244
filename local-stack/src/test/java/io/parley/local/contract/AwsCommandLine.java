package io.parley.local.contract;

import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The stock AWS CLI where it is installed, pointed at an endpoint as a user would: by AWS_ENDPOINT_URL. */
public final class AwsCommandLine {

    private final URI endpoint;

    /** Skips the test with one line where there is no CLI. */
    public AwsCommandLine(Endpoint endpoint) {
        this.endpoint = endpoint.uri();
        boolean installed = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> new File(folder, "aws").canExecute());
        if (!installed) {
            abort("skipped: the AWS CLI is not installed");
        }
    }

    /** Runs {@code aws} with these arguments; its answer as a tree, empty where it prints nothing. */
    public JsonNode run(String... arguments) {
        Outcome outcome = execute(arguments);
        if (outcome.status() != 0) {
            throw new AssertionError(
                    "aws " + String.join(" ", arguments) + " ended with " + outcome.status() + ": " + outcome.text());
        }
        try {
            return new ObjectMapper().readTree(outcome.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code aws} with arguments that must fail; what it printed. */
    public String fail(String... arguments) {
        Outcome outcome = execute(arguments);
        if (outcome.status() == 0) {
            throw new AssertionError("aws " + String.join(" ", arguments) + " did not fail: " + outcome.text());
        }
        return outcome.text();
    }

    private record Outcome(int status, String text) {}

    private Outcome execute(String... arguments) {
        List<String> command = new ArrayList<>(List.of("aws"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("AWS_ENDPOINT_URL", endpoint.toString());
        builder.environment().put("AWS_DEFAULT_REGION", "eu-central-1");
        builder.environment().put("AWS_ACCESS_KEY_ID", "local");
        builder.environment().put("AWS_SECRET_ACCESS_KEY", "local");
        builder.environment().put("AWS_DEFAULT_OUTPUT", "json");
        builder.environment().put("AWS_PAGER", "");
        builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
        builder.environment().put("AWS_CONFIG_FILE", File.separator + "nonexistent");
        builder.environment().put("AWS_SHARED_CREDENTIALS_FILE", File.separator + "nonexistent");
        builder.environment().remove("AWS_PROFILE");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
