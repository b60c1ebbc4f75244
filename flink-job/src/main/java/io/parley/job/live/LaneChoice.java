package io.parley.job.live;

/** Which of a subtask's lanes carries a room: always the same one, whatever the subtask. */
public final class LaneChoice {

    private LaneChoice() {}

    /** A number from 0 up to, but not including, {@code lanes}. */
    public static int of(String room, int lanes) {
        int hash = room.hashCode();
        return Math.floorMod(hash ^ hash >>> 16, lanes);
    }
}
