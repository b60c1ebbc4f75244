package io.parley.local.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.broadcast.BroadcastMetrics;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.Tick;
import io.parley.ingest.IngestMetrics;
import io.parley.job.JobMetrics;
import io.parley.local.gateway.GatewayMetrics;
import java.util.Map;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpsHistoryTest {

    private final SettableClock clock = new SettableClock();
    private final DeliveryMeter deliveries = new DeliveryMeter(clock);
    private final JobReadings job = new JobReadings();
    private final OpsHistory history = new OpsHistory(sources(null), clock);

    private OpsSources sources(BillMeter bill) {
        return new OpsSources(
                new GatewayMetrics(),
                new IngestMetrics("ingest", clock, line -> {}),
                new BroadcastMetrics("broadcast", clock, line -> {}),
                deliveries,
                job,
                bill);
    }

    @AfterEach
    void close() {
        history.close();
    }

    @Test
    void aSnapshotHasWhatTheJobHasCounted() throws Exception {
        counted(JobMetrics.TICKS_CLOSED, 12, Map.of());
        counted(JobMetrics.FRAMES_LIVE, 60, Map.of());
        counted(JobMetrics.FRAMES_LOST, 2, Map.of());
        counted(JobMetrics.FRAMES_NOT_PLAYED, 3, Map.of("<disposition>", "late"));
        counted(JobMetrics.FRAMES_NOT_PLAYED, 0, Map.of("<disposition>", "unrecognized"));
        counted(JobMetrics.RECORDS_REJECTED, 4, Map.of());
        counted(JobMetrics.RECORDS_REJECTED, 4, Map.of("<reason>", "bad_chunk"));
        shown("busyTimeMsPerSecond", 250L, Map.of("<task_name>", "rooms"));
        shown("backPressuredTimeMsPerSecond", 10L, Map.of("<task_name>", "rooms"));
        shown("numberOfCompletedCheckpoints", 5L, Map.of());
        shown("millisBehindLatest", 40L, Map.of("<shardId>", "shard-0"));
        history.take();

        JsonNode snapshot = read(0).path("snapshots").path(0);
        assertThat(snapshot.path("counts").path("ticks").asLong()).isEqualTo(12);
        assertThat(snapshot.path("counts").path("framesPlayed").asLong()).isEqualTo(60);
        assertThat(snapshot.path("notPlayed")).hasToString("{\"late\":3,\"lost\":2}");
        assertThat(snapshot.path("rejected")).hasToString("{\"bad_chunk\":4}");
        assertThat(snapshot.path("job").path("tasks"))
                .hasToString("[{\"name\":\"rooms\",\"parallelism\":1,\"busyMs\":250.0,\"backPressuredMs\":10.0}]");
        assertThat(snapshot.path("job").path("checkpoints").path("completed").asLong())
                .isEqualTo(5);
        assertThat(snapshot.path("job").path("iteratorAgeMs")).hasToString("{\"shard-0\":40}");
    }

    @Test
    void roomsAndSpeakersAreThoseOfNow() throws Exception {
        deliveries.served(
                RoomTicks.newBuilder()
                        .setRoom("lobby")
                        .addTicks(Tick.newBuilder())
                        .build(),
                2,
                0,
                0);
        history.take();
        assertThat(read(0).path("rooms"))
                .hasToString("[{\"room\":\"lobby\",\"speakers\":0,\"listeners\":2,\"ticks\":1,\"frames\":0}]");
        clock.advanceMs(60_000);
        history.take();
        assertThat(read(0).path("rooms")).isEmpty();
        assertThat(read(0).path("snapshots").path(0).path("rooms").asInt()).isEqualTo(1);
        assertThat(read(0).path("snapshots").path(1).path("rooms").asInt()).isZero();
    }

    @Test
    void snapshotsAreKeptForAQuarterOfAnHourAndGivenFromATimeOn() throws Exception {
        for (int second = 0; second < 1_000; second++) {
            history.take();
            clock.advanceMs(1_000);
        }
        JsonNode snapshots = read(0).path("snapshots");
        assertThat(snapshots).hasSize(901);
        long last = snapshots.path(900).path("atMs").asLong();
        assertThat(last - snapshots.path(0).path("atMs").asLong()).isEqualTo(OpsHistory.KEPT.toMillis());
        assertThat(read(last - 3_000).path("snapshots")).hasSize(3);
        assertThat(read(last).path("snapshots")).isEmpty();
    }

    @Test
    void theCostIsInItOnlyWhereSomebodyEstimatesIt() throws Exception {
        history.take();
        assertThat(read(0).path("snapshots").path(0).has("usdPerHour")).isFalse();
        try (OpsHistory billed = new OpsHistory(sources(nowMs -> 1.25), clock)) {
            billed.take();
            assertThat(new ObjectMapper()
                            .readTree(billed.json(0).getBytes())
                            .path("snapshots")
                            .path(0)
                            .path("usdPerHour")
                            .asDouble())
                    .isEqualTo(1.25);
        }
    }

    private JsonNode read(long afterMs) throws Exception {
        return new ObjectMapper().readTree(history.json(afterMs).getBytes());
    }

    private void counted(String name, long count, Map<String, String> variables) {
        SimpleCounter counter = new SimpleCounter();
        counter.inc(count);
        job.added(counter, name, variables);
    }

    private void shown(String name, long value, Map<String, String> variables) {
        Gauge<Long> gauge = () -> value;
        job.added(gauge, name, variables);
    }
}
