package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.client.TokenSource;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceClientOptions;
import io.parley.client.VoiceListener;
import io.parley.client.VoiceRoom;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.local.docs.DescribedEvents;
import io.parley.local.docs.DescribedMessages;
import io.parley.local.events.EventLog;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What goes over the sockets and the bus in a live session is what docs/asyncapi.yaml and
 * docs/events/send-audio-event.schema.json describe: no message, and no field, more.
 */
class DescribedMessagesITCase {

    private static final String ROOM = "described";
    private static final String TALK = "talk";

    private static final DescribedMessages MESSAGES = new DescribedMessages();
    private static final DescribedEvents EVENTS = new DescribedEvents();
    private static final List<JsonNode> SEEN = new CopyOnWriteArrayList<>();
    private static LocalStack stack;
    private static EventLog.Subscription tap;

    @BeforeAll
    static void start() throws Exception {
        stack = LocalStack.start(StackOptions.onFreePorts().withArchive(ArchiveMode.CHUNK, EventGranularity.CHUNK));
        tap = stack.events().subscribe(event -> SEEN.add(event.envelope()));
    }

    @AfterAll
    static void stop() {
        tap.close();
        stack.close();
    }

    private static VoiceClient connect(String user, Recorder recorder, VoiceListener listener) throws Exception {
        VoiceClient client = VoiceClient.create(
                VoiceClientOptions.of(URI.create(stack.credentials().url()))
                        .withApiKey(stack.credentials().apiKey())
                        .withTokens(TokenSource.fixed(stack.token(user))),
                listener,
                recorder);
        client.connect().get(30, TimeUnit.SECONDS);
        return client;
    }

    private static byte[] chunk(String participant, int sequence, int flags) {
        ChunkBuilder chunk = new ChunkBuilder(Codec.OPUS, 20_000, sequence, sequence, 1_700_000_000_000L);
        for (int f = 0; f < 5; f++) {
            chunk.frame(30, Ear.payload(participant, sequence + f));
        }
        return chunk.flag(flags).build();
    }

    @Test
    void aSessionOfTheJavaClient() throws Exception {
        Recorder recorder = new Recorder();
        Ear ear = new Ear();
        try (VoiceClient speaker = connect("speaker", recorder, new VoiceListener() {});
                VoiceClient listener = connect("listener", recorder, ear)) {
            listener.join(ROOM, "Listener").get(30, TimeUnit.SECONDS);
            String participant =
                    speaker.join(ROOM, "Speaker").get(30, TimeUnit.SECONDS).participant();
            speaker.sendChunk(ROOM, chunk(participant, 0, Chunk.FLAG_TRACE)).get(30, TimeUnit.SECONDS);
            // Chunk 5 is never sent.
            speaker.sendChunk(ROOM, chunk(participant, 10, 0)).get(30, TimeUnit.SECONDS);
            speaker.sendChunk(ROOM, chunk(participant, 15, Chunk.FLAG_END_OF_SPURT))
                    .get(30, TimeUnit.SECONDS);
            listener.ping().get(30, TimeUnit.SECONDS);
            listener.probe(ROOM).get(30, TimeUnit.SECONDS);
            Eventually.until("the speech is heard and its gap declared", () -> ear.frames() == 15 && ear.losses() == 5);
            speaker.leave(ROOM).get(30, TimeUnit.SECONDS);
            Eventually.until(
                    "the speaker is seen to leave", () -> kinds(recorder).contains("left"));
            assertThat(ear.chainBreaks()).isZero();
        }

        assertDescribed(recorder);
        assertThat(kinds(recorder)).contains("joined", "stream", "speaking", "stopped", "lost", "left");
        Eventually.until(
                "a chunk is taken in, ordered and broadcast, and one of them lost its place",
                () -> statuses().containsAll(Set.of("PENDING", "PROCESSING", "COMPLETED")));
        assertEventsDescribed();
    }

