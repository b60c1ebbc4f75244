package io.parley.local.kinesis;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A record's place in its shard, written as Kinesis writes it: a decimal of 56 digits that ascends within a shard and
 * from a shard to its children.
 *
 * <p>From the top: the digit 2 (bits 184-185), the shard's creation in seconds (36 bits), the ordinal in the shard (64
 * bits; 0 is the shard's own beginning, records count from 1), the arrival in milliseconds (48 bits), the shard's number
 * (32 bits), the digit 2 (4 bits). AWS calls the number opaque, so nothing but this class looks inside.
 */
record SequenceNumber(long createdSeconds, long ordinal, long arrivalMs, int shardNumber) {

    private static final int VERSION = 2;
    private static final Pattern DECIMAL = Pattern.compile("[1-9]\\d{55}");
    private static final int SHARD_SHIFT = 4;
    private static final int ARRIVAL_SHIFT = 36;
    private static final int ORDINAL_SHIFT = 84;
    private static final int CREATED_SHIFT = 148;
    private static final int VERSION_SHIFT = 184;

    static Optional<SequenceNumber> parse(String decimal) {
        if (!DECIMAL.matcher(decimal).matches()) {
            return Optional.empty();
        }
        BigInteger number = new BigInteger(decimal);
        if (number.shiftRight(VERSION_SHIFT).intValue() != VERSION
                || bits(number, 0, SHARD_SHIFT).intValue() != VERSION) {
            return Optional.empty();
        }
        return Optional.of(new SequenceNumber(
                bits(number, CREATED_SHIFT, VERSION_SHIFT).longValue(),
                bits(number, ORDINAL_SHIFT, CREATED_SHIFT).longValue(),
                bits(number, ARRIVAL_SHIFT, ORDINAL_SHIFT).longValue(),
                bits(number, SHARD_SHIFT, ARRIVAL_SHIFT).intValue()));
    }

    @Override
    public String toString() {
        return BigInteger.valueOf(VERSION)
                .shiftLeft(VERSION_SHIFT)
                .or(BigInteger.valueOf(createdSeconds).shiftLeft(CREATED_SHIFT))
                .or(BigInteger.valueOf(ordinal).shiftLeft(ORDINAL_SHIFT))
                .or(BigInteger.valueOf(arrivalMs).shiftLeft(ARRIVAL_SHIFT))
                .or(BigInteger.valueOf(shardNumber).shiftLeft(SHARD_SHIFT))
                .or(BigInteger.valueOf(VERSION))
                .toString();
    }

    private static BigInteger bits(BigInteger number, int from, int to) {
        return number.shiftRight(from).and(BigInteger.ONE.shiftLeft(to - from).subtract(BigInteger.ONE));
    }
}
