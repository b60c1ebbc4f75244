package io.parley.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.parley.core.port.ConnectionPoster.Outcome;
import io.parley.core.tick.LiveFrames;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Joined;
import io.parley.core.wire.PostCounts;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.SeedSpeaker;
import io.parley.core.wire.Tick;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients of the original protocol among the listeners of a room. */
class SeedListenersTest {

    private static final int SEED = 1;
    private static final int PCM = 2;
    private static final int OPUS = 3;
    private static final long CLOSED_MS = 1_700_000_000_150L;

    private final FakeClock clock = new FakeClock();
    private final FakePoster poster = new FakePoster();
    private final FakeRegistry registry = new FakeRegistry()
            .member("lobby", "c1", "seed-c1", true)
            .member("lobby", "c2", "seed-c2", true)
            .listener("lobby", "c3");
    private final BroadcastMetrics metrics = new BroadcastMetrics("broadcast", clock, line -> {});
    private final FanOut fanOut = new FanOut(
            poster,
            registry,
            new FakeStream(),
            clock,
            new BroadcastOptions(64, Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(300), 10),
            Runnable::run,
            Runnable::run,
            metrics,
            DeliveryObserver.NONE);

    @Test
    void getAMessageForEachOtherSpeakerInTheirOwnFormat() throws IOException {
        BroadcastAnswer answer = broadcast(tick(1, frames(SEED, 7, 8), frames(PCM, 40, 41), frames(SEED, 9, 10)));

        assertThat(audio("c1")).containsExactly("Bob 40 41");
        assertThat(audio("c2")).containsExactly("Steve 7 8 9 10", "Bob 40 41");
        JsonNode message = new ObjectMapper().readTree(poster.posted("c1").get(0));
        assertThat(message.fieldNames()).toIterable().containsExactly("action", "data");
        assertThat(message.path("data").fieldNames()).toIterable().containsExactly("audio", "author", "timestamp");
        assertThat(message.path("action").asText()).isEqualTo("audio");
        assertThat(message.path("data").path("timestamp").asLong()).isEqualTo(CLOSED_MS);
        assertThat(poster.posted("c3")).hasSize(1).first().asString().startsWith("{\"action\":\"tick\"");
        assertThat(answer.getRooms(0).getCounts())
                .isEqualTo(PostCounts.newBuilder().setPosted(4).build());
    }

    @Test
    void shareTheBytesOfAMessage() {
        broadcast(tick(1, frames(PCM, 1, 2)));

        assertThat(poster.posted("c1")).isEqualTo(poster.posted("c2")).hasSize(1);
        assertThat(poster.arrays()).as("theirs and the tick").isEqualTo(2);
    }

    @Test
    void doNotHearOpusAndGetNothingOfATickWithoutSpeech() {
        broadcast(tick(1, frames(OPUS, 1, 2)), tick(2));

        assertThat(poster.posted("c1")).isEmpty();
        assertThat(poster.posted("c3")).hasSize(1);
    }

    @Test
    void getTicksThatWaitedTogetherOneByOne() throws IOException {
        broadcast(tick(1, frames(PCM, 1, 2)), tick(2, frames(PCM, 3, 4)));

        assertThat(audio("c1")).containsExactly("Bob 1 2", "Bob 3 4");
    }

    @Test
    void seeTheParticipantWhereASpeakerHasNoName() throws IOException {
        Tick nameless = tick(1, frames(PCM, 1, 2)).toBuilder()
                .clearSeedSpeakers()
                .addSeedSpeakers(speaker(PCM, "p-bob", ""))
                .build();
        broadcast(nameless);

        assertThat(audio("c1")).containsExactly("p-bob 1 2");
    }