    /** Nobody moderates in an open room, so what a moderator sends is refused here; it is described all the same. */
    @Test
    void everythingThatTheJavaClientCanSay() throws Exception {
        Recorder recorder = new Recorder();
        try (VoiceClient other = connect("other", recorder, new VoiceListener() {});
                VoiceClient client = connect("talker", recorder, new VoiceListener() {})) {
            String otherOne = other.join(TALK).get(30, TimeUnit.SECONDS).participant();
            String participant =
                    client.join(TALK, "Talker").get(30, TimeUnit.SECONDS).participant();
            VoiceRoom room = client.room(TALK);
            room.selfMute().get(30, TimeUnit.SECONDS);
            room.selfUnmute().get(30, TimeUnit.SECONDS);
            room.deafen().get(30, TimeUnit.SECONDS);
            room.undeafen().get(30, TimeUnit.SECONDS);
            room.block(otherOne).get(30, TimeUnit.SECONDS);
            room.unblock(otherOne).get(30, TimeUnit.SECONDS);
            room.say("Hello").get(30, TimeUnit.SECONDS);
            room.renew().get(30, TimeUnit.SECONDS);
            client.ping().get(30, TimeUnit.SECONDS);
            client.probe(TALK).get(30, TimeUnit.SECONDS);
            client.sendChunk(TALK, chunk(participant, 0, 0)).get(30, TimeUnit.SECONDS);
            for (CompletableFuture<Void> refused : List.of(
                    room.mute(otherOne, "Too loud"),
                    room.unmute(otherOne),
                    room.kick(otherOne, "Too loud"),
                    room.ban(otherOne, Duration.ofMinutes(5), "Too loud"),
                    room.unban(otherOne),
                    room.muteRoom(),
                    room.unmuteRoom(),
                    room.lock(),
                    room.unlock(),
                    room.setPushToTalk(true),
                    room.setRecording(false))) {
                // Only the first is told why: errors are at most one a second.
                assertThatThrownBy(() -> refused.get(30, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            }
            client.replaceConnection().get(30, TimeUnit.SECONDS);
            client.switchRoom(TALK, ROOM, "Talker").get(30, TimeUnit.SECONDS);
            client.leave(ROOM).get(30, TimeUnit.SECONDS);
            Eventually.until("the other one has seen it", () -> kinds(recorder).contains("left"));
        }

        assertDescribed(recorder);
        Set<String> described = new TreeSet<>(MESSAGES.clientActions());
        described.remove("audio"); // another name of sendaudio
        assertThat(actions(recorder.sent())).containsExactlyInAnyOrderElementsOf(described);
        assertThat(actions(recorder.received())).contains("accepted", "joined", "tick", "error", "pong", "probe");
        assertThat(kinds(recorder)).contains("joined", "presence", "said", "left");
    }

    @Test
    void refusalsAndTheirEvents() throws Exception {
        List<JsonNode> errors = new ArrayList<>();
        for (String message : List.of(
                "hello",
                "{\"action\":\"dance\",\"id\":\"1\"}",
                "{\"action\":\"join\",\"room\":\"a room\"}",
                "{\"action\":\"sendaudio\",\"room\":\"" + ROOM + "\",\"chunk\":\"AQAAAQ==\",\"id\":\"2\"}",
                "{\"action\":\"audio\",\"room\":\"elsewhere\",\"chunk\":\"*\"}",
                "{\"action\":\"probe\",\"room\":\"elsewhere\"}")) {
            try (RawClient client = RawClient.connect(stack.credentials(), stack.token("wrong"))) {
                client.send(message);
                errors.add(client.awaitAction("error"));
            }
        }
        errors.forEach(error -> assertThat(MESSAGES.problemsFromServer(error)).isEmpty());
        Eventually.until("the refusal is reported", () -> statuses().contains("FAILED"));
        assertEventsDescribed();
    }

    /** The other way round: nothing is described that ingest does not know. */
    @Test
    void everyActionThatIsDescribedIsServed() throws Exception {
        for (String action : MESSAGES.clientActions()) {
            try (RawClient client = RawClient.connect(stack.credentials(), stack.token("curious"))) {
                client.send("{\"action\":\"" + action + "\",\"room\":\"nowhere\"}");
                JsonNode answer = client.await(message -> true);
                assertThat(answer.path("code").asText())
                        .as("the answer to %s", action)
                        .isNotEqualTo("unknown_action");
                assertThat(MESSAGES.problemsFromServer(answer)).isEmpty();
            }
        }
    }

    private static void assertDescribed(Recorder recorder) {
        assertThat(recorder.sent()).isNotEmpty();
        assertThat(recorder.sent().stream().map(MESSAGES::problemsFromClient).flatMap(List::stream))
                .isEmpty();
        assertThat(recorder.received()).isNotEmpty();
        assertThat(recorder.received().stream()
                        .map(MESSAGES::problemsFromServer)
                        .flatMap(List::stream))
                .isEmpty();
    }

    private static void assertEventsDescribed() {
        assertThat(SEEN.stream().map(EVENTS::problems).flatMap(List::stream)).isEmpty();
    }

    private static Set<String> actions(List<JsonNode> messages) {
        return messages.stream().map(message -> message.path("action").asText()).collect(Collectors.toSet());
    }

    private static Set<String> statuses() {
        return SEEN.stream()
                .map(event -> event.path("detail").path("status").asText())
                .collect(Collectors.toSet());
    }

    /** The kinds of all events of all ticks that came. */
    private static Set<String> kinds(Recorder recorder) {
        Set<String> kinds = new TreeSet<>();
        for (JsonNode message : recorder.received()) {
            message.path("ticks")
                    .forEach(tick -> tick.path("events")
                            .forEach(event -> kinds.add(event.path("kind").asText())));
        }
        return kinds;
    }
}
