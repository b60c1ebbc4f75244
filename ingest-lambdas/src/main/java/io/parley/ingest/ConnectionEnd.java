package io.parley.ingest;

import io.parley.core.error.FailureLog;
import io.parley.core.port.ConnectionPoster;
import io.parley.core.port.ConnectionPoster.Outcome;
import io.parley.core.room.Departure;
import java.time.Clock;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a connection that the client did not end: it leaves its rooms, is told goodbye and not to come back, and is
 * closed. Harmless where it is gone. Thread safe; blocks.
 */
final class ConnectionEnd {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionEnd.class);

    private final Departure departure;
    private final ConnectionPoster poster;
    private final FailureLog failures;

    ConnectionEnd(Departure departure, ConnectionPoster poster, Clock clock) {
        this.departure = Objects.requireNonNull(departure);
        this.poster = Objects.requireNonNull(poster);
        this.failures = FailureLog.ofLines(clock::millis, LOG::warn);
    }

    /**
     * What matters first is that nobody hears the user any more; a socket that is then left over can join nothing. Gives
     * whether all of it was done; what was not is logged.
     */
    boolean end(String connection, String reason) {
        boolean left = leave(connection, reason);
        poster.post(connection, ServerMessages.bye(reason, false))
                .toCompletableFuture()
                .join();
        return (close(connection) || close(connection)) && left;
    }

    private boolean leave(String connection, String reason) {
        try {
            departure.disconnect(connection, null, null, reason);
            return true;
        } catch (RuntimeException e) {
            failures.failed("a connection that was ended could not leave its rooms", Started.cause(e));
            return false;
        }
    }

    private boolean close(String connection) {
        Outcome outcome = poster.close(connection).toCompletableFuture().join();
        return outcome == Outcome.POSTED || outcome == Outcome.GONE;
    }
}
