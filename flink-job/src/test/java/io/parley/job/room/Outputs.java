package io.parley.job.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.core.tick.LiveFrames;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What has left rooms, to be asked about. Immutable. */
public final class Outputs {

    private final List<RoomOutput> all;

    public Outputs(List<RoomOutput> all) {
        this.all = List.copyOf(all);
    }

    public Outputs room(String room) {
        return new Outputs(
                all.stream().filter(output -> output.getRoom().equals(room)).collect(Collectors.toList()));
    }

    public List<RoomOutput> list() {
        return all;
    }

    public List<Tick> ticks() {
        return all.stream().filter(RoomOutput::hasTick).map(RoomOutput::getTick).collect(Collectors.toList());
    }

    public Tick last() {
        List<Tick> ticks = ticks();
        return ticks.get(ticks.size() - 1);
    }

    public List<Event> events(Event.Kind kind) {
        return ticks().stream()
                .flatMap(tick -> tick.getEventsList().stream())
                .filter(event -> event.getKind() == kind)
                .collect(Collectors.toList());
    }

    /** The only tick that has such an event. */
    public Tick tickWith(Event.Kind kind) {
        List<Tick> having = ticks().stream()
                .filter(tick -> tick.getEventsList().stream().anyMatch(event -> event.getKind() == kind))
                .collect(Collectors.toList());
        assertThat(having).as("ticks with %s", kind).hasSize(1);
        return having.get(0);
    }

    public List<DirectPost> posts() {
        return all.stream().flatMap(output -> output.getPostsList().stream()).collect(Collectors.toList());
    }

    /** Sequence numbers of the live frames. */
    public List<Integer> heard() {
        List<Integer> sequences = new ArrayList<>();
        for (Tick tick : ticks()) {
            LiveFrames.Reader frames = new LiveFrames.Reader(tick.getFrames().toByteArray());
            while (frames.next()) {
                sequences.add(frames.sequence());
            }
        }
        return sequences;
    }

    /** What the live frames say. */
    public List<byte[]> payloads() {
        List<byte[]> payloads = new ArrayList<>();
        for (Tick tick : ticks()) {
            LiveFrames.Reader frames = new LiveFrames.Reader(tick.getFrames().toByteArray());
            while (frames.next()) {
                payloads.add(frames.payload());
            }
        }
        return payloads;
    }

    /** Sequence numbers of the frames that were put aside for that reason. */
    public List<Integer> putAside(LogFrame.Disposition disposition) {
        return ticks().stream()
                .flatMap(tick -> tick.getLogOnly().getFramesList().stream())
                .filter(frame -> frame.getDisposition() == disposition)
                .map(LogFrame::getSequence)
                .collect(Collectors.toList());
    }

    /** Fails unless these, of one room, are epochs one after the other, each whole and each naming the one before. */
    public void assertChained() {
        assertChainedAfter(null);
    }

    /** The same, where that tick is the last one before. */
    public void assertChainedAfter(Tick before) {
        TickHash hasher = new TickHash();
        Tick last = before;
        boolean first = true;
        for (Tick tick : ticks()) {
            if (first || tick.getEpoch() != last.getEpoch()) {
                assertOpens(tick, last);
            } else {
                assertThat(tick.getTick()).isEqualTo(last.getTick() + 1);
                assertThat(tick.getPreviousHash()).isEqualTo(last.getHash());
            }
            assertThat(tick.getHash()).isEqualTo(hasher.hash(tick));
            last = tick;
            first = false;
        }
    }

    private static void assertOpens(Tick tick, Tick before) {
        assertThat(tick.getTick()).isZero();
        assertThat(tick.getPreviousHash()).isEqualTo(TickHash.ZERO);
        Event opened = tick.getEvents(0);
        assertThat(opened.getKind()).isEqualTo(Event.Kind.OPENED);
        if (before != null) {
            assertThat(tick.getEpoch()).isGreaterThan(before.getEpoch());
        }
        assertThat(opened.getTombstoneEpoch()).isEqualTo(before == null ? 0 : before.getEpoch());
        assertThat(opened.getTombstoneTick()).isEqualTo(before == null ? 0 : before.getTick());
        assertThat(opened.getTombstoneHash()).isEqualTo(before == null ? ByteString.EMPTY : before.getHash());
    }
}
