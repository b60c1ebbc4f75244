package io.parley.core.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.options.RoomOptions;
import io.parley.core.room.Room;
import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.RoomState;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tick;
import io.parley.core.wire.TickLogSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What rooms give is consistent, over a network that loses, doubles and delays, and over crashes of the job. */
class RoomLogTest {

    private static final byte[] OPUS_20_MS = {(byte) (19 << 3), 1, 2, 3};
    private static final List<String> SPEAKERS = List.of("ann", "bob", "cy");

    private final RoomOptions options = RoomOptions.of(Map.of());
    private final List<Tick> logged = new ArrayList<>();
    private final List<Tick> sinceCheckpoint = new ArrayList<>();
    private long nowMs = LogScript.START_MS;
    private Room room = Room.open(LogScript.ROOM, options, null, nowMs);
    private RoomState checkpoint = room.state().build();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void theLogOfARoomIsConsistent(long seed) {
        Random random = new Random(seed);
        room.beginRun(nowMs);
        int version = 0;
        for (String speaker : SPEAKERS) {
            control(Control.Kind.JOIN, speaker, ++version);
        }
        checkpoint();
        int[] next = {-40, 0, 1_000};
        List<StreamRecord> delayed = new ArrayList<>();
        for (int step = 0; step < 300; step++) {
            advance(40);
            for (int s = 0; s < SPEAKERS.size(); s++) {
                StreamRecord chunk = chunk(SPEAKERS.get(s), next[s], step == 0 ? 0 : 5_000 + 5L * step);
                next[s] += 5;
                int fate = random.nextInt(20);
                if (fate == 1 || fate == 2) {
                    delayed.add(chunk);
                } else if (fate > 0) {
                    accept(chunk);
                }
                if (fate == 3) {
                    delayed.add(chunk);
                }
            }
            if (!delayed.isEmpty() && random.nextInt(3) == 0) {
                accept(delayed.remove(random.nextInt(delayed.size())));
            }
            if (random.nextInt(15) == 0) {
                checkpoint();
            }
            if (random.nextInt(60) == 0) {
                crash();
            }
        }
        for (String speaker : SPEAKERS) {
            control(Control.Kind.LEAVE, speaker, ++version);
        }
        advance(60_000);
        checkpoint();

        List<Finding> findings = new ArrayList<>();
        RoomVerifier verifier = new RoomVerifier(LogScript.ROOM, findings::add);
        for (TickLogSegment segment : segments(random)) {
            verifier.accept(LogScript.key(segment), segment.toByteArray());
        }
        assertThat(findings).isEmpty();
        assertThat(verifier.counts().framesPlayed()).isGreaterThan(2_000);
        assertThat(verifier.counts().framesNotPlayed()).isNotEmpty();
        assertThat(room.isClosed()).isTrue();
    }

    private void advance(long ms) {
        long end = nowMs + ms;
        while (room.nextTimerMs() <= end) {
            nowMs = Math.max(nowMs, room.nextTimerMs());
            room.onTimer(nowMs * 1_000, this::collect);
        }
        nowMs = end;
    }

    private void collect(RoomOutput output) {
        if (output.hasTick()) {
            sinceCheckpoint.add(output.getTick());
        }
    }

    /** What was closed until now reaches the log. */
    private void checkpoint() {
        checkpoint = room.state().build();
        logged.addAll(sinceCheckpoint);
        sinceCheckpoint.clear();
    }

    /** What was closed since the last checkpoint was heard, but is not in the log. */
    private void crash() {
        sinceCheckpoint.clear();
        room = Room.restore(checkpoint, options);
        nowMs += 300;
        room.beginRun(nowMs);
    }

    private List<TickLogSegment> segments(Random random) {
        List<TickLogSegment> segments = new ArrayList<>();
        TickLogSegment.Builder open = null;
        for (Tick tick : logged) {
            if (open == null || open.getEpoch() != tick.getEpoch() || random.nextInt(10) == 0) {
                if (open != null) {
                    segments.add(open.build());
                }
                open = TickLogSegment.newBuilder()
                        .setVersion(1)
                        .setRoom(LogScript.ROOM)
                        .setEpoch(tick.getEpoch())
                        .setFirstTick(tick.getTick());
            }
            open.addTicks(tick);
        }
        segments.add(open.build());
        return segments;
    }

    private void control(Control.Kind kind, String participant, long version) {
        accept(record(participant)
                .setKind(StreamRecord.Kind.CONTROL)
                .setControlVersion(version)
                .setControl(Control.newBuilder()
                        .setKind(kind)
                        .setParticipant(participant)
                        .setConnection(participant + "-1")
                        .setDisplayName(participant)
                        .setPermissions(Permissions.newBuilder().setSpeak(true).setListen(true)))
                .build());
    }

    private StreamRecord chunk(String participant, int sequence, long offset) {
        ChunkBuilder chunk = new ChunkBuilder(Codec.OPUS, 20_000, sequence, offset, nowMs);
        for (int i = 0; i < 5; i++) {
            chunk.frame(20, OPUS_20_MS);
        }
        return record(participant)
                .setKind(StreamRecord.Kind.AUDIO)
                .setControlVersion(1)
                .setPermissions(Permissions.newBuilder().setSpeak(true).setListen(true))
                .setChunk(ByteString.copyFrom(chunk.build()))
                .build();
    }

    private StreamRecord.Builder record(String participant) {
        return StreamRecord.newBuilder()
                .setVersion(1)
                .setRoom(LogScript.ROOM)
                .setParticipant(participant)
                .setConnection(participant + "-1")
                .setArrivalTimeMs(nowMs);
    }

    private void accept(StreamRecord record) {
        Chunk chunk = record.hasChunk() ? Chunk.parse(record.getChunk().toByteArray()) : null;
        room.accept(record, chunk, nowMs * 1_000, this::collect);
    }
}
