package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** What is wrong is refused with its place in the catalogue, and nothing else is disturbed. */
class BadInputITCase {

    private static LocalStack stack;

    @BeforeAll
    static void start() throws Exception {
        stack = LocalStack.start(StackOptions.onFreePorts());
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    private static RawClient connect(String user) throws Exception {
        return RawClient.connect(stack.credentials(), stack.token(user));
    }

    private static RawClient joined(String user, String room) throws Exception {
        RawClient client = connect(user);
        client.send("{\"action\":\"join\",\"room\":\"" + room + "\"}");
        client.awaitAction("joined");
        return client;
    }

    private static String chunk(int sequence) {
        return Base64.getEncoder()
                .encodeToString(new ChunkBuilder(Codec.OPUS, 20_000, sequence, sequence, 0)
                        .frame(20, new byte[] {(byte) (19 << 3), 1})
                        .build());
    }

    private static String audio(String room, String chunk) {
        return "{\"action\":\"sendaudio\",\"room\":\"" + room + "\",\"chunk\":\"" + chunk + "\"}";
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "bad_json          | hello",
                "bad_json          | [1,2]",
                "unknown_action    | {\"action\":\"dance\"}",
                "bad_room          | {\"action\":\"join\",\"room\":\"a room\"}",
                "bad_base64        | {\"action\":\"sendaudio\",\"room\":\"bad\",\"chunk\":\"***\"}",
                "chunk_truncated   | {\"action\":\"sendaudio\",\"room\":\"bad\",\"chunk\":\"AQAAAQ==\"}",
                "chunk_version     | {\"action\":\"sendaudio\",\"room\":\"bad\",\"chunk\":\"CQAAAQ==\"}",
                "frame_toc         | {\"action\":\"sendaudio\",\"room\":\"bad\",\"chunk\":\"AQAAAQAAAAAAAAAATiAAAAAAAAAAAAACFACQAQ==\"}",
                "not_joined        | {\"action\":\"sendaudio\",\"room\":\"elsewhere\",\"chunk\":\"@\"}",
            })
    void isRefusedByItsCodeAndTheConnectionGoesOn(String code, String message) throws Exception {
        try (RawClient client = joined("bad-" + code, "bad")) {
            client.send(message.trim().replace("@", chunk(0)));

            JsonNode error = client.awaitAction("error");
            assertThat(error.path("code").asText()).isEqualTo(code.trim());
            assertThat(error.path("text").asText()).isNotBlank();
            assertThat(error.path("cure").asText()).isNotBlank();
            assertThat(error.toString()).doesNotContain("Exception");

            client.send("{\"action\":\"ping\",\"time\":5}");
            assertThat(client.awaitAction("pong").path("time").asLong()).isEqualTo(5);
        }
    }

    @Test
    void aMessageThatTheGatewayTakesButIsOverOurLimitIsRefused() throws Exception {
        try (RawClient client = joined("wordy", "bad")) {
            client.send(audio("bad", "A".repeat(31_000)));

            assertThat(client.awaitAction("error").path("code").asText()).isEqualTo("message_too_large");
        }
    }

    @Test
    void aRefusedChunkIsReportedAsFailedWithItsReason() throws Exception {
        try (RawClient client = joined("reported", "bad")) {
            client.send(audio("bad", "AQAAAQ=="));

            var failed = stack.events()
                    .whenSeen(
                            1,
                            event -> event.detail().path("status").asText().equals("FAILED")
                                    && event.detail().path("reason").asText().equals("chunk_truncated"))
                    .get(30, TimeUnit.SECONDS);
            assertThat(failed).isNotEmpty();
        }
    }

    @Test
    void theGatewayItselfClosesBinaryFramesAndOversize() throws Exception {
        try (RawClient binary = connect("binary");
                RawClient large = connect("large")) {
            binary.sendBinary(new byte[] {1, 2, 3});
            large.send("x".repeat(129 * 1024));

            assertThat(binary.awaitClose()).isEqualTo(1003);
            assertThat(large.awaitClose()).isEqualTo(1009);
        }
    }

