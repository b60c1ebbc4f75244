package io.parley.ingest;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.Suspensions;
import io.parley.core.port.UserConnections;
import io.parley.core.room.Suspension;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Suspends a user: nothing connects under that name until the suspension ends, and what is connected leaves its rooms and
 * is closed. Safe to repeat. Thread safe; blocks.
 */
final class Suspend {

    static final String REASON = "suspended";

    private static final Logger LOG = LoggerFactory.getLogger(Suspend.class);

    private final Suspensions suspensions;
    private final UserConnections connections;
    private final ConnectionEnd connectionEnd;

    Suspend(Suspensions suspensions, UserConnections connections, ConnectionEnd connectionEnd) {
        this.suspensions = Objects.requireNonNull(suspensions);
        this.connections = Objects.requireNonNull(connections);
        this.connectionEnd = Objects.requireNonNull(connectionEnd);
    }

    /**
     * In the place of a suspension that there may be. Gives how many connections were ended. Throws
     * {@link ParleyException} of {@code UNAVAILABLE} where one or more could not be; the user is suspended all the same,
     * and the others are ended.
     */
    int suspend(String participant, Suspension suspension) {
        suspensions.suspend(participant, suspension);
        return endConnections(participant);
    }

    /** As {@link #suspend}, but a suspension that ends later, or never, stays as it is. */
    int suspendAtLeast(String participant, Suspension suspension) {
        suspensions.suspendAtLeast(participant, suspension);
        return endConnections(participant);
    }

    /** Gives whether the user was suspended. */
    boolean lift(String participant) {
        return suspensions.lift(participant);
    }

    private int endConnections(String participant) {
        int ended = 0;
        int open = 0;
        for (String connection : connections.of(participant)) {
            if (connectionEnd.end(connection, REASON)) {
                ended++;
            } else {
                open++;
            }
        }
        LOG.info("{} was suspended; {} connections ended", participant, ended);
        if (open > 0) {
            throw new ParleyException(ErrorCode.UNAVAILABLE, open + " of the user's connections could not be ended");
        }
        return ended;
    }
}
