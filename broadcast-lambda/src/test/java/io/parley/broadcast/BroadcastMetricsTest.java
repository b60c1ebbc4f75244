package io.parley.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BroadcastMetricsTest {

    private final FakeClock clock = new FakeClock();
    private final List<String> lines = new ArrayList<>();
    private final BroadcastMetrics metrics = new BroadcastMetrics(clock, lines::add);

    @Test
    void reportsOnceAMinuteWhatCameSinceTheLastReport() throws Exception {
        metrics.add(BroadcastMetrics.Counter.POSTED, 3);
        metrics.report();
        assertThat(lines).isEmpty();

        clock.advanceMs(BroadcastMetrics.REPORT_EVERY_MS);
        metrics.report();
        metrics.report();
        metrics.add(BroadcastMetrics.Counter.POSTED, 4);
        clock.advanceMs(BroadcastMetrics.REPORT_EVERY_MS);
        metrics.report();

        assertThat(lines).hasSize(2);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        assertThat(first.path("postsDelivered").asInt()).isEqualTo(3);
        assertThat(first.at("/_aws/CloudWatchMetrics/0/Namespace").asText()).isEqualTo("Parley");
        assertThat(first.at("/_aws/CloudWatchMetrics/0/Dimensions/0/0").asText())
                .isEqualTo("function");
        assertThat(first.at("/_aws/CloudWatchMetrics/0/Metrics").size())
                .isEqualTo(BroadcastMetrics.Counter.values().length);
        assertThat(new ObjectMapper()
                        .readTree(lines.get(1))
                        .path("postsDelivered")
                        .asInt())
                .isEqualTo(4);
    }
}
