package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.core.wire.LogFrame;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Somebody floods a room in which two others speak. */
class FloodITCase {

    private static LocalStack stack;
    private static Archive archive;

    @BeforeAll
    static void start() throws Exception {
        stack = LocalStack.start(StackOptions.onFreePorts()
                .withArchive(ArchiveMode.SEGMENT, EventGranularity.NONE)
                .withJobSettings(Map.of("job.checkpoint-interval-ms", "500"))
                .withRoomSettings(Map.of(
                        "room.max-hold-ms", "3000",
                        "room.max-held-frames", "500",
                        "room.playout-deadline-ms", "30000")));
        archive = new Archive(stack);
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void whoFloodsIsToldOnceASecondThenSuspendedAndNobodyElseNotices() throws Exception {
        String room = "flooded";
        String eve = stack.participant("eve");
        try (Player ann = Player.joined(stack, "ann", room);
                Player ben = Player.joined(stack, "ben", room);
                RawClient flooder = joined("eve", room);
                Conversation others = Conversation.of(ann, ben)) {
            others.goOn(1);
            long beganNs = System.nanoTime();
            CompletableFuture<Integer> closed = CompletableFuture.supplyAsync(() -> flood(flooder, room, eve));
            int sent = closed.get(60, TimeUnit.SECONDS);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNs);
            others.goOn(1);
            others.end();

            JsonNode bye = flooder.awaitAction("bye");
            assertThat(bye.path("reason").asText()).isEqualTo("suspended");
            assertThat(bye.path("reconnect").asBoolean(true)).isFalse();
            List<JsonNode> errors = flooder.received().stream()
                    .filter(message -> message.path("action").asText().equals("error"))
                    .toList();
            assertThat(errors).hasSizeBetween(1, (int) seconds + 1).allSatisfy(error -> {
                assertThat(error.path("code").asText()).isEqualTo("rate_limited");
                assertThat(error.path("for").asText()).isEqualTo("sendaudio");
            });
            assertThat(RefusedUpgrade.status(
                            stack.credentials().url(), stack.credentials().apiKey(), stack.token("eve")))
                    .isEqualTo(403);
            assertThat(stack.events().events())
                    .filteredOn(event -> event.detail()
                            .path("message")
                            .path("author")
                            .asText()
                            .equals(eve))
                    .as("one a second of ingest, and one of the job")
                    .hasSizeBetween(1, 2 * (int) seconds + 2)
                    .allSatisfy(event ->
                            assertThat(event.detail().path("reason").asText()).isEqualTo("rate_limited"));

            assertHeardEachOther(ann, ben);
            assertThat(ann.ear().heard(eve).size()).isLessThan(sent);
            assertLogHas(room, ann, ben);
        }
    }

    @Test
    void whatIsSaidBeyondTheRoomsRateIsNotPlayedAndNobodyElseNotices() throws Exception {
        String room = "talkative";
        String eve = stack.participant("eva");
        try (Player ann = Player.joined(stack, "amy", room);
                Player ben = Player.joined(stack, "bob", room);
                RawClient hasty = joined("eva", room);
                Conversation others = Conversation.of(ann, ben)) {
            int said = 0;
            for (int i = 0; i < 50; i++) {
                hasty.send(audio(room, eve, said, 10));
                said += 10;
                // Four times the pace of speech.
                TimeUnit.MILLISECONDS.sleep(50);
            }
            others.goOn(1);
            others.end();

            assertHeardEachOther(ann, ben);
            assertLogHas(room, ann, ben);
            int all = said;
            Eventually.until(
                    "the log says what became of all that was said",
                    () -> archive.framesInLog(room).getOrDefault(eve, List.of()).size()
                                    + archive.notPlayed(room).size()
                            == all);
            assertThat(archive.notPlayed(room)).hasSizeBetween(100, all - 100).allSatisfy(frame -> {
                assertThat(frame.getParticipant()).isEqualTo(eve);
                assertThat(frame.getDisposition()).isEqualTo(LogFrame.Disposition.LIMITED);
            });
            assertThat(hasty.has(message -> message.path("action").asText().equals("bye")))
                    .isFalse();
        }
    }

    private static void assertHeardEachOther(Player ann, Player ben) throws Exception {
        for (List<Player> pair : List.of(List.of(ann, ben), List.of(ben, ann))) {
            Player speaker = pair.get(0);
            Ear ear = pair.get(1).ear();
            Eventually.until(
                    "all that was said is heard",
                    () -> ear.heard(speaker.participant()).size()
                                    + ear.lost(speaker.participant()).size()
                            >= speaker.said().size());
            assertThat(ear.heard(speaker.participant())).isEqualTo(speaker.said());
            assertThat(ear.altered).isEmpty();
            assertThat(ear.errors).isEmpty();
            assertThat(ear.missedTicks()).isZero();
            assertThat(ear.chainBreaks()).isZero();
        }
    }

    private static void assertLogHas(String room, Player... speakers) throws Exception {
        for (Player speaker : speakers) {
            Eventually.until(
                    "the log has all that was said",
                    () -> archive.framesInLog(room)
                            .getOrDefault(speaker.participant(), List.of())
                            .equals(speaker.said()));
        }
        assertThat(TickLogCheck.findings(room, archive.ticksInLog(room))).isEmpty();
    }

    /** Sends some 500 messages a second until the server has closed; gives how many. */
    private static int flood(RawClient client, String room, String participant) {
        int sent = 0;
        try {
            while (!client.isClosed()) {
                for (int i = 0; i < 25; i++) {
                    client.send(audio(room, participant, sent++, 1));
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        } catch (Exception e) {
            // It was closed while a message was on its way.
        }
        return sent;
    }

    private static RawClient joined(String user, String room) throws Exception {
        RawClient client = RawClient.connect(stack.credentials(), stack.token(user));
        client.send("{\"action\":\"join\",\"room\":\"" + room + "\"}");
        client.awaitAction("joined");
        return client;
    }

    private static String audio(String room, String participant, int sequence, int frames) {
        ChunkBuilder chunk = new ChunkBuilder(Codec.OPUS, 20_000, sequence, sequence, 0);
        for (int f = 0; f < frames; f++) {
            chunk.frame(30, Ear.payload(participant, sequence + f));
        }
        return "{\"action\":\"sendaudio\",\"room\":\"" + room + "\",\"chunk\":\""
                + Base64.getEncoder().encodeToString(chunk.build()) + "\"}";
    }
}
