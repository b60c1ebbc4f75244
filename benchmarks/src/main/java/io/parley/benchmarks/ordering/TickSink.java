package io.parley.benchmarks.ordering;

import com.google.protobuf.ByteString;
import io.parley.core.wire.ChunkTrace;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.Tick;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Counts the frames of ticks, and what the ticks say of the others.
 *
 * <p>A chunk that comes within a tick period of the tick before has to wait for the period's end, in order or not. So
 * there are two waits of a chunk: from when the tick might have closed, or from the chunk's entry if that is later,
 * until the tick is here, which has in it how late Flink's timer was; and that of ordering alone. A chunk that leaves
 * with the first tick after its entry has not waited for others, so there it is from the tick's closing until the
 * tick is here; one that missed a tick has waited since its entry.
 */
@SuppressWarnings("deprecation") // sinks as functions, see ReplaySource
final class TickSink extends CountingSink<RoomOutput> {

    private static final long serialVersionUID = 1L;
    private static final int RUN_HEADER_BYTES = 7;
    private static final int FRAME_HEADER_BYTES = 3;

    private final int tickPeriodMs;
    /** By room. */
    private final Map<String, Long> lastCloseMs = new HashMap<>();
    /** By room. */
    private final Map<String, Long> lastTickUs = new HashMap<>();

    TickSink(int run, int tickPeriodMs) {
        super(run);
        this.tickPeriodMs = tickPeriodMs;
    }

    @Override
    public void invoke(RoomOutput output, Context context) {
        if (!output.hasTick()) {
            return;
        }
        Tick tick = output.getTick();
        frames += frames(tick.getFrames());
        for (int i = 0; i < tick.getEventsCount(); i++) {
            Event event = tick.getEvents(i);
            if (event.getKind() == Event.Kind.LOST) {
                count("given up", event.getCount());
            }
        }
        for (int i = 0; i < tick.getLogOnly().getFramesCount(); i++) {
            LogFrame frame = tick.getLogOnly().getFrames(i);
            count(frame.getDisposition().name().toLowerCase(Locale.ROOT), 1);
        }
        if (real) {
            long nowUs = WallClock.nowUs();
            Long before = lastCloseMs.put(output.getRoom(), tick.getCloseTimeMs());
            long mayCloseUs = before == null ? 0 : (before + tickPeriodMs) * 1000;
            long lastUs = lastTickUs.getOrDefault(output.getRoom(), Long.MIN_VALUE);
            long newestUs = lastUs;
            for (ChunkTrace trace : tick.getTracesList()) {
                long jobUs = trace.getTrace().getJobUs();
                long tickUs = trace.getTrace().getTickUs();
                waited(nowUs - Math.max(jobUs, mayCloseUs));
                boolean missedTick = jobUs < lastUs;
                waitedForOrder(nowUs - (missedTick ? jobUs : tickUs));
                newestUs = tickUs;
            }
            lastTickUs.put(output.getRoom(), newestUs);
        }
    }

    /** Counts without copying; the layout is that of {@link io.parley.core.tick.LiveFrames}. */
    private static int frames(ByteString bytes) {
        int count = 0;
        int at = 0;
        while (at < bytes.size()) {
            int run = bytes.byteAt(at + RUN_HEADER_BYTES - 1) & 0xFF;
            at += RUN_HEADER_BYTES;
            for (int i = 0; i < run; i++) {
                at += FRAME_HEADER_BYTES + ((bytes.byteAt(at) & 0xFF) << 8 | bytes.byteAt(at + 1) & 0xFF);
            }
            count += run;
        }
        return count;
    }
}
