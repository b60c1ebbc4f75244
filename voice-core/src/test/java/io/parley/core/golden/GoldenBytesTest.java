package io.parley.core.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.envelope.Envelope;
import io.parley.core.options.RoomOptions;
import io.parley.core.port.DataKeys.DataKey;
import io.parley.core.room.Room;
import io.parley.core.tick.LiveFrames;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.Control;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Disconnect;
import io.parley.core.wire.Event;
import io.parley.core.wire.Joined;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogOnly;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.PostCounts;
import io.parley.core.wire.RoomAnswer;
import io.parley.core.wire.RoomState;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.StreamOrigin;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tick;
import io.parley.core.wire.TickLogSegment;
import io.parley.core.wire.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * The wire formats are what {@code testdata/golden} says. A change that breaks one of these breaks stored logs, running
 * clients or a rolling deployment. {@code -Dgolden.write=true} writes them anew, for a change that is meant.
 */
class GoldenBytesTest {

    private static final Path FOLDER = Path.of("..", "testdata", "golden");

    private static byte[] chunk() {
        return new ChunkBuilder(Codec.OPUS, 20_000, 0xFFFF_FFFE, 5, 1_700_000_000_123L)
                .flag(Chunk.FLAG_END_OF_SPURT)
                .flag(Chunk.FLAG_TRACE)
                .frame(20, new byte[] {(byte) (19 << 3), 1, 2, 3})
                .frame(127, new byte[] {(byte) (19 << 3), 4})
                .build();
    }

    private static Trace trace() {
        return Trace.newBuilder()
                .setGatewayUs(1_700_000_000_200_000L)
                .setIngestUs(1_700_000_000_201_000L)
                .setStreamUs(1_700_000_000_202_000L)
                .setJobUs(1_700_000_000_203_000L)
                .setTickUs(1_700_000_000_204_000L)
                .build();
    }

    private static StreamRecord audioRecord() {
        return StreamRecord.newBuilder()
                .setVersion(1)
                .setKind(StreamRecord.Kind.AUDIO)
                .setRoom("lobby")
                .setParticipant("ann")
                .setConnection("L0SM9cOFvHcCIhw=")
                .setRequestId("c6af9ac6-7b61-11e6-9a41-93e8deadbeef")
                .setArrivalTimeMs(1_700_000_000_200L)
                .setTrace(trace().toBuilder().clearJobUs().clearTickUs())
                .setPermissions(Permissions.newBuilder().setSpeak(true).setListen(true))
                .setControlVersion(7)
                .setReportStatus(true)
                .setChunk(ByteString.copyFrom(chunk()))
                .build();
    }

    private static StreamRecord controlRecord() {
        return StreamRecord.newBuilder()
                .setVersion(1)
                .setKind(StreamRecord.Kind.CONTROL)
                .setRoom("lobby")
                .setParticipant("ann")
                .setConnection("L0SM9cOFvHcCIhw=")
                .setRequestId("r-1")
                .setArrivalTimeMs(1_700_000_000_100L)
                .setControlVersion(7)
                .setControl(Control.newBuilder()
                        .setKind(Control.Kind.JOIN)
                        .setParticipant("ann")
                        .setConnection("L0SM9cOFvHcCIhw=")
                        .setDisplayName("Ann")
                        .setPermissions(Permissions.newBuilder().setSpeak(true).setListen(true))
                        .setRecording(true)
                        .setReconnectBeforeMs(1_700_006_900_000L))
                .build();
    }

    private static Tick tick() {
        LiveFrames.Writer frames = new LiveFrames.Writer();
        frames.add(0, 0xFFFF_FFFE, 20, new byte[] {(byte) (19 << 3), 1, 2, 3}, 0, 4);
        frames.add(0, 0xFFFF_FFFF, 127, new byte[] {(byte) (19 << 3), 4}, 0, 2);
        TickHash hash = new TickHash();
        Tick.Builder tick = Tick.newBuilder()
                .setVersion(1)
                .setRoom("lobby")
                .setEpoch(1_700_000_000_000L)
                .setTick(3)
                .setCloseTimeMs(1_700_000_000_204L)
                .setRosterVersion(7)
                .setPreviousHash(TickHash.ZERO)
                .addEvents(Event.newBuilder()
                        .setKind(Event.Kind.STREAM)
                        .setStream(0)
                        .setParticipant("ann")
                        .setCodec(0)
                        .setFrameDurationUs(20_000))
                .addEvents(Event.newBuilder()
                        .setKind(Event.Kind.JOINED)
                        .setParticipant("bob")
                        .setName("Bob é"))
                .addEvents(Event.newBuilder()
                        .setKind(Event.Kind.LOST)
                        .setFirstSequence(0xFFFF_FFF9)
                        .setCount(5))
                .setFrames(ByteString.copyFrom(frames.take()))
                .setLogOnly(LogOnly.newBuilder()
                        .addOrigins(StreamOrigin.newBuilder().setStream(0).setConnection("L0SM9cOFvHcCIhw="))
                        .addFrames(LogFrame.newBuilder()
                                .setParticipant("ann")
                                .setConnection("L0SM9cOFvHcCIhw=")
                                .setSequence(0xFFFF_FFF8)
                                .setDisposition(LogFrame.Disposition.LATE)
                                .setLevel(33)
                                .setDigest(ByteString.copyFrom(
                                        hash.frameDigest(0xFFFF, 0xFFFF_FFF8, 33, new byte[] {9}, 0, 1)))
                                .setPayload(ByteString.copyFrom(new byte[] {9}))))
                .addTraces(io.parley.core.wire.ChunkTrace.newBuilder()
                        .setStream(0)
                        .setSequence(0xFFFF_FFFE)
                        .setTrace(trace()))
                .setSoleSpeaker("ann");
        tick.setLogOnlyHash(hash.logOnly(tick.getLogOnly()));
        return tick.setHash(hash.hash(tick.build())).build();
    }

