package io.parley.local.kinesis;

import java.util.Optional;

/** A place in a shard to read from. It names the stream's creation too, so that it dies with the stream. */
record ShardIterator(String stream, long streamCreatedMs, String shard, long ordinal, long issuedMs) {

    private static final String KIND = "iterator";

    /** From the GetRecords page of the API reference. */
    static final long LIFETIME_MS = 300_000;

    static Optional<ShardIterator> parse(String token) {
        try {
            return Token.read(token, KIND, 5)
                    .map(fields -> new ShardIterator(
                            fields.get(0),
                            Long.parseLong(fields.get(1)),
                            fields.get(2),
                            Long.parseLong(fields.get(3)),
                            Long.parseLong(fields.get(4))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    boolean isExpired(long nowMs) {
        return nowMs - issuedMs > LIFETIME_MS;
    }

    @Override
    public String toString() {
        return Token.write(KIND, stream, streamCreatedMs, shard, ordinal, issuedMs);
    }
}
