package io.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.options.RoomOptions;
import io.parley.core.tick.LiveFrames;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.Control;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.Presence;
import io.parley.core.wire.Probe;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tick;
import io.parley.core.wire.Tombstone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Drives a room on a clock of its own and collects what leaves it. */
final class RoomDriver {

    static final long START_MS = 1_700_000_000_000L;
    static final byte[] OPUS_20_MS = {(byte) (19 << 3), 1, 2, 3};

    final List<RoomOutput> outputs = new ArrayList<>();
    Room room;
    long nowMs = START_MS;

    private final RoomOptions options;
    private final Map<Integer, String> participants = new HashMap<>();

    RoomDriver(RoomOptions options) {
        this(options, null);
    }

    RoomDriver(RoomOptions options, Tombstone tombstone) {
        this.options = options;
        room = Room.open("lobby", options, tombstone, nowMs);
        room.beginRun(nowMs);
    }

    /** Lets time pass, with the room's timer firing whenever it is due. */
    RoomDriver advance(long ms) {
        long end = nowMs + ms;
        while (room.nextTimerMs() <= end) {
            nowMs = Math.max(nowMs, room.nextTimerMs());
            room.onTimer(nowMs * 1000, outputs::add);
            assertThat(room.nextTimerMs())
                    .as("what a timer was for is done when it has fired")
                    .isGreaterThan(nowMs);
        }
        nowMs = end;
        return this;
    }

    RoomDriver join(String participant, long version) {
        return control(Control.Kind.JOIN, participant, version, true);
    }

    RoomDriver leave(String participant, long version) {
        return control(Control.Kind.LEAVE, participant, version, false);
    }

    RoomDriver control(Control.Kind kind, String participant, long version, boolean speak) {
        return accept(StreamRecord.newBuilder()
                .setKind(StreamRecord.Kind.CONTROL)
                .setParticipant(participant)
                .setConnection(participant + "-1")
                .setControlVersion(version)
                .setControl(Control.newBuilder()
                        .setKind(kind)
                        .setParticipant(participant)
                        .setConnection(participant + "-1")
                        .setDisplayName(participant.toUpperCase())
                        .setReason("left")
                        .setPermissions(Permissions.newBuilder().setSpeak(speak).setListen(true))
                        .setPresence(Presence.newBuilder().setMuted(kind == Control.Kind.MUTE))));
    }

    /** A chunk of {@code count} frames whose payloads tell participant and sequence number. */
    RoomDriver speak(String participant, int sequence, long offset, int count, int... flags) {
        return speakAs(participant, sequence, offset, count, nowMs, 1, flags);
    }

    RoomDriver speakAs(
            String participant, int sequence, long offset, int count, long arrivalMs, long version, int... flags) {
        Said said = chunk(participant)
                .at(sequence, offset)
                .frames(count)
                .arrived(arrivalMs)
                .captured(arrivalMs)
                .version(version);
        for (int flag : flags) {
            said.flag(flag);
        }
        return said.now();
    }

    /** A chunk of which everything can be set; nothing happens before {@link Said#now}. */
    Said chunk(String participant) {
        return new Said(participant);
    }

    final class Said {
        private final String participant;
        private String connection;
        private int sequence;
        private long offset;
        private int count = 5;
        private int level = 20;
        private long arrivalMs = nowMs;
        private long captureMs = nowMs;
        private long version = 1;
        private boolean unnumbered;
        private int flags;
        private boolean allowed = true;
        private boolean moderates;
        private int frameMs = 20;
        private boolean pcm;

        private Said(String participant) {
            this.participant = participant;
            this.connection = participant + "-1";
        }

        Said over(String anotherConnection) {
            connection = anotherConnection;
            return this;
        }

        /** Number of the first frame, and how many frames into its spurt it is. */
        Said at(int number, long spurtOffset) {
            sequence = number;
            offset = spurtOffset;
            return this;
        }

        Said frames(int frames) {
            count = frames;
            return this;
        }

        Said frameMs(int ms) {
            frameMs = ms;
            return this;
        }

        /** PCM at 16 kHz, in frames of 16 ms. */
        Said pcm() {
            pcm = true;
            frameMs = 16;
            return this;
        }

        Said level(int dBov) {
            level = dBov;
            return this;
        }

        Said arrived(long ms) {
            arrivalMs = ms;
            return this;
        }

        Said captured(long ms) {
            captureMs = ms;
            return this;
        }

        Said version(long controlVersion) {
            version = controlVersion;
            return this;
        }

        Said muted() {
            allowed = false;
            return this;
        }

        Said moderator() {
            moderates = true;
            return this;
        }

        Said unnumbered() {
            unnumbered = true;
            return this;
        }

        Said flag(int flag) {
            flags |= flag;
            return this;
        }