    private static BroadcastRequest request() {
        return BroadcastRequest.newBuilder()
                .setVersion(1)
                .setDeliverBeforeMs(1_700_000_001_204L)
                .addRooms(RoomTicks.newBuilder()
                        .setRoom("lobby")
                        .setRosterVersion(7)
                        .addTicks(tick().toBuilder().clearLogOnly()))
                .addPosts(DirectPost.newBuilder()
                        .setConnection("L0SM9cOFvHcCIhw=")
                        .setRoom("lobby")
                        .setParticipant("bob")
                        .setJoined(Joined.newBuilder()
                                .setEpoch(1_700_000_000_000L)
                                .setTick(3)
                                .setHash(tick().getHash())
                                .setRequestId("r-1")
                                .setChunkMs(100)
                                .setTickMs(100)
                                .setPlayoutMs(80)))
                .addDisconnects(Disconnect.newBuilder()
                        .setConnection("other=")
                        .setReason("kicked")
                        .setReconnect(false))
                .build();
    }

    @Test
    void aChunkIsWrittenAndReadAsEver() throws IOException {
        assertGolden("chunk.hex", chunk());
        assertThat(Chunk.parse(read("chunk.hex")).sequence()).isEqualTo(0xFFFF_FFFE);
    }

    @Test
    void streamRecordsAreWrittenAndReadAsEver() throws IOException {
        assertGolden("stream-record-audio.hex", audioRecord());
        assertThat(StreamRecord.parseFrom(read("stream-record-audio.hex"))).isEqualTo(audioRecord());
        assertGolden("stream-record-control.hex", controlRecord());
        assertThat(StreamRecord.parseFrom(read("stream-record-control.hex"))).isEqualTo(controlRecord());
    }

    @Test
    void aTickIsWrittenAndReadAsEverAndItsHashIsTheSame() throws IOException {
        assertGolden("tick.hex", tick());
        Tick read = Tick.parseFrom(read("tick.hex"));
        assertThat(new TickHash().hash(read)).isEqualTo(read.getHash());
        assertGolden("tick-hash.hex", read.getHash().toByteArray());
    }

    @Test
    void aBroadcastRequestAndItsAnswerAreWrittenAndReadAsEver() throws IOException {
        assertGolden("broadcast-request.hex", request());
        assertThat(BroadcastRequest.parseFrom(read("broadcast-request.hex"))).isEqualTo(request());
        BroadcastAnswer answer = BroadcastAnswer.newBuilder()
                .setVersion(1)
                .addRooms(RoomAnswer.newBuilder()
                        .setRoom("lobby")
                        .setCounts(PostCounts.newBuilder().setPosted(2).setGone(1)))
                .setPosts(PostCounts.newBuilder().setPosted(1))
                .build();
        assertGolden("broadcast-answer.hex", answer);
    }

    /** Members of all kinds, a gap with what it holds, what waits without a number, and what waits for a tick. */
    private static Room room() {
        long now = 1_700_000_000_000L;
        Room room = Room.open("lobby", RoomOptions.defaults(), null, now);
        room.beginRun(now);
        accept(room, control(Control.Kind.JOIN, "ann", 1), now);
        accept(room, control(Control.Kind.JOIN, "bob", 2), now);
        accept(room, control(Control.Kind.JOIN, "cid", 3), now);
        accept(room, control(Control.Kind.MUTE, "bob", 4), now);
        accept(room, control(Control.Kind.LEAVE, "cid", 5), now);
        accept(room, control(Control.Kind.KICK, "eve", 6), now);
        accept(room, control(Control.Kind.LOCK, "ann", 7), now);
        accept(room, control(Control.Kind.SETTINGS, "ann", 8), now);
        accept(room, control(Control.Kind.SAY, "ann", 9), now);
        accept(room, audio("ann", 0, now).build(), now);
        room.onTimer((now + 100) * 1000, output -> {});
        accept(room, audio("ann", 1, now + 110).build(), now + 110);
        accept(room, audio("ann", 3, now + 110).build(), now + 110);
        accept(room, audio("bob", 0, now + 110).build(), now + 110);
        accept(room, audio("dan", 0, now + 110).setUnnumbered(true).build(), now + 110);
        accept(room, control(Control.Kind.JOIN, "fay", 10), now + 120);
        accept(room, control(Control.Kind.PRESENCE, "fay", 11), now + 120);
        accept(room, control(Control.Kind.JOIN, "gus", 12), now + 120);
        accept(room, control(Control.Kind.REVOKE, "gus", 13), now + 120);
        return room;
    }