    /** A page that rebinds its name to this machine sends that name as Host, to whichever port it likes. */
    @Test
    void everyPortThatSpeaksHttpRefusesAHostThatIsNotThisMachine() throws Exception {
        for (String url : List.of(
                stack.credentials().url(),
                stack.credentials().edge(),
                stack.credentials().flink())) {
            int port = URI.create(url).getPort();

            assertThat(statusLine(url, "127.0.0.1:" + port)).as(url).doesNotContain(" 403 ");
            assertThat(statusLine(url, "rebound.example:" + port)).as(url).contains(" 403 ");
            assertThat(statusLine(url, "127.0.0.1.rebound.example")).as(url).contains(" 403 ");
        }
    }

    private static String statusLine(String url, String host) throws Exception {
        URI uri = URI.create(url);
        try (Socket socket = new Socket("127.0.0.1", uri.getPort())) {
            socket.getOutputStream()
                    .write(("GET " + (uri.getPath().isEmpty() ? "/" : uri.getPath()) + " HTTP/1.1\r\nHost: " + host
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void poisonInTheStreamNeverStopsTheJob() throws Exception {
        try (RawClient speaker = joined("poison-speaker", "poison");
                RawClient listener = joined("poison-listener", "poison");
                KinesisAsyncClient kinesis = KinesisAsyncClient.builder()
                        .endpointOverride(URI.create(stack.credentials().edge()))
                        .region(Region.of(LocalStack.REGION))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                        .build()) {
            for (int i = 0; i < 20; i++) {
                byte[] poison = new byte[i * 7];
                new java.util.Random(i).nextBytes(poison);
                if (poison.length > 0) {
                    kinesis.putRecord(put -> put.streamName(LocalStack.STREAM)
                                    .partitionKey("poison")
                                    .data(SdkBytes.fromByteArray(poison)))
                            .get(30, TimeUnit.SECONDS);
                }
            }
            speaker.send(audio("poison", chunk(0)));

            listener.await(message -> message.path("action").asText().equals("tick")
                    && message.toString().contains("\"frames\""));
        }
    }

    @Test
    void aListenerWhoseConnectionWasCutIsCleanedUpThoughNoDisconnectCame() throws Exception {
        RawClient gone = joined("gone", "cleanup");
        gone.send("{\"action\":\"ping\"}");
        String connection =
                gone.awaitAction("pong").path("data").path("connectionId").asText();
        stack.loseDisconnectOf(connection);
        try (RawClient speaker = joined("cleanup-speaker", "cleanup")) {
            gone.cut();
            Eventually.until("the room sees the gone listener leave", () -> {
                speaker.send(audio("cleanup", chunk((int) (System.nanoTime() >>> 20))));
                return speaker.has(message -> message.path("action").asText().equals("tick")
                        && message.toString().contains("\"left\""));
            });
        }
    }

    @Test
    void aWebPageCanNeitherRunCodeInTheJobsClusterNorReadIt() throws Exception {
        HttpClient browser = HttpClient.newHttpClient();
        URI flink = URI.create(stack.credentials().flink() + "/");
        HttpResponse<String> jars = browser.send(
                HttpRequest.newBuilder(flink.resolve("jars")).build(), HttpResponse.BodyHandlers.ofString());
        HttpResponse<String> overview = browser.send(
                HttpRequest.newBuilder(flink.resolve("jobs/overview"))
                        .header("Origin", "http://page.example")
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(jars.statusCode())
                .as("uploaded jars: there is no such thing")
                .isEqualTo(404);
        assertThat(overview.statusCode()).isEqualTo(200);
        assertThat(overview.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValueSatisfying(allowed -> assertThat(allowed).doesNotContain("*", "page.example"));
    }

    @Test
    void anUpgradeWithoutTokenOrApiKeyIsRefused() throws Exception {
        var credentials = stack.credentials();
        assertThat(RefusedUpgrade.status(credentials.url(), null, credentials.aliceToken()))
                .isEqualTo(403);
        assertThat(RefusedUpgrade.status(credentials.url(), credentials.apiKey(), null))
                .isEqualTo(401);
        assertThat(RefusedUpgrade.status(credentials.url(), credentials.apiKey(), "not.a.token"))
                .isEqualTo(401);
        assertThat(RefusedUpgrade.status(credentials.url(), "wrong", credentials.aliceToken()))
                .isEqualTo(403);
    }
}
