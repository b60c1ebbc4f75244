package io.parley.local.deployed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.local.contract.Absence;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;

/** The emulator of terraform/emulator on a free port, until it is closed. */
public final class Emulator implements AutoCloseable {

    static final String REGION = Region.EU_CENTRAL_1.id();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PYTHON = "python3";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final URI uri;

    private Emulator(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /** Skips the test with one line where Python has no moto, or fails if PARLEY_REQUIRE has {@code emulator}. */
    static void require() {
        try {
            Process probe = new ProcessBuilder(PYTHON, "-c", "import moto.server")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (probe.waitFor() == 0) {
                return;
            }
        } catch (IOException e) {
            // There is no Python.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        Absence.skipUnlessRequired("emulator", "python3 cannot import moto.server");
    }

    /** Starts it; what it prints goes to the file. */
    static Emulator start(Path program, Path log) {
        try {
            int port;
            try (ServerSocket probe = new ServerSocket(0)) {
                port = probe.getLocalPort();
            }
            Process process = new ProcessBuilder(
                            PYTHON, program.toString(), "-H", "127.0.0.1", "-p", String.valueOf(port))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            Instant end = Instant.now().plus(Duration.ofSeconds(60));
            while (!accepts(port)) {
                if (!process.isAlive() || Instant.now().isAfter(end)) {
                    process.destroy();
                    throw new IllegalStateException("the emulator did not open its port, see " + log);
                }
                Thread.onSpinWait();
            }
            return new Emulator(process, URI.create("http://127.0.0.1:" + port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean accepts(int port) {
        try (Socket ignored = new Socket("127.0.0.1", port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public URI uri() {
        return uri;
    }

    /** Points any SDK client builder here, with credentials that mean nothing while rights are not enforced. */
    public <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(uri)
                .region(Region.of(REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
    }

    /** What a process needs to take this for AWS, and none of its user's own settings. */
    public Map<String, String> environment() {
        String nowhere = File.separator + "nonexistent";
        return Map.of(
                "AWS_ENDPOINT_URL",
                uri.toString(),
                "AWS_REGION",
                REGION,
                "AWS_ACCESS_KEY_ID",
                "local",
                "AWS_SECRET_ACCESS_KEY",
                "local",
                "AWS_EC2_METADATA_DISABLED",
                "true",
                "AWS_CONFIG_FILE",
                nowhere,
                "AWS_SHARED_CREDENTIALS_FILE",
                nowhere,
                "NO_PROXY",
                uri.getHost());
    }

    /** From now on every request is judged by the policies of who signed it, or none is. */
    public void enforceRights(boolean enforced) {
        post(HttpRequest.newBuilder(uri.resolve("/moto-api/reset-auth")), enforced ? "0" : "inf");
    }

    /** An action of Managed Flink: the SDK's module for it is not everywhere to be had. */
    JsonNode flink(String action, Map<String, ?> request) {
        return json("kinesisanalytics", "KinesisAnalytics_20180523." + action, request);
    }

    /** An action of CloudWatch: the SDK speaks CBOR to it, which moto does not. */
    JsonNode cloudWatch(String action, Map<String, ?> request) {
        return json("monitoring", "GraniteServiceVersion20100801." + action, request);
    }

    private JsonNode json(String service, String target, Map<String, ?> request) {
        try {
            return post(
                    HttpRequest.newBuilder(uri)
                            .header("Content-Type", "application/x-amz-json-1.0")
                            .header("X-Amz-Target", target)
                            .header(
                                    "Authorization",
                                    "AWS4-HMAC-SHA256 Credential=local/20261123/" + REGION + "/" + service
                                            + "/aws4_request, SignedHeaders=host, Signature=none"),
                    JSON.writeValueAsString(request));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode post(HttpRequest.Builder request, String body) {
        try {
            HttpResponse<String> answer = http.send(
                    request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("the emulator answered " + answer.statusCode() + ": " + answer.body());
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
