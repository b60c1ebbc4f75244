package io.parley.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.core.metric.EmbeddedMetrics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BroadcastMetricsTest {

    private final FakeClock clock = new FakeClock();
    private final List<String> lines = new ArrayList<>();
    private final BroadcastMetrics metrics = new BroadcastMetrics("broadcast", clock, lines::add);

    @Test
    void tellsCloudWatchOnceAMinuteWhatItCounted() throws Exception {
        metrics.add(BroadcastMetrics.Counter.POSTED, 3);
        metrics.report();
        metrics.add(BroadcastMetrics.Counter.POSTED, 4);
        metrics.report();
        assertThat(lines).hasSize(1);
        clock.advanceMs(EmbeddedMetrics.REPORT_EVERY_MS);
        metrics.report();

        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        assertThat(first.path("postsDelivered").asInt()).isEqualTo(3);
        assertThat(first.path("function").asText()).isEqualTo("broadcast");
        assertThat(new ObjectMapper()
                        .readTree(lines.get(1))
                        .path("postsDelivered")
                        .asInt())
                .isEqualTo(4);
    }
}
