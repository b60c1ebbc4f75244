package io.parley.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureLogTest {

    private final List<String> lines = new ArrayList<>();
    private long nowMs = -5;
    private final FailureLog failures = new FailureLog(() -> nowMs, (line, cause) -> lines.add(line + ", by " + cause));

    @Test
    void aBurstOfFailuresIsOneLine() {
        failures.failed("not kept", new IllegalStateException("away"));
        failures.failed("not kept", new IllegalStateException("away"));
        failures.failed("not told");

        assertThat(lines).containsExactly("not kept, by java.lang.IllegalStateException: away");
    }

    @Test
    void theNextBurstSaysHowManyWereNotWritten() {
        failures.failed("first");
        failures.failed("second");
        failures.failed("third");
        nowMs += FailureLog.BURST_MS;
        failures.failed("fourth");
        nowMs += FailureLog.BURST_MS;
        failures.failed("fifth");

        assertThat(lines)
                .containsExactly(
                        "first, by null", "fourth (and 2 times since the last line), by null", "fifth, by null");
    }

    @Test
    void aLogOfLinesHasTheCauseBehindWhatFailed() {
        FailureLog inLines = FailureLog.ofLines(() -> nowMs, lines::add);
        inLines.failed("not kept", new IllegalStateException("away"));
        nowMs += FailureLog.BURST_MS;
        inLines.failed("not told");

        assertThat(lines).containsExactly("not kept: java.lang.IllegalStateException: away", "not told");
    }
}
