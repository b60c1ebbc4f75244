package io.parley.core.model;

/**
 * One thing that happens to a room, as a few small numbers, so that a trace that fails shrinks to something that can
 * be read. {@link Script} says what the numbers mean.
 */
final class Action {

    enum Kind {
        /** A chunk; x: frames and size, y: delay, z: end of spurt, duplicates, loss, level. */
        SPEAK,
        /** x chunks in real time; y: how their delays spread; z: level and length. */
        TALK,
        /** Several chunks at once. */
        FLOOD,
        /** x frames are lost on the way before the job. */
        SKIP,
        /** The spurt has ended without saying so. */
        BREAK,
        /** The client numbers anew, on the same connection; x: where it begins. */
        RENUMBER,
        /** x: another codec or duration; y: whether it numbers at all. */
        RECODE,
        /** The clock by which the client tells capture times is x off. */
        SKEW,
        JOIN,
        LEAVE,
        MUTE,
        UNMUTE,
        /** Mutes or deafens itself, or ends that; x: what of it. */
        PRESENCE,
        KICK,
        BAN,
        REVOKE,
        SUSPEND,
        LOCK,
        UNLOCK,
        /** x: whether it is recorded; y: whether it is muted; z: whether push-to-talk is asked for. */
        SETTINGS,
        SAY,
        /** x connections and participants that nobody knows leave and are muted. */
        CROWD,
        PROBE,
        PAUSE,
        /** The timer fires though nothing is due. */
        EARLY_TIMER,
        /** Timers fire x ms late from now on. */
        LATE_TIMERS,
        /** The operator stops and starts again; x: how long it was down; y: whether it has to catch up. */
        RESTART,
        CAUGHT_UP,
        /** The room goes through its serialized state. */
        CHECKPOINT
    }

    final Kind kind;
    /** How long after the action before. */
    final int waitMs;

    final int who;
    final int x;
    final int y;
    final int z;

    Action(Kind kind, int waitMs, int who, int x, int y, int z) {
        this.kind = kind;
        this.waitMs = waitMs;
        this.who = who;
        this.x = x;
        this.y = y;
        this.z = z;
    }

    @Override
    public String toString() {
        return "\n  new Action(Action.Kind." + kind + ", " + waitMs + ", " + who + ", " + x + ", " + y + ", " + z + ")";
    }
}
