package io.parley.ingest;

/**
 * What a valid user token says.
 *
 * @param participant its claim {@code sub}: unlike the user name, it never changes and is never given to another user
 * @param expiresAtMs its claim {@code exp}
 */
record UserToken(String participant, long expiresAtMs) {}
