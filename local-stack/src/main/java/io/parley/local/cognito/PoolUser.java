package io.parley.local.cognito;

import java.util.List;

/**
 * A user of a pool.
 *
 * @param sub the immutable id in the user's tokens
 * @param groups in {@code cognito:groups}, in order of precedence; may be empty
 */
public record PoolUser(String username, String sub, String password, List<String> groups) {

    public PoolUser {
        groups = List.copyOf(groups);
    }

    @Override
    public String toString() {
        // The password must not get into a log.
        return "PoolUser[" + username + ", " + sub + ", " + groups + "]";
    }
}
