package io.parley.core.port;

import java.util.List;

/**
 * The connections of one user. Blocking; thread safe. Trouble of the store surfaces as a
 * {@link io.parley.core.error.ParleyException} of {@code UNAVAILABLE}.
 */
public interface UserConnections {

    /**
     * Those that the {@link ConnectionRegistry} knows, by a consistent read without what has expired; who expires first is
     * first. Some may be gone without anybody having said so.
     */
    List<String> of(String participant);
}
