package io.parley.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.core.chunk.Codec;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Disconnect;
import io.parley.core.wire.Event;
import io.parley.core.wire.Joined;
import io.parley.core.wire.Member;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.Probe;
import io.parley.core.wire.ProbeAnswer;
import io.parley.core.wire.Refusal;
import io.parley.core.wire.Removed;
import io.parley.core.wire.Skipped;
import io.parley.core.wire.StreamInfo;
import io.parley.core.wire.Tick;
import io.parley.core.wire.Trace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The messages to clients are what {@code testdata/golden} says, which the clients' tests read as well.
 * {@code -Dgolden.write=true} writes them anew, for a change that is meant.
 */
class GoldenMessagesTest {

    private static final Path FOLDER = Path.of("..", "testdata", "golden");
    private static final long BROADCAST_US = 1_700_000_000_205_000L;
    private static final long POST_US = 1_700_000_000_206_500L;

    @Test
    void theTickOfTheGoldenRequestIsWrittenAsEver() throws IOException {
        BroadcastRequest request = BroadcastRequest.parseFrom(HexFormat.of()
                .parseHex(Files.readString(FOLDER.resolve("broadcast-request.hex"))
                        .replaceAll("\\s", "")));
        List<byte[]> messages = new TickMessage()
                .write(request.getRooms(0).getRoom(), request.getRooms(0).getTicksList(), BROADCAST_US, POST_US);

        assertThat(messages).hasSize(1);
        assertGolden("tick-message.json", messages.get(0));
    }

    @Test
    void everyKindOfEventIsWrittenAsEver() throws IOException {
        Tick.Builder tick = Tick.newBuilder()
                .setRoom("lobby")
                .setEpoch(1_700_000_000_001L)
                .setPreviousHash(TickHash.ZERO)
                .addEvents(Event.newBuilder()
                        .setKind(Event.Kind.OPENED)
                        .setTombstoneEpoch(1_700_000_000_000L)
                        .setTombstoneTick(3)
                        .setTombstoneHash(hash(2)))
                .addEvents(Event.newBuilder().setKind(Event.Kind.OPENED))
                .addEvents(Event.newBuilder()
                        .setKind(Event.Kind.JOINED)
                        .setParticipant("bob")
                        .setName("Bob \"the\" é"))
                .addEvents(event(Event.Kind.MUTED))
                .addEvents(event(Event.Kind.UNMUTED))
                .addEvents(event(Event.Kind.STREAM)
                        .setStream(2)
                        .setCodec(Codec.PCM16_24K.id())
                        .setFrameDurationUs(16_000))
                .addEvents(event(Event.Kind.SPEAKING))
                .addEvents(event(Event.Kind.STOPPED))
                .addEvents(event(Event.Kind.SAID).setText("hi\nthere"))
                .addEvents(event(Event.Kind.LEFT).setText("gone"))
                .addEvents(event(Event.Kind.PRESENCE).setCount(1))
                .addEvents(event(Event.Kind.PRESENCE).setCount(2))
                .addEvents(Event.newBuilder().setKind(Event.Kind.SETTINGS).setCount(1))
                .addEvents(Event.newBuilder().setKind(Event.Kind.SETTINGS).setCount(2))
                .addEvents(Event.newBuilder().setKind(Event.Kind.LOCKED))
                .addEvents(Event.newBuilder().setKind(Event.Kind.UNLOCKED))
                .addEvents(Event.newBuilder().setKind(Event.Kind.RECORDING).setCount(1))
                .addEvents(Event.newBuilder().setKind(Event.Kind.RECORDING))
                .addEvents(Event.newBuilder()
                        .setKind(Event.Kind.LOST)
                        .setStream(2)
                        .setFirstSequence(-1)
                        .setCount(5))
                .addEvents(Event.newBuilder().setKind(Event.Kind.CLOSED));
        tick.setHash(new TickHash().hash(tick.build()));

        assertGolden(
                "tick-message-events.json",
                new TickMessage()
                        .write("lobby", List.of(tick.build()), BROADCAST_US, POST_US)
                        .get(0));
    }

    @Test
    void theRunOfSkippedTicksIsWrittenAsEver() throws IOException {
        Tick tick = Tick.newBuilder()
                .setRoom("lobby")
                .setEpoch(1_700_000_000_001L)
                .setTick(9)
                .setPreviousHash(hash(8))
                .setHash(hash(9))
                .setSkipped(Skipped.newBuilder().setParticipant("ann").setFrom(5))
                .build();

        assertGolden(
                "tick-message-skipped.json",
                new TickMessage()
                        .write("lobby", List.of(tick), BROADCAST_US, POST_US)
                        .get(0));
    }

    @Test
    void anEventOfANewerJobIsLeftOut() {
        Tick tick = Tick.newBuilder()
                .setHash(hash(1))
                .addEvents(Event.newBuilder().setKindValue(77))
                .addEvents(event(Event.Kind.MUTED))
                .build();

        byte[] message = new TickMessage().write("lobby", List.of(tick), 0, 0).get(0);

        assertThat(new String(message, StandardCharsets.UTF_8)).contains("\"events\":[{\"kind\":\"muted\"");
    }

