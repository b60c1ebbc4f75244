package io.parley.local.kinesis;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** The hash keys that one shard takes, both ends included. A hash key is the MD5 of a partition key as a number. */
record HashKeyRange(BigInteger start, BigInteger end) {

    private static final BigInteger KEYS = BigInteger.ONE.shiftLeft(128);

    HashKeyRange {
        if (start.signum() < 0 || end.compareTo(KEYS) >= 0 || start.compareTo(end) > 0) {
            throw new IllegalArgumentException("no range of hash keys: " + start + " to " + end);
        }
    }

    /** All keys in that many ranges of equal size, the last with what division leaves. */
    static List<HashKeyRange> even(int count) {
        BigInteger size = KEYS.divide(BigInteger.valueOf(count));
        List<HashKeyRange> ranges = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            BigInteger start = size.multiply(BigInteger.valueOf(index));
            BigInteger end = index == count - 1 ? KEYS : start.add(size);
            ranges.add(new HashKeyRange(start, end.subtract(BigInteger.ONE)));
        }
        return ranges;
    }

    static BigInteger hashKeyOf(String partitionKey) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            return new BigInteger(1, md5.digest(partitionKey.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    static boolean isHashKey(BigInteger key) {
        return key.signum() >= 0 && key.compareTo(KEYS) < 0;
    }

    boolean contains(BigInteger key) {
        return start.compareTo(key) <= 0 && key.compareTo(end) <= 0;
    }

    /** Whether one ends where the other begins, in either order. */
    boolean isBeside(HashKeyRange other) {
        return end.add(BigInteger.ONE).equals(other.start)
                || other.end.add(BigInteger.ONE).equals(start);
    }

    HashKeyRange upTo(BigInteger newStart) {
        return new HashKeyRange(start, newStart.subtract(BigInteger.ONE));
    }

    HashKeyRange from(BigInteger newStart) {
        return new HashKeyRange(newStart, end);
    }

    HashKeyRange joined(HashKeyRange other) {
        return new HashKeyRange(start.min(other.start), end.max(other.end));
    }
}
