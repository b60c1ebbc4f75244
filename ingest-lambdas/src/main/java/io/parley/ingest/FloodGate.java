package io.parley.ingest;

import io.parley.core.error.FailureLog;
import io.parley.core.room.Suspension;
import io.parley.ingest.IngestMetrics.Counter;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the messages of whoever sends too many, before anything is done for them; whoever floods is suspended. Thread
 * safe; blocks while it suspends.
 */
final class FloodGate {

    static final String REASON = "abuse";

    private static final Logger LOG = LoggerFactory.getLogger(FloodGate.class);

    private final MessageRate rate;
    private final Suspend suspend;
    private final Duration suspendedFor;
    private final Clock clock;
    private final IngestMetrics metrics;
    private final FailureLog failures;

    /** @param suspendedFor zero where nobody is suspended */
    FloodGate(MessageRate rate, Suspend suspend, Duration suspendedFor, Clock clock, IngestMetrics metrics) {
        this.rate = Objects.requireNonNull(rate);
        this.suspend = Objects.requireNonNull(suspend);
        this.suspendedFor = Objects.requireNonNull(suspendedFor);
        this.clock = Objects.requireNonNull(clock);
        this.metrics = Objects.requireNonNull(metrics);
        this.failures = FailureLog.ofLines(clock::millis, LOG::warn);
    }

    /** Whether the message may be looked at. Judged by when it arrived, so that a slow process stops nobody. */
    boolean admits(Sender sender) {
        return switch (rate.judge(sender.connection(), sender.arrivalTimeMs())) {
            case TAKE -> true;
            case REFUSE -> stopped();
            case ABUSE -> {
                suspend(sender);
                yield stopped();
            }
        };
    }

    private boolean stopped() {
        metrics.add(Counter.MESSAGES_OVER_RATE, 1);
        return false;
    }

    private void suspend(Sender sender) {
        metrics.add(Counter.FLOODS, 1);
        if (suspendedFor.isZero() || sender.participant() == null) {
            return;
        }
        try {
            long untilMs = clock.millis() + suspendedFor.toMillis();
            suspend.suspendAtLeast(sender.participant(), new Suspension(untilMs, REASON));
        } catch (RuntimeException e) {
            metrics.add(Counter.SUSPEND_FAILURES, 1);
            failures.failed("who floods could not be suspended", Started.cause(e));
        }
    }
}
