package io.parley.local.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;

class JobReadingsTest {

    private static final String TASK = "<task_name>";
    private static final String REASON = "<reason>";

    private final JobReadings readings = new JobReadings();

    @Test
    void aCounterIsSummedOverItsSubtasks() {
        added("ticksClosed", 3, Map.of("<subtask_index>", "0"));
        added("ticksClosed", 4, Map.of("<subtask_index>", "1"));
        added("roomsClosed", 9, Map.of());
        assertThat(readings.count("ticksClosed")).isEqualTo(7);
    }

    @Test
    void whatATaskHadCountedWhenItEndedGoesOnCounting() {
        SimpleCounter before = added("ticksClosed", 5, Map.of("<task_attempt_num>", "0"));
        readings.removed(before, "ticksClosed");
        added("ticksClosed", 2, Map.of("<task_attempt_num>", "1"));
        assertThat(readings.count("ticksClosed")).isEqualTo(7);
    }

    @Test
    void aCounterIsToldApartByAVariableAndOthersAreLeftOut() {
        added("recordsRejected", 3, Map.of());
        SimpleCounter ended = added("recordsRejected", 1, Map.of(REASON, "bad_chunk"));
        readings.removed(ended, "recordsRejected");
        added("recordsRejected", 1, Map.of(REASON, "bad_chunk"));
        added("recordsRejected", 1, Map.of(REASON, "record_malformed"));
        assertThat(readings.countBy("recordsRejected", REASON))
                .isEqualTo(Map.of("bad_chunk", 2L, "record_malformed", 1L));
    }

    @Test
    void subtasksAreCountedAlsoWhereTheirGaugeShowsNoNumber() {
        added("busyTimeMsPerSecond", () -> Double.NaN, Map.of(TASK, "source"));
        added("busyTimeMsPerSecond", () -> 12L, Map.of(TASK, "rooms"));
        added("busyTimeMsPerSecond", () -> 30L, Map.of(TASK, "rooms"));
        assertThat(readings.subtasksBy("busyTimeMsPerSecond", TASK)).isEqualTo(Map.of("source", 1L, "rooms", 2L));
        assertThat(readings.gaugesBy("busyTimeMsPerSecond", TASK)).containsOnlyKeys("rooms");
        assertThat(readings.gaugesBy("busyTimeMsPerSecond", TASK).get("rooms")).containsExactlyInAnyOrder(12.0, 30.0);
    }

    @Test
    void aGaugeThatFailsIsLeftOut() {
        added(
                "hotRooms",
                () -> {
                    throw new IllegalStateException("the task has ended");
                },
                Map.of());
        added("hotRooms", () -> 2, Map.of());
        assertThat(readings.sum("hotRooms")).isEqualTo(2);
        assertThat(readings.gaugesBy("hotRooms", TASK)).isEqualTo(Map.of("", List.of(2.0)));
    }

    private SimpleCounter added(String name, long count, Map<String, String> variables) {
        SimpleCounter counter = new SimpleCounter();
        counter.inc(count);
        readings.added(counter, name, variables);
        return counter;
    }

    private void added(String name, Gauge<?> gauge, Map<String, String> variables) {
        readings.added(gauge, name, variables);
    }
}
