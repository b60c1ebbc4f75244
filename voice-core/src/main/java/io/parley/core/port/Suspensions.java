package io.parley.core.port;

import io.parley.core.room.Suspension;
import java.util.Optional;

/**
 * Who is suspended from the whole deployment. Reads are consistent and leave out what has ended. Blocking; thread safe.
 * Trouble of the store surfaces as a {@link io.parley.core.error.ParleyException} of {@code UNAVAILABLE}.
 */
public interface Suspensions {

    Optional<Suspension> find(String participant);

    /** In the place of one that there may be. */
    void suspend(String participant, Suspension suspension);

    /**
     * In the place of one that ends earlier; one that ends later, or only when it is lifted, stays.
     *
     * @param suspension one with an end
     */
    void suspendAtLeast(String participant, Suspension suspension);

    /** Gives whether there was one. */
    boolean lift(String participant);
}