    @Test
    void joinedIsWrittenAsEver() throws IOException {
        Joined joined = Joined.newBuilder()
                .setEpoch(1_700_000_000_000L)
                .setTick(2)
                .setHash(ByteString.copyFrom(new byte[32]))
                .addMembers(
                        Member.newBuilder().setParticipant("ann").setName("Ann").setSpeaking(true))
                .addMembers(Member.newBuilder()
                        .setParticipant("bob")
                        .setName("Bob é")
                        .setMuted(true))
                .addStreams(StreamInfo.newBuilder()
                        .setStream(0)
                        .setParticipant("ann")
                        .setCodec(Codec.OPUS.id())
                        .setFrameDurationUs(20_000))
                .setRecording(true)
                .setReconnectBeforeMs(1_700_006_900_000L)
                .setChunkMs(100)
                .setTickMs(100)
                .setPlayoutMs(80)
                .setRequestId("r-1")
                .setPermissions(Permissions.newBuilder().setSpeak(true).setListen(true))
                .build();
        assertGolden("joined-message.json", write(post().setJoined(joined)));

        Joined moderated = joined.toBuilder()
                .addMembers(Member.newBuilder()
                        .setParticipant("cid")
                        .setName("Cid")
                        .setSelfMuted(true)
                        .setDeafened(true))
                .setPushToTalk(true)
                .setRoomMuted(true)
                .setLocked(true)
                .setGrantUntilMs(1_700_003_600_000L)
                .setPermissions(Permissions.newBuilder()
                        .setSpeak(true)
                        .setListen(true)
                        .setModerate(true)
                        .setRecord(true))
                .build();
        assertGolden("joined-message-moderator.json", write(post().setJoined(moderated)));
    }

    @Test
    void removedIsWrittenAsEver() throws IOException {
        assertGolden(
                "removed-message.json",
                write(post().setRemoved(Removed.newBuilder()
                        .setReason("banned")
                        .setText("shouting \"é\"")
                        .setUntilMs(1_700_003_600_000L))));
        assertThat(new String(
                        write(post().setRemoved(Removed.newBuilder().setReason("expired"))), StandardCharsets.UTF_8))
                .isEqualTo("{\"action\":\"removed\",\"room\":\"lobby\",\"reason\":\"expired\"}");
    }

    @Test
    void theAnswerToAProbeIsWrittenAsEver() throws IOException {
        ProbeAnswer answer = ProbeAnswer.newBuilder()
                .setProbe(Probe.newBuilder().setId("p1").setClientTimeMs(1_700_000_000_190L))
                .setTrace(Trace.newBuilder()
                        .setGatewayUs(1_700_000_000_200_000L)
                        .setIngestUs(1_700_000_000_201_000L)
                        .setStreamUs(1_700_000_000_202_000L)
                        .setJobUs(1_700_000_000_203_000L)
                        .setTickUs(1_700_000_000_204_000L))
                .build();

        assertGolden("probe-message.json", write(post().setProbe(answer)));
    }

    @Test
    void refusalsAndByeAreWrittenAsEver() throws IOException {
        assertGolden(
                "error-message.json",
                write(post().setRefusal(
                                Refusal.newBuilder().setCode("rate_limited").setRequestId("r-2"))));
        assertGolden(
                "bye-message.json",
                DirectMessage.bye(Disconnect.newBuilder()
                        .setReason("restart")
                        .setReconnect(true)
                        .build()));
    }

    @Test
    void aCodeOutsideTheCatalogueIsAnInternalError() {
        assertThat(new String(
                        write(post().setRefusal(Refusal.newBuilder().setCode("java.lang.NullPointerException"))),
                        StandardCharsets.UTF_8))
                .contains("\"internal\"")
                .doesNotContain("Null");
    }

    @Test
    void aPostOfANewerJobIsLeftOut() {
        assertThat(write(post())).isNull();
    }

    @Test
    void ticksThatAreTooManyForOnePostAreSpreadInOrder() {
        Tick.Builder tick = Tick.newBuilder().setHash(hash(1)).setFrames(ByteString.copyFrom(new byte[300]));
        List<Tick> ticks = List.of(
                tick.setTick(1).build(),
                tick.setTick(2).build(),
                tick.setTick(3).build());

        List<byte[]> whole = new TickMessage(2_000).write("lobby", ticks, 0, 0);
        List<byte[]> spread = new TickMessage(1_100).write("lobby", ticks, 0, 0);
        List<byte[]> tooLarge = new TickMessage(10).write("lobby", ticks, 0, 0);

        assertThat(whole).hasSize(1);
        assertThat(spread).hasSize(2).allMatch(message -> message.length <= 1_100);
        assertThat(new String(spread.get(0), StandardCharsets.UTF_8))
                .startsWith("{\"action\":\"tick\",\"room\":\"lobby\",\"ticks\":[{\"epoch\":0,\"tick\":1,")
                .contains("\"tick\":2,")
                .endsWith("}]}");
        assertThat(new String(spread.get(1), StandardCharsets.UTF_8)).contains("\"tick\":3,");
        assertThat(tooLarge).as("a tick is never cut").hasSize(3);
    }

    private static byte[] write(DirectPost.Builder post) {
        return DirectMessage.write(post.build(), BROADCAST_US, POST_US);
    }

    private static DirectPost.Builder post() {
        return DirectPost.newBuilder()
                .setConnection("L0SM9cOFvHcCIhw=")
                .setRoom("lobby")
                .setParticipant("bob");
    }

    private static Event.Builder event(Event.Kind kind) {
        return Event.newBuilder().setKind(kind).setParticipant("ann");
    }

    private static ByteString hash(int fill) {
        byte[] bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) fill);
        return ByteString.copyFrom(bytes);
    }

    private static void assertGolden(String file, byte[] message) throws IOException {
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(FOLDER.resolve(file), new String(message, StandardCharsets.UTF_8) + "\n");
        }
        assertThat(new String(message, StandardCharsets.UTF_8))
                .as(file)
                .isEqualTo(Files.readString(FOLDER.resolve(file)).stripTrailing());
    }
}
