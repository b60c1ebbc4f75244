package io.parley.local.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import io.parley.core.tick.LiveFrames;
import io.parley.core.wire.ChunkTrace;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.Tick;
import io.parley.core.wire.Trace;
import io.parley.local.ops.DeliveryMeter.RoomActivity;
import io.parley.local.ops.LatencyWindow.Percentiles;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeliveryMeterTest {

    private final SettableClock clock = new SettableClock();
    private final DeliveryMeter meter = new DeliveryMeter(clock);

    @Test
    void theBusiestRoomComesFirstWithItsSpeakersListenersTicksAndFrames() {
        meter.served(room("attic", tick(7)), 9, 0, 0);
        meter.served(room("lobby", tick(1, 1, 2), tick(2)), 3, 0, 0);

        assertThat(meter.rooms())
                .containsExactly(new RoomActivity("lobby", 2, 3, 2, 4), new RoomActivity("attic", 1, 9, 1, 1));
    }

    @Test
    void whoFallsSilentDoesNotSpeakAndARoomWithoutTicksIsNotInUse() {
        meter.served(room("lobby", tick(1)), 2, 0, 0);
        clock.advanceMs(DeliveryMeter.SPEAKING_MS + 1);
        assertThat(meter.rooms()).containsExactly(new RoomActivity("lobby", 0, 2, 1, 1));
        clock.advanceMs(DeliveryMeter.ACTIVE_MS);
        assertThat(meter.rooms()).isEmpty();
    }

    @Test
    void eachHopOfATracedChunkIsMeasuredFromTheTimesItCarries() {
        Trace trace = Trace.newBuilder()
                .setGatewayUs(1_000_000)
                .setIngestUs(1_001_000)
                .setStreamUs(1_003_000)
                .setJobUs(1_006_000)
                .setTickUs(1_016_000)
                .build();
        meter.served(room("lobby", traced(trace)), 2, 1_020_000, 1_025_000);
        meter.answered(6_000);

        Map<Hop, Percentiles> hops = meter.roll();
        assertThat(hops).containsOnlyKeys(Hop.values());
        Map<Hop, Integer> ms = Map.of(
                Hop.GATEWAY, 1,
                Hop.INGEST, 2,
                Hop.STREAM, 3,
                Hop.TICK, 10,
                Hop.BROADCAST, 4,
                Hop.POST, 5,
                Hop.ANSWER, 6,
                Hop.WHOLE, 25);
        ms.forEach((hop, expected) ->
                assertThat(hops.get(hop).p50()).as(hop.label()).isCloseTo(expected, within(expected * 0.02)));
    }

    @Test
    void aHopWhoseTimesAreNotKnownIsNotMeasured() {
        meter.served(
                room(
                        "lobby",
                        traced(Trace.newBuilder()
                                .setIngestUs(2_000)
                                .setStreamUs(3_000)
                                .build())),
                2,
                9_000,
                9_000);
        assertThat(meter.roll()).containsOnlyKeys(Hop.INGEST, Hop.POST);
    }

    private static RoomTicks room(String name, Tick... ticks) {
        RoomTicks.Builder room = RoomTicks.newBuilder().setRoom(name);
        for (Tick tick : ticks) {
            room.addTicks(tick);
        }
        return room.build();
    }

    /** One frame of each stream. */
    private static Tick tick(int... streams) {
        LiveFrames.Writer frames = new LiveFrames.Writer();
        for (int i = 0; i < streams.length; i++) {
            frames.add(streams[i], i, 30, new byte[] {1, 2, 3}, 0, 3);
        }
        return Tick.newBuilder().setFrames(ByteString.copyFrom(frames.take())).build();
    }

    private static Tick traced(Trace trace) {
        return Tick.newBuilder()
                .addTraces(ChunkTrace.newBuilder().setTrace(trace))
                .build();
    }
}
