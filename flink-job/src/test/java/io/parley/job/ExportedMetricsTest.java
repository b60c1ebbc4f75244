package io.parley.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.junit.jupiter.api.Test;

class ExportedMetricsTest {

    private final MemoryMetrics operator = new MemoryMetrics();
    private final ExportedMetrics exported = new ExportedMetrics(operator);

    @Test
    void aCounterGoesAsWhatItCountedASecond() {
        Counter frames = operator.counter(JobMetrics.FRAMES_LOST);
        exported.rate(JobMetrics.FRAMES_LOST_RATE, frames);
        frames.inc(120);

        assertThat(cloudWatch().rate(JobMetrics.FRAMES_LOST_RATE)).isEqualTo(2.0);
    }

    @Test
    void aHistogramGoesAsWhatOneInAHundredExceeds() {
        DescriptiveStatisticsHistogram lag = new DescriptiveStatisticsHistogram(1024);
        exported.tail(JobMetrics.ARRIVAL_LAG_TAIL, lag);
        assertThat(cloudWatch().gauge(JobMetrics.ARRIVAL_LAG_TAIL)).isEqualTo(0L);

        for (int i = 1; i <= 1000; i++) {
            lag.update(i);
        }
        assertThat(cloudWatch().gauge(JobMetrics.ARRIVAL_LAG_TAIL)).isEqualTo(990L);
    }

    private MemoryMetrics cloudWatch() {
        return operator.group("kinesisanalytics");
    }
}