        RoomDriver now() {
            Codec codec = pcm ? Codec.PCM16_16K : Codec.OPUS;
            ChunkBuilder chunk = new ChunkBuilder(codec, frameMs * 1_000, sequence, offset, captureMs).flag(flags);
            for (int i = 0; i < count; i++) {
                byte[] payload = pcm ? new byte[512] : payload(participant, sequence + i);
                if (frameMs == 40) {
                    payload[0] = (byte) (2 << 3); // TOC: SILK, 40 ms, one frame
                }
                chunk.frame(level, payload);
            }
            return accept(StreamRecord.newBuilder()
                    .setKind(StreamRecord.Kind.AUDIO)
                    .setParticipant(participant)
                    .setConnection(connection)
                    .setArrivalTimeMs(arrivalMs)
                    .setControlVersion(version)
                    .setPermissions(Permissions.newBuilder()
                            .setSpeak(allowed)
                            .setListen(true)
                            .setModerate(moderates))
                    .setReportStatus(true)
                    .setUnnumbered(unnumbered)
                    .setRequestId(participant + sequence)
                    .setChunk(com.google.protobuf.ByteString.copyFrom(chunk.build())));
        }
    }

    /** A control record with whatever is set in it. */
    RoomDriver control(long version, Control.Builder control) {
        return accept(StreamRecord.newBuilder()
                .setKind(StreamRecord.Kind.CONTROL)
                .setParticipant("moderator")
                .setConnection("moderator-1")
                .setControlVersion(version)
                .setControl(control));
    }

    RoomDriver probe(String participant) {
        return accept(StreamRecord.newBuilder()
                .setKind(StreamRecord.Kind.PROBE)
                .setParticipant(participant)
                .setConnection(participant + "-1")
                .setProbe(Probe.newBuilder().setId("p1")));
    }

    /** Stops the operator and starts another one from the room's state. */
    RoomDriver restart(long downMs) {
        room = Room.restore(room.state().build(), options);
        nowMs += downMs;
        room.beginRun(nowMs);
        return this;
    }

    /** Takes a checkpoint and goes on with what was read back from it. */
    RoomDriver throughState() {
        try {
            room = Room.restore(
                    io.parley.core.wire.RoomState.parseFrom(room.state().build().toByteArray()), options);
            return this;
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private RoomDriver accept(StreamRecord.Builder builder) {
        if (builder.getArrivalTimeMs() == 0) {
            builder.setArrivalTimeMs(nowMs);
        }
        StreamRecord record = builder.setVersion(1).setRoom("lobby").build();
        Chunk chunk = record.hasChunk() ? Chunk.parse(record.getChunk().toByteArray()) : null;
        room.accept(record, chunk, nowMs * 1000, outputs::add);
        return this;
    }

    static byte[] payload(String participant, int sequence) {
        byte[] name = participant.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return java.nio.ByteBuffer.allocate(5 + name.length)
                .put((byte) (19 << 3)) // TOC: CELT, 20 ms, one frame
                .putInt(sequence)
                .put(name)
                .array();
    }

    List<Tick> ticks() {
        List<Tick> ticks = new ArrayList<>();
        outputs.stream().filter(RoomOutput::hasTick).forEach(output -> ticks.add(output.getTick()));
        return ticks;
    }

    List<Event> events(Event.Kind kind) {
        List<Event> events = new ArrayList<>();
        ticks().forEach(tick ->
                tick.getEventsList().stream().filter(e -> e.getKind() == kind).forEach(events::add));
        return events;
    }

    /** All frames that left, as {@code participant:sequence}; fails if one's payload was altered. */
    List<String> played() {
        List<String> played = new ArrayList<>();
        for (Tick tick : ticks()) {
            tick.getEventsList().stream()
                    .filter(event -> event.getKind() == Event.Kind.STREAM)
                    .forEach(event -> participants.put(event.getStream(), event.getParticipant()));
            LiveFrames.Reader reader = new LiveFrames.Reader(tick.getFrames().toByteArray());
            while (reader.next()) {
                String participant = participants.get(reader.stream());
                assertThat(Arrays.copyOfRange(reader.payload(), 1, reader.length()))
                        .isEqualTo(Arrays.copyOfRange(payload(participant, reader.sequence()), 1, reader.length()));
                played.add(participant + ":" + Integer.toUnsignedString(reader.sequence()));
            }
        }
        return played;
    }

    List<LogFrame> logged() {
        List<LogFrame> frames = new ArrayList<>();
        ticks().forEach(tick -> frames.addAll(tick.getLogOnly().getFramesList()));
        return frames;
    }

    List<DirectPost> posts() {
        List<DirectPost> posts = new ArrayList<>();
        outputs.forEach(output -> posts.addAll(output.getPostsList()));
        return posts;
    }

    List<ChunkReference> failed() {
        List<ChunkReference> failed = new ArrayList<>();
        outputs.forEach(output -> failed.addAll(output.getFailedList()));
        return failed;
    }

    static List<String> sequence(String participant, int from, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(participant + ":" + Integer.toUnsignedString(from + i));
        }
        return names;
    }
}
