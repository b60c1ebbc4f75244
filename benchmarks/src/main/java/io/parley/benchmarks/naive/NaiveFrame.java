package io.parley.benchmarks.naive;

/**
 * A frame on its way through the naive design, as its events carry it.
 *
 * @param status PENDING when its object is stored, PROCESSING when that has been looked at, COMPLETED when all were posted
 * @param key of its object, sealed with a data key of its own
 * @param speaker connection of the speaker
 * @param number of the frame
 */
public record NaiveFrame(Status status, String room, String key, String speaker, long number) {

    /** The statuses of the original design. */
    public enum Status {
        PENDING,
        PROCESSING,
        COMPLETED
    }

    public NaiveFrame with(Status next) {
        return new NaiveFrame(next, room, key, speaker, number);
    }
}
