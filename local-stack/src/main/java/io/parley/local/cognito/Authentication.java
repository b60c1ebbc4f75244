package io.parley.local.cognito;

import java.time.Instant;

/**
 * One sign-in, from which tokens are made and made again.
 *
 * @param originId the claim {@code origin_jti}, the same in all tokens of a sign-in
 * @param at the claim {@code auth_time}
 */
record Authentication(PoolUser user, String originId, Instant at) {}
