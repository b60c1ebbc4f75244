package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureLogTest {

    private final MovableClock clock = new MovableClock();
    private final List<String> lines = new ArrayList<>();
    private final FailureLog failures = new FailureLog(lines::add, clock);

    @Test
    void logsABurstOnceAndSaysHowManyThereWere() {
        for (int i = 0; i < 50; i++) {
            failures.failed("not kept", new IllegalStateException("away"));
        }
        assertThat(lines).containsExactly("not kept: java.lang.IllegalStateException: away");
        clock.advance(FailureLog.BURST_MS);
        failures.failed("not kept", new IllegalStateException("away"));

        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).contains("49 times");
    }
}
