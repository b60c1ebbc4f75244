package io.parley.ingest;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.FailureLog;
import io.parley.core.pace.ConnectionPace;
import io.parley.core.port.ConnectionPoster;
import io.parley.core.port.ConnectionPoster.Outcome;
import io.parley.core.room.Admitted;
import io.parley.ingest.IngestMetrics.Counter;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a client through the gateway. An answer that does not arrive is counted and never fails what it answers; a
 * connection gets at most one error a second from this process. Thread safe; the futures never fail.
 */
final class ClientAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(ClientAnswers.class);
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final ConnectionPoster poster;
    private final Clock clock;
    private final IngestMetrics metrics;
    private final ConnectionPace errorPace = new ConnectionPace();
    private final FailureLog failures;

    ClientAnswers(ConnectionPoster poster, Clock clock, IngestMetrics metrics) {
        this.poster = Objects.requireNonNull(poster);
        this.clock = Objects.requireNonNull(clock);
        this.metrics = Objects.requireNonNull(metrics);
        this.failures = FailureLog.ofLines(clock::millis, LOG::warn);
    }

    CompletableFuture<Void> accepted(ClientRequest request) {
        return post(request.sender(), ServerMessages.accepted(request.message(), request.sender()));
    }

    CompletableFuture<Void> admitted(ClientRequest request, String room, String resume, Admitted admitted) {
        return post(
                request.sender(), ServerMessages.admitted(request.message(), request.sender(), room, resume, admitted));
    }

    CompletableFuture<Void> renewed(ClientRequest request, long grantUntilMs) {
        return post(
                request.sender(),
                ServerMessages.renewed(request.message(), request.sender(), request.room(), grantUntilMs));
    }

    CompletableFuture<Void> pong(ClientMessage message, Sender sender) {
        return post(sender, ServerMessages.pong(message, sender, clock.millis()));
    }

    /**
     * Counts the refusal and tells the client, unless it was told of another within the second.
     *
     * @param action what was asked for; null where that is no action
     */
    CompletableFuture<Void> refused(ErrorCode code, String action, ClientMessage message, Sender sender) {
        metrics.refused(code);
        if (!errorPace.tryTake(sender.connection(), clock.millis())) {
            metrics.add(Counter.ERRORS_WITHHELD, 1);
            return DONE;
        }
        return post(sender, ServerMessages.error(code, action, message, sender));
    }

    private CompletableFuture<Void> post(Sender sender, byte[] text) {
        return Started.call(() -> poster.post(sender.connection(), text)).handle((outcome, failure) -> {
            // Who is gone needs no answer; the gateway will say so to the disconnect route.
            if (failure != null || outcome != Outcome.POSTED && outcome != Outcome.GONE) {
                metrics.add(Counter.POST_FAILURES, 1);
                failures.failed(
                        "a client could not be answered",
                        failure == null ? new IllegalStateException(outcome.name()) : failure);
            }
            return null;
        });
    }
}