    private static void accept(Room room, StreamRecord record, long nowMs) {
        Chunk chunk = record.hasChunk() ? Chunk.parse(record.getChunk().toByteArray()) : null;
        room.accept(record, chunk, nowMs * 1000, output -> {});
    }

    private static StreamRecord control(Control.Kind kind, String participant, long version) {
        StreamRecord.Builder record = controlRecord().toBuilder()
                .setParticipant(participant)
                .setConnection(participant + "=")
                .setControlVersion(version);
        record.getControlBuilder()
                .setKind(kind)
                .setParticipant(participant)
                .setConnection(participant + "=")
                .setText("text")
                .getPermissionsBuilder()
                .setSpeak(kind != Control.Kind.MUTE);
        record.getControlBuilder()
                .getPresenceBuilder()
                .setMuted(kind == Control.Kind.MUTE)
                .setSelfMuted(kind == Control.Kind.PRESENCE);
        return record.build();
    }

    private static StreamRecord.Builder audio(String participant, int sequence, long arrivalMs) {
        return audioRecord().toBuilder()
                .setParticipant(participant)
                .setConnection(participant + "=")
                .setArrivalTimeMs(arrivalMs)
                .setControlVersion(1)
                .setChunk(ByteString.copyFrom(new ChunkBuilder(Codec.OPUS, 20_000, sequence, sequence, arrivalMs)
                        .frame(20, new byte[] {(byte) (19 << 3), (byte) sequence})
                        .build()));
    }

    @Test
    void theStateOfARoomIsWrittenAndReadAsEver() throws IOException {
        RoomState state = room().state().build();
        assertGolden("room-state.hex", state);
        RoomState read = RoomState.parseFrom(read("room-state.hex"));
        assertThat(Room.restore(read, RoomOptions.defaults()).state().build()).isEqualTo(state);
        // So that the bytes say something of every part.
        assertThat(state.getAllFields().keySet())
                .extracting(FieldDescriptor::getName)
                .contains(
                        "roster",
                        "speakers",
                        "streams",
                        "heard",
                        "ready",
                        "log_only",
                        "joins",
                        "removed",
                        "failed",
                        "hash");
        assertThat(state.getStreams(0).getNumbered().getHeldCount()).isEqualTo(1);
        assertThat(state.getStreams(1).getUnnumbered().getWaitingCount()).isEqualTo(1);
    }

    @Test
    void aSegmentIsWrittenAsEver() throws IOException {
        assertGolden(
                "tick-log-segment.hex",
                TickLogSegment.newBuilder()
                        .setVersion(1)
                        .setRoom("lobby")
                        .setEpoch(1_700_000_000_000L)
                        .setFirstTick(3)
                        .addTicks(tick())
                        .build());
    }

    @Test
    void anEnvelopeOfOldIsStillOpened() throws IOException {
        byte[] plaintextKey = new byte[32];
        Arrays.fill(plaintextKey, (byte) 7);
        DataKey key = new DataKey(plaintextKey, new byte[] {1, 2, 3, 4});
        if (Boolean.getBoolean("golden.write")) {
            write(
                    "envelope.hex",
                    Envelope.seal(Envelope.Purpose.CHUNK, "lobby", "lobby/object", key, new SecureRandom(), chunk()));
        }

        assertThat(Envelope.open("lobby/object", read("envelope.hex"), wrapped -> plaintextKey))
                .isEqualTo(chunk());
    }

    private static void assertGolden(String file, Message message) throws IOException {
        assertGolden(file, message.toByteArray());
    }

    private static void assertGolden(String file, byte[] bytes) throws IOException {
        if (Boolean.getBoolean("golden.write")) {
            write(file, bytes);
        }
        assertThat(bytes).as(file).isEqualTo(read(file));
    }

    private static byte[] read(String file) throws IOException {
        String hex = Files.readString(FOLDER.resolve(file)).replaceAll("\\s", "");
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    private static void write(String file, byte[] bytes) throws IOException {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            hex.append(String.format("%02x", bytes[i])).append(i % 32 == 31 ? "\n" : "");
        }
        Files.createDirectories(FOLDER);
        Files.writeString(FOLDER.resolve(file), hex.toString().stripTrailing() + "\n");
    }
}
