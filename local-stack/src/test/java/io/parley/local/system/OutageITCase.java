package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.local.edge.FaultSwitch;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;

/** A service fails while people speak: what can go on goes on, what does not is told, and it comes back by itself. */
class OutageITCase {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHUNKS = 10;

    private static LocalStack stack;
    private static int rooms;

    private String room;
    private Player speaker;
    private Player listener;

    @BeforeAll
    static void start() throws Exception {
        stack = LocalStack.start(StackOptions.onFreePorts()
                .withArchive(ArchiveMode.BOTH, EventGranularity.CHUNK)
                .withJobSettings(Map.of("job.checkpoint-interval-ms", "500"))
                // For the pauses of a busy machine.
                .withRoomSettings(Map.of("room.max-hold-ms", "3000", "room.playout-deadline-ms", "30000")));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @BeforeEach
    void join() throws Exception {
        room = "outage-" + ++rooms;
        listener = Player.joined(stack, "listener", room);
        speaker = Player.joined(stack, "speaker", room);
        speaker.speak(CHUNKS);
        awaitHeard(speaker.said());
    }

    @AfterEach
    void leave() {
        for (String service : List.of("s3", "events", "lambda", "dynamodb")) {
            stack.faults(service).mend();
        }
        speaker.close();
        listener.close();
    }

    @Test
    void withoutS3VoiceGoesOnAndTheTickLogCatchesUp() throws Exception {
        FaultSwitch s3 = stack.faults("s3");
        try (LogLines archive = LogLines.of("io.parley.ingest.ChunkArchive");
                LogLines tickLog = LogLines.of("io.parley.job.log.SegmentSpool")) {
            s3.fail();
            speaker.speak(CHUNKS);
            awaitHeard(speaker.said());
            assertThat(audioHandlersAnswer().path("archived").isBoolean()).isTrue();
            assertThat(audioHandlersAnswer().path("archived").asBoolean()).isFalse();
            Eventually.until(
                    "a segment of the tick log is spooled",
                    () -> !tickLog.with("could not be stored").isEmpty());
            assertThat(archive.with("a chunk was not kept"))
                    .as("a line for a burst, not for each of %s calls", s3.kept())
                    .hasSizeLessThan(CHUNKS / 2)
                    .isNotEmpty();
            s3.mend();
        }
        speaker.speak(CHUNKS);
        awaitHeard(speaker.said());
        assertUndisturbed();
        Archive archive = new Archive(stack);
        Eventually.until(
                "the tick log holds what was said meanwhile too",
                () -> archive.framesInLog(room)
                        .getOrDefault(speaker.participant(), List.of())
                        .containsAll(speaker.said()));
        assertThat(audioHandlersAnswer().has("archived")).isFalse();
    }

    @Test
    void withoutTheEventBusVoiceGoesOn() throws Exception {
        FaultSwitch events = stack.faults("events");
        try (LogLines ingest = LogLines.of("io.parley.ingest.StatusEvents");
                LogLines job = LogLines.of("io.parley.job.live.StatusReporter")) {
            events.fail();
            speaker.speak(CHUNKS);
            awaitHeard(speaker.said());
            assertThat(audioHandlersAnswer().path("reported").isBoolean()).isTrue();
            assertThat(audioHandlersAnswer().path("reported").asBoolean()).isFalse();
            Eventually.until(
                    "the job says so", () -> !job.with("could not be reached").isEmpty());
            assertThat(ingest.with("an event was not published")).isNotEmpty().hasSizeLessThan(CHUNKS / 2);
            assertThat(job.with("could not be reached")).hasSizeLessThan(CHUNKS / 2);
            events.mend();
        }
        int resumed = speaker.said().size();
        speaker.speak(CHUNKS);
        awaitHeard(speaker.said());
        assertUndisturbed();
        Eventually.until("chunks are reported again", () -> reported("COMPLETED", resumed, ""));
    }

    @Test
    void withoutTheBroadcastLambdaTicksAreMissedAndReportedAndThenVoiceGoesOn() throws Exception {
        FaultSwitch lambda = stack.faults("lambda");
        int failing = speaker.said().size();
        lambda.answerInstead(request -> request.response()
                .putHeader("X-Amz-Function-Error", "Unhandled")
                .end("{\"errorMessage\":\"switched off\",\"errorType\":\"OutageException\"}"));
        speaker.speak(CHUNKS);
        Eventually.until("the chunk is reported as failed", () -> reported("FAILED", failing, "broadcast_failed"));
        assertThat(listener.ear().heard(speaker.participant())).hasSize(failing);
        lambda.mend();

        Eventually.until("the listener hears again", () -> {
            speaker.speak();
            return listener.ear().heard(speaker.participant()).size() > failing;
        });
        Ear ear = listener.ear();
        assertThat(ear.missedTicks()).isPositive();
        assertThat(ear.losses()).as("nothing was lost before the ticks").isZero();
        assertUndisturbed();
        List<Integer> heard = ear.heard(speaker.participant());
        assertThat(heard).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void withoutTheTableWhoSpeaksIsToldAndThenVoiceGoesOn() throws Exception {
        FaultSwitch dynamoDb = stack.faults("dynamodb");
        int before = speaker.said().size();
        dynamoDb.fail();
        Eventually.until("the speaker is told", () -> {
            speaker.speak();
            return speaker.ear().errors.contains("unavailable");
        });
        assertThat(speaker.ear().errors).containsOnly("unavailable");
        speaker.speak(CHUNKS);
        dynamoDb.mend();
        int after = speaker.said().size();
        speaker.speak(CHUNKS);

        Ear ear = listener.ear();
        Eventually.until(
                "what was said is heard, or declared as lost",
                () -> ear.heard(speaker.participant()).size() + ear.losses()
                        == speaker.said().size());
        List<Integer> heard = ear.heard(speaker.participant());
        assertThat(heard).isSorted().doesNotHaveDuplicates();
        assertThat(heard.subList(0, before)).isEqualTo(speaker.said().subList(0, before));
        assertThat(heard)
                .containsAll(speaker.said().subList(after, speaker.said().size()));
        assertThat(ear.losses()).isPositive();
        assertThat(ear.missedTicks()).isZero();
        assertUndisturbed();
    }

    private void awaitHeard(List<Integer> expected) throws Exception {
        Eventually.until(
                "all that was said is heard, frame for frame",
                () -> listener.ear().heard(speaker.participant()).equals(expected));
    }

    /** The room has gone on in one epoch, so the job has not been restarted, and nothing was altered. */
    private void assertUndisturbed() {
        assertThat(listener.ear().epochs).hasSize(1);
        assertThat(listener.ear().chainBreaks()).isZero();
        assertThat(listener.ear().altered).isEmpty();
        assertThat(listener.ear().errors).isEmpty();
    }

    private boolean reported(String status, int fromSequence, String reason) {
        return stack.events().events().stream()
                .map(event -> event.detail())
                .anyMatch(detail -> detail.path("status").asText().equals(status)
                        && detail.path("reason").asText().equals(reason)
                        && detail.path("message").path("room").asText().equals(room)
                        && detail.path("message").path("sequence").asInt() >= fromSequence);
    }

    /** What the audio function says of one more chunk, of somebody else in another room; empty if all went well. */
    private JsonNode audioHandlersAnswer() throws Exception {
        String elsewhere = room + "-answer";
        try (RawClient other = RawClient.connect(stack.credentials(), stack.token("other"));
                LambdaAsyncClient lambda = LambdaAsyncClient.builder()
                        .endpointOverride(URI.create(stack.credentials().edge()))
                        .region(Region.of(LocalStack.REGION))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                        .build()) {
            other.send("{\"action\":\"join\",\"room\":\"" + elsewhere + "\"}");
            String participant = other.awaitAction("joined").path("participant").asText();
            other.send("{\"action\":\"ping\"}");
            String connection =
                    other.awaitAction("pong").path("data").path("connectionId").asText();
            ObjectNode event = JSON.createObjectNode();
            ObjectNode context = event.putObject("requestContext")
                    .put("routeKey", "sendaudio")
                    .put("connectionId", connection)
                    .put("requestId", "r-1")
                    .put("requestTimeEpoch", System.currentTimeMillis());
            context.putObject("authorizer").put("participant", participant);
            byte[] chunk = new ChunkBuilder(Codec.OPUS, 20_000, 0, 0, 0)
                    .frame(30, Ear.payload(participant, 0))
                    .build();
            event.put(
                    "body",
                    JSON.createObjectNode()
                            .put("action", "sendaudio")
                            .put("room", elsewhere)
                            .put("chunk", Base64.getEncoder().encodeToString(chunk))
                            .toString());
            JsonNode response = JSON.readTree(lambda.invoke(invoke ->
                            invoke.functionName("parley-audio").payload(SdkBytes.fromUtf8String(event.toString())))
                    .get(30, TimeUnit.SECONDS)
                    .payload()
                    .asByteArray());
            assertThat(response.path("statusCode").asInt())
                    .as(response.toString())
                    .isEqualTo(200);
            return response.path("body").isTextual()
                    ? JSON.readTree(response.path("body").asText())
                    : JSON.createObjectNode();
        }
    }
}
