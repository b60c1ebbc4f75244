package io.parley.ingest;

/** Reads user tokens. */
@FunctionalInterface
interface UserTokens {

    /** Throws {@link Unauthorized} where the token is not valid. */
    UserToken verify(String token);
}
