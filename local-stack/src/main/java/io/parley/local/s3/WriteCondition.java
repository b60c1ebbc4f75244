package io.parley.local.s3;

import io.parley.local.edge.AwsException;

/**
 * What a PUT asks of the object it replaces ("Conditional requests, conditional writes").
 *
 * @param mustBeAbsent {@code If-None-Match: *}
 * @param mustBe the ETag of {@code If-Match}, or null
 */
record WriteCondition(boolean mustBeAbsent, String mustBe) {

    static WriteCondition of(S3Call call) {
        String absent = call.header("If-None-Match", null);
        if (absent != null && !absent.equals("*")) {
            throw new AwsException(501, "NotImplemented", "Writes take If-None-Match only with the value *.");
        }
        return new WriteCondition(absent != null, call.header("If-Match", null));
    }

    /** @param current the object's ETag, or null where there is none */
    void check(String key, String current) {
        if (mustBe != null && current == null) {
            throw ReadCondition.noSuchKey(key);
        }
        if (mustBeAbsent && current != null || mustBe != null && !ReadCondition.matches(mustBe, current)) {
            throw ReadCondition.preconditionFailed();
        }
    }
}