    @Test
    void getNoneOfTheMessagesThatTheyDoNotKnow() {
        BroadcastRequest.Builder request = request();
        for (String participant : List.of("seed-c1", "p-c3")) {
            request.addPosts(DirectPost.newBuilder()
                    .setConnection(participant.substring(participant.indexOf('-') + 1))
                    .setRoom("lobby")
                    .setParticipant(participant)
                    .setJoined(Joined.getDefaultInstance()));
        }
        fanOut.broadcast(request.build());

        assertThat(poster.posted("c1")).isEmpty();
        assertThat(poster.posted("c3")).hasSize(1);
    }

    @Test
    void areNotForgottenWhileTheGatewayIsStillConnectingThem() throws IOException {
        registry.connected("c1", "seed-c1", clock.millis() - 500);
        poster.answer("c1", Outcome.GONE);

        broadcast(tick(1, frames(PCM, 1, 2)));
        broadcast(tick(2, frames(PCM, 3, 4)));

        assertThat(registry.forgotten()).isEmpty();
        assertThat(audio("c1")).containsExactly("Bob 1 2", "Bob 3 4");
        assertThat(metrics.count(BroadcastMetrics.Counter.DEPARTURES)).isZero();
    }

    @Test
    void leaveLikeAnyoneOnceTheyAreGoneForGood() {
        registry.connected("c1", "seed-c1", clock.millis() - Delivery.MAX_CONNECTING_MS);
        poster.answer("c1", Outcome.GONE).answer("c2", Outcome.GONE);

        broadcast(tick(1, frames(PCM, 1, 2)));
        broadcast(tick(2, frames(PCM, 3, 4)));

        assertThat(registry.forgotten()).containsExactlyInAnyOrder("c1", "c2");
        assertThat(poster.posted("c1")).hasSize(1);
        assertThat(poster.posted("c2")).as("of whom nothing is known any more").hasSize(1);
    }

    private BroadcastAnswer broadcast(Tick... ticks) {
        return fanOut.broadcast(request()
                .addRooms(RoomTicks.newBuilder()
                        .setRoom("lobby")
                        .setRosterVersion(1)
                        .addAllTicks(Arrays.asList(ticks)))
                .build());
    }

    private BroadcastRequest.Builder request() {
        return BroadcastRequest.newBuilder().setVersion(1).setDeliverBeforeMs(clock.millis() + 60_000);
    }

    /** A run of two frames, which say one byte each. */
    private record Frames(int stream, int first, int second) {}

    private static Frames frames(int stream, int first, int second) {
        return new Frames(stream, first, second);
    }

    private static Tick tick(long number, Frames... runs) {
        LiveFrames.Writer writer = new LiveFrames.Writer();
        Tick.Builder tick =
                Tick.newBuilder().setRoom("lobby").setEpoch(9).setTick(number).setCloseTimeMs(CLOSED_MS);
        for (Frames run : runs) {
            writer.add(run.stream(), run.first(), 20, new byte[] {(byte) run.first()}, 0, 1);
            writer.add(run.stream(), run.second(), 20, new byte[] {(byte) run.second()}, 0, 1);
        }
        if (runs.length > 0) {
            tick.addSeedSpeakers(speaker(SEED, "seed-c1", "Steve")).addSeedSpeakers(speaker(PCM, "p-bob", "Bob"));
        }
        return tick.setFrames(ByteString.copyFrom(writer.take()))
                .setHash(ByteString.copyFrom(new byte[32]))
                .build();
    }

    private static SeedSpeaker speaker(int stream, String participant, String name) {
        return SeedSpeaker.newBuilder()
                .setStream(stream)
                .setParticipant(participant)
                .setName(name)
                .build();
    }

    /** What was posted to a client of the original protocol, each message as author and bytes. */
    private List<String> audio(String connection) throws IOException {
        List<String> heard = new ArrayList<>();
        for (String text : poster.posted(connection)) {
            JsonNode data = new ObjectMapper().readTree(text).path("data");
            StringBuilder said = new StringBuilder(data.path("author").asText());
            for (byte frame : data.path("audio").binaryValue()) {
                said.append(' ').append(frame);
            }
            heard.add(said.toString());
        }
        return heard;
    }
}
