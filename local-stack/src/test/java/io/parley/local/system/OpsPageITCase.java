package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.client.SpeakerStream;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceListener;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.job.JobOptions.StreamReader;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the operator's page is given is what happens in the system. */
class OpsPageITCase {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROOM = "operated";
    private static final int CHUNKS = 15;
    private static final int FRAMES = 5;
    /** Each speaker leaves out that many of its chunks. */
    private static final int LEFT_OUT = 1;

    private static LocalStack stack;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        stack = LocalStack.start(StackOptions.onFreePorts()
                .withStream(StreamReader.EFO, 2)
                .withJobSettings(Map.of("job.checkpoint-interval-ms", "1000", "job.parallelism", "2"))
                .withRoomSettings(Map.of(
                        "room.max-hold-ms", "3000",
                        "room.max-held-frames", "500",
                        "room.playout-deadline-ms", "30000")));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void whatSpeakersSendAndListenersGetIsWhatThePageShows() throws Exception {
        Eventually.until("a snapshot is taken", () -> latest().has("counts"));
        JsonNode before = latest();
        List<VoiceClient> clients = new ArrayList<>();
        Ear ear = new Ear();
        VoiceClient listener = Player.connect(stack, "listener", ear);
        clients.add(listener);
        listener.join(ROOM, "listener").get(30, TimeUnit.SECONDS);
        for (String name : List.of("ann", "ben")) {
            VoiceClient speaker = Player.connect(stack, name, new VoiceListener() {});
            clients.add(speaker);
            String participant =
                    speaker.join(ROOM, name).get(30, TimeUnit.SECONDS).participant();
            speak(speaker, participant);
        }
        try (RawClient stranger = RawClient.connect(stack.credentials(), stack.token("stranger"))) {
            byte[] chunk = new ChunkBuilder(Codec.OPUS, 20_000, 0, 0, 0)
                    .frame(30, new byte[] {1})
                    .build();
            stranger.sendAction(
                    "sendaudio", "room", ROOM, "chunk", Base64.getEncoder().encodeToString(chunk));
            stranger.awaitAction("error");
        }

        int sent = 2 * (CHUNKS - LEFT_OUT) * FRAMES;
        int lost = 2 * LEFT_OUT * FRAMES;
        Eventually.until("the listener has it all", () -> ear.frames() == sent && ear.losses() == lost);
        Eventually.until("the room in use is shown with its frames", () -> {
            JsonNode room = room(data());
            return room.path("frames").asInt() == sent
                    && room.path("listeners").asInt() == 3
                    && room.path("ticks").asInt() >= ear.ticks.size();
        });
        Eventually.until("what was sent and heard is counted", () -> {
            JsonNode now = latest();
            return growth(before, now, "counts", "framesTaken") == sent
                    && growth(before, now, "counts", "framesPlayed") == sent
                    && growth(before, now, "notPlayed", "lost") == lost
                    && growth(before, now, "counts", "ticks") >= ear.ticks.size()
                    && growth(before, now, "counts", "posts") >= ear.ticks.size()
                    && growth(before, now, "refused", "not_joined") == 1
                    && now.path("connections").asInt() == 3;
        });
        JsonNode now = latest();
        for (String hop : List.of("GATEWAY", "INGEST", "STREAM", "TICK", "BROADCAST", "POST", "WHOLE")) {
            assertThat(highestCount(hop)).as(hop).isPositive();
        }
        assertThat(highestCount("ANSWER")).isPositive();
        assertThat(now.path("job").path("tasks"))
                .isNotEmpty()
                .allSatisfy(task -> assertThat(task.path("parallelism").asInt()).isEqualTo(2));
        assertThat(now.path("job").path("iteratorAgeMs")).hasSize(2);
        Eventually.until(
                "checkpoints are counted",
                () -> latest().path("job").path("checkpoints").path("completed").asInt() > 1);
        assertThat(now.path("job").path("restarts").asInt()).isZero();
        assertThat(now.has("usdPerHour")).isFalse();

        clients.forEach(VoiceClient::close);
        Eventually.until(
                "nobody is connected any more",
                () -> latest().path("connections").asInt() == 0);
    }

