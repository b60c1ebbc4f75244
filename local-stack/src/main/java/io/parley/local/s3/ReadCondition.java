package io.parley.local.s3;

import io.parley.local.edge.AwsException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** The conditional headers of GET and HEAD, in the precedence that the GetObject page gives them. */
final class ReadCondition {

    private ReadCondition() {}

    /** Throws 412 or 304 where the call does not want the object as it is. */
    static void check(S3Call call, ObjectHeader object) {
        long modified = object.lastModifiedMs() / 1000;
        String match = call.header("If-Match", null);
        Instant unmodifiedSince = date(call, "If-Unmodified-Since");
        if (match != null
                ? !matches(match, object.etag())
                : unmodifiedSince != null && modified > unmodifiedSince.getEpochSecond()) {
            throw preconditionFailed();
        }
        String noneMatch = call.header("If-None-Match", null);
        Instant modifiedSince = date(call, "If-Modified-Since");
        if (noneMatch != null
                ? matches(noneMatch, object.etag())
                : modifiedSince != null && modified <= modifiedSince.getEpochSecond()) {
            throw new AwsException(304, "NotModified", "The object is as you know it.");
        }
    }

    static boolean matches(String condition, String etag) {
        return Arrays.stream(condition.split(","))
                .map(String::trim)
                .anyMatch(tag -> tag.equals("*") || unquoted(tag).equals(unquoted(etag)));
    }

    static AwsException preconditionFailed() {
        return new AwsException(
                412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
    }

    static AwsException noSuchKey(String key) {
        return new AwsException(404, "NoSuchKey", "The specified key does not exist: " + key);
    }

    private static String unquoted(String etag) {
        return etag.replace("\"", "");
    }

    /** A date that cannot be read is as if not sent (RFC 9110, 13.1.3). */
    private static Instant date(S3Call call, String header) {
        String value = call.header(header, null);
        try {
            return value == null
                    ? null
                    : ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
