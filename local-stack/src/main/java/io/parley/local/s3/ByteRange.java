package io.parley.local.s3;

import io.parley.local.edge.AwsException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of an object that a Range header names; both ends within it and included. */
record ByteRange(long first, long last) {

    private static final Pattern ONE_RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * Null where there is no range, or one that cannot be read or has several parts: then S3 sends the whole object.
     */
    static ByteRange of(String header, long size) {
        Matcher range = ONE_RANGE.matcher(header == null ? "" : header.trim());
        if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
            return null;
        }
        if (range.group(1).isEmpty()) {
            long suffix = Long.parseLong(range.group(2));
            return within(Math.max(0, size - suffix), suffix == 0 ? -1 : size - 1, size);
        }
        long first = Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(2));
        return last < first ? null : within(first, Math.min(last, size - 1), size);
    }

    int length() {
        return Math.toIntExact(last - first + 1);
    }

    private static ByteRange within(long first, long last, long size) {
        if (first >= size || last < first) {
            throw new AwsException(416, "InvalidRange", "The requested range is not satisfiable");
        }
        return new ByteRange(first, last);
    }
}
