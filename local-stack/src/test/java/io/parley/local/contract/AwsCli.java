package io.parley.local.contract;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The stock AWS CLI, version 1 or 2, pointed at an endpoint and at none of its user's own settings. */
final class AwsCli {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_SECONDS = 120;

    private final String executable;
    private final URI endpoint;
    private final Path folder;

    private AwsCli(String executable, URI endpoint, Path folder) {
        this.executable = executable;
        this.endpoint = endpoint;
        this.folder = folder;
    }

    /**
     * Skips the test with one line where there is no {@code aws} on the PATH.
     *
     * @param folder of the calls' files; relative file names are within
     */
    static AwsCli at(URI endpoint, Path folder) {
        for (String place : System.getenv("PATH").split(File.pathSeparator)) {
            File candidate = new File(place, "aws");
            if (candidate.canExecute()) {
                return new AwsCli(candidate.getPath(), endpoint, folder);
            }
        }
        return abort("skipped: the AWS CLI is not installed");
    }

    /** What the command printed as JSON; an empty object where it printed nothing. */
    JsonNode json(String... arguments) {
        String printed = text(arguments);
        try {
            return printed.isBlank() ? JSON.createObjectNode() : JSON.readTree(printed);
        } catch (IOException e) {
            throw new UncheckedIOException("the AWS CLI printed no JSON: " + printed, e);
        }
    }

    /** What the command printed; fails unless it succeeds. */
    String text(String... arguments) {
        Outcome outcome = run(arguments);
        if (outcome.status() != 0) {
            fail("aws " + String.join(" ", arguments) + " ended with " + outcome.status() + ": " + outcome.errors());
        }
        return outcome.output();
    }

    /** What the command complained of; fails if it succeeds. */
    String complaint(String... arguments) {
        Outcome outcome = run(arguments);
        if (outcome.status() == 0) {
            fail("aws " + String.join(" ", arguments) + " succeeded: " + outcome.output());
        }
        return outcome.errors();
    }

    private record Outcome(int status, String output, String errors) {}

    private Outcome run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(executable));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile(folder, "aws", ".out");
            Path errors = Files.createTempFile(folder, "aws", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            setEnvironment(builder.environment());
            Process process = builder.start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                fail("aws " + String.join(" ", arguments) + " did not end within " + PATIENCE_SECONDS + " s");
            }
            return new Outcome(process.exitValue(), Files.readString(output), Files.readString(errors));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the AWS CLI ran", e);
        }
    }

    private void setEnvironment(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("AWS_"));
        environment.putAll(Map.of(
                "AWS_ENDPOINT_URL", endpoint.toString(),
                "AWS_ACCESS_KEY_ID", "local",
                "AWS_SECRET_ACCESS_KEY", "local",
                "AWS_DEFAULT_REGION", "eu-central-1",
                "AWS_DEFAULT_OUTPUT", "json",
                "AWS_PAGER", "",
                "AWS_CONFIG_FILE", folder.resolve("no-config").toString(),
                "AWS_SHARED_CREDENTIALS_FILE", folder.resolve("no-credentials").toString(),
                "NO_PROXY", "127.0.0.1"));
    }
}
