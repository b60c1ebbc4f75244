package io.parley.local.kinesis;

import io.parley.local.edge.AwsException;
import java.util.List;

/** Where a ListShards call goes on: what its NextToken carries. */
record ShardPage(String stream, String afterShard, ShardFilter filter, long issuedMs) {

    private static final String KIND = "shards";

    /** From the ListShards page of the API reference. */
    private static final long LIFETIME_MS = 300_000;

    static ShardPage parse(String token, long nowMs) {
        try {
            List<String> fields = Token.read(token, KIND, 6).orElseThrow(ShardPage::invalid);
            ShardFilter filter = new ShardFilter(fields.get(2), fields.get(3), Long.parseLong(fields.get(4)));
            ShardPage page = new ShardPage(fields.get(0), fields.get(1), filter, Long.parseLong(fields.get(5)));
            if (nowMs - page.issuedMs > LIFETIME_MS) {
                throw new AwsException(400, "ExpiredNextTokenException", "NextToken is older than 300 seconds.");
            }
            return page;
        } catch (NumberFormatException e) {
            throw invalid();
        }
    }

    @Override
    public String toString() {
        return Token.write(KIND, stream, afterShard, filter.type(), filter.shardId(), filter.timestampMs(), issuedMs);
    }

    private static AwsException invalid() {
        return new AwsException(400, "InvalidArgumentException", "NextToken is invalid.");
    }
}
