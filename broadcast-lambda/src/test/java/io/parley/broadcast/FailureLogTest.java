package io.parley.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureLogTest {

    private final FakeClock clock = new FakeClock();
    private final List<String> lines = new ArrayList<>();
    private final FailureLog log = new FailureLog(clock, lines::add);

    @Test
    void aBurstOfFailuresIsOneLine() {
        log.failed("first");
        log.failed("second");
        log.failed("third");

        assertThat(lines).containsExactly("first");
    }

    @Test
    void theNextBurstSaysHowManyWereNotWritten() {
        log.failed("first");
        log.failed("second");
        clock.advanceMs(FailureLog.BURST_MS);
        log.failed("third");
        clock.advanceMs(FailureLog.BURST_MS);
        log.failed("fourth");

        assertThat(lines).containsExactly("first", "third (and 1 failures before)", "fourth");
    }
}
