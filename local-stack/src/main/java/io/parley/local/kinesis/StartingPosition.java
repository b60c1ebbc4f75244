package io.parley.local.kinesis;

import io.parley.local.edge.AwsException;

/** Where GetShardIterator and SubscribeToShard begin: the five types of the API reference. */
final class StartingPosition {

    private StartingPosition() {}

    /** The ordinal of the first record to read; where there is none yet, of the one to come. */
    static long resolve(
            CallBody body, String typeField, String numberField, KinesisStream stream, KinesisShard shard, long nowMs) {
        String type = body.text(typeField);
        switch (type) {
            case "TRIM_HORIZON":
                return shard.trimHorizon(nowMs, stream.retention().toMillis());
            case "LATEST":
                return shard.tip();
            case "AT_SEQUENCE_NUMBER":
                return Math.max(1, ordinal(body, type, numberField, stream, shard));
            case "AFTER_SEQUENCE_NUMBER":
                return ordinal(body, type, numberField, stream, shard) + 1;
            case "AT_TIMESTAMP":
                return atTimestamp(body, shard, nowMs);
            default:
                throw AwsException.validation(CallBody.detected(
                        type,
                        Character.toLowerCase(typeField.charAt(0)) + typeField.substring(1),
                        "satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER,"
                                + " TRIM_HORIZON]"));
        }
    }

    private static long ordinal(CallBody body, String type, String field, KinesisStream stream, KinesisShard shard) {
        String number = body.optionalText(field);
        if (number == null) {
            throw invalid("Must either specify " + field + " or choose another type than " + type + ".");
        }
        return SequenceNumber.parse(number)
                .flatMap(shard::ordinalOf)
                .orElseThrow(() -> invalid(field + " " + number + " used on shard " + shard.id() + " in "
                        + stream.inWords() + " is invalid because it did not come from this shard."));
    }

    private static long atTimestamp(CallBody body, KinesisShard shard, long nowMs) {
        Long timestamp = body.optionalTime("Timestamp");
        if (timestamp == null) {
            throw invalid("Must either specify Timestamp or choose another type than AT_TIMESTAMP.");
        }
        if (timestamp > nowMs) {
            throw invalid("The Timestamp " + timestamp + " ms lies in the future: it is " + nowMs + " ms now.");
        }
        return shard.firstSince(timestamp);
    }

    private static AwsException invalid(String message) {
        return new AwsException(400, "InvalidArgumentException", message);
    }
}
