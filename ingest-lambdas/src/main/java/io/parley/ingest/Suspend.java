package io.parley.ingest;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.FailureLog;
import io.parley.core.error.ParleyException;
import io.parley.core.port.ConnectionPoster;
import io.parley.core.port.ConnectionPoster.Outcome;
import io.parley.core.port.Suspensions;
import io.parley.core.port.UserConnections;
import io.parley.core.room.Departure;
import io.parley.core.room.Suspension;
import java.time.Clock;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator suspends a user: nothing connects under that name until the suspension ends, and what is connected leaves
 * its rooms and is closed. Safe to repeat. Thread safe; blocks.
 */
final class Suspend {

    static final String REASON = "suspended";

    private static final Logger LOG = LoggerFactory.getLogger(Suspend.class);

    private final Suspensions suspensions;
    private final UserConnections connections;
    private final Departure departure;
    private final ConnectionPoster poster;
    private final FailureLog failures;

    Suspend(
            Suspensions suspensions,
            UserConnections connections,
            Departure departure,
            ConnectionPoster poster,
            Clock clock) {
        this.suspensions = Objects.requireNonNull(suspensions);
        this.connections = Objects.requireNonNull(connections);
        this.departure = Objects.requireNonNull(departure);
        this.poster = Objects.requireNonNull(poster);
        this.failures = FailureLog.ofLines(clock::millis, LOG::warn);
    }

    /**
     * Gives how many connections were ended. Throws {@link ParleyException} of {@code UNAVAILABLE} where one or more
     * could not be; the user is suspended all the same, and the others are ended.
     */
    int suspend(String participant, Suspension suspension) {
        suspensions.suspend(participant, suspension);
        int ended = 0;
        int open = 0;
        for (String connection : connections.of(participant)) {
            if (end(connection)) {
                ended++;
            } else {
                open++;
            }
        }
        LOG.info("{} was suspended until {}; {} connections ended", participant, suspension.untilMs(), ended);
        if (open > 0) {
            throw new ParleyException(ErrorCode.UNAVAILABLE, open + " of the user's connections could not be ended");
        }
        return ended;
    }

    /** Gives whether the user was suspended. */
    boolean lift(String participant) {
        return suspensions.lift(participant);
    }

    /** What matters first is that nobody hears the user any more; a socket that is then left over can join nothing. */
    private boolean end(String connection) {
        boolean left = leave(connection);
        poster.post(connection, ServerMessages.bye(REASON, false))
                .toCompletableFuture()
                .join();
        return (close(connection) || close(connection)) && left;
    }

    private boolean leave(String connection) {
        try {
            departure.disconnect(connection, null, null, REASON);
            return true;
        } catch (RuntimeException e) {
            failures.failed("a suspended user could not leave its rooms", Started.cause(e));
            return false;
        }
    }

    private boolean close(String connection) {
        Outcome outcome = poster.close(connection).toCompletableFuture().join();
        return outcome == Outcome.POSTED || outcome == Outcome.GONE;
    }
}