    @Test
    void onlyWhatIsNewIsGivenToWhoHasTheRest() throws Exception {
        Eventually.until(
                "there are several snapshots", () -> data().path("snapshots").size() > 3);
        JsonNode all = data().path("snapshots");
        long secondToLast = all.path(all.size() - 2).path("atMs").asLong();
        JsonNode newer =
                JSON.readTree(get("/ops/data?after=" + secondToLast).body()).path("snapshots");
        assertThat(newer.size()).isBetween(1, all.size() - 1);
        assertThat(newer)
                .allSatisfy(one -> assertThat(one.path("atMs").asLong()).isGreaterThan(secondToLast));
        assertThat(get("/ops/data?after=yesterday").statusCode()).isEqualTo(400);
    }

    @Test
    void thePageAndItsChartLibraryAreServedAndItSaysWhereFlinksOwnPageIs() throws Exception {
        for (String path : List.of("/ops/", "/ops/ops.js", "/ops/ops.css", "/ops/uplot.js", "/ops/uplot.css")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(get("/ops").headers().firstValue("Location")).contains("ops/");
        assertThat(JSON.readTree(get("/ops/config.json").body()).path("flink").asText())
                .isEqualTo(stack.credentials().flink());
    }

    @Test
    void anotherSitesPageLearnsNothing() throws Exception {
        assertThat(statusLine("rebound.example")).contains(" 403 ");
        assertThat(statusLine("127.0.0.1")).contains(" 200 ");
        HttpRequest crossSite = HttpRequest.newBuilder(uri("/ops/data"))
                .header("Origin", "http://other.example")
                .header("Sec-Fetch-Site", "cross-site")
                .build();
        assertThat(HTTP.send(crossSite, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
    }

    /** Sends all chunks but the second to last, at the pace of speech, and asks for the times of their hops. */
    private static void speak(VoiceClient client, String participant) throws Exception {
        SpeakerStream stream = client.speaker(ROOM, Codec.OPUS, 20_000, FRAMES).traced();
        for (int c = 0; c < CHUNKS - 2; c++) {
            for (int f = 0; f < FRAMES; f++) {
                int sequence = (int) stream.nextSequence();
                stream.frame(30, Ear.payload(participant, sequence), System.currentTimeMillis());
            }
            TimeUnit.MILLISECONDS.sleep(40);
        }
        int sequence = (int) stream.nextSequence() + LEFT_OUT * FRAMES;
        ChunkBuilder last = new ChunkBuilder(Codec.OPUS, 20_000, sequence, (long) (CHUNKS - 1) * FRAMES, 0);
        for (int f = 0; f < FRAMES; f++) {
            last.frame(30, Ear.payload(participant, sequence + f));
        }
        client.sendChunk(ROOM, last.flag(Chunk.FLAG_END_OF_SPURT).build());
    }

    private static long growth(JsonNode before, JsonNode now, String group, String name) {
        return now.path(group).path(name).asLong()
                - before.path(group).path(name).asLong();
    }

    private static int highestCount(String hop) throws Exception {
        int highest = 0;
        for (JsonNode snapshot : data().path("snapshots")) {
            highest = Math.max(
                    highest, snapshot.path("hops").path(hop).path("count").asInt());
        }
        return highest;
    }

    private static JsonNode room(JsonNode data) {
        for (JsonNode room : data.path("rooms")) {
            if (room.path("room").asText().equals(ROOM)) {
                return room;
            }
        }
        return JSON.createObjectNode();
    }

    private static JsonNode latest() throws Exception {
        JsonNode snapshots = data().path("snapshots");
        return snapshots.path(snapshots.size() - 1);
    }

    private static JsonNode data() throws Exception {
        return JSON.readTree(get("/ops/data").body());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(String path) {
        return URI.create(stack.credentials().pages() + path);
    }

    private static String statusLine(String host) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", uri("/").getPort())) {
            socket.getOutputStream()
                    .write(("GET /ops/data HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }
}
