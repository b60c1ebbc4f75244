package io.parley.core.envelope;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Names of objects in the audio bucket. They never collide, list in time order within an hour's folder, and can be
 * made again from the chunk's record, so that the job names an object that the ingest Lambda wrote.
 */
public final class ObjectKeys {

    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("uuuu/MM/dd/HH").withZone(ZoneOffset.UTC);

    private ObjectKeys() {}

    /** {@code room/yyyy/MM/dd/HH/participant/arrival-connection-sequence}. */
    public static String chunk(String room, String participant, String connection, long arrivalTimeMs, int sequence) {
        return room
                + '/'
                + HOUR.format(Instant.ofEpochMilli(arrivalTimeMs))
                + '/'
                + participant
                + '/'
                + arrivalTimeMs
                + '-'
                + connection
                + '-'
                + Integer.toUnsignedString(sequence);
    }

    /** {@code ticks/room/yyyy/MM/dd/HH/epoch-firstTick-contentHash}; numbers padded so that they list in order. */
    public static String segment(String room, long epoch, long firstTick, long closeTimeMs, String contentHash) {
        return "ticks/" + room + '/' + HOUR.format(Instant.ofEpochMilli(closeTimeMs)) + '/' + pad(epoch, 15) + '-'
                + pad(firstTick, 10) + '-' + contentHash;
    }

    private static String pad(long number, int width) {
        String digits = Long.toString(number);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
