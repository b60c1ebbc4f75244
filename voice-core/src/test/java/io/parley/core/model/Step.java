package io.parley.core.model;

import io.parley.core.chunk.Chunk;
import io.parley.core.wire.Control;
import io.parley.core.wire.Presence;
import io.parley.core.wire.StreamRecord;

/** One call of a room at its time; what a {@link Script} makes of actions. Immutable. */
final class Step {

    enum Kind {
        RECORD,
        TIMER,
        LATE_TIMERS,
        RESTART,
        CATCHING_UP,
        CHECKPOINT,
        PAUSE
    }

    final Kind kind;
    final long atMs;
    /** Null unless it is a record. */
    final StreamRecord record;
    /** LATE_TIMERS: ms; RESTART and CATCHING_UP: whether it has to catch up. */
    final int value;

    private Step(Kind kind, long atMs, StreamRecord record, int value) {
        this.kind = kind;
        this.atMs = atMs;
        this.record = record;
        this.value = value;
    }

    static Step of(Kind kind, long atMs, int value) {
        return new Step(kind, atMs, null, value);
    }

    static Step record(long atMs, StreamRecord record) {
        return new Step(Kind.RECORD, atMs, record, 0);
    }

    Chunk chunk() {
        return record.hasChunk() ? Chunk.parse(record.getChunk().toByteArray()) : null;
    }

    @Override
    public String toString() {
        String at = "+" + (atMs - Script.START_MS) + " " + kind;
        if (record == null) {
            return at + " " + value;
        }
        String of = " v" + record.getControlVersion() + " " + record.getRequestId() + " " + record.getConnection();
        if (record.hasControl()) {
            Control control = record.getControl();
            Presence presence = control.getPresence();
            return at + of + " " + control.getKind() + " " + control.getParticipant()
                    + (control.getPermissions().getSpeak() ? " may speak" : " may not speak")
                    + (presence.getMuted() ? " muted" : "")
                    + (presence.getSelfMuted() ? " self-muted" : "")
                    + (presence.getDeafened() ? " deafened" : "")
                    + (control.getRecording() ? " recording" : "")
                    + (control.getRoomMuted() ? " room-muted" : "")
                    + (control.getPushToTalk() ? " push-to-talk" : "")
                    + (control.getExpiresAtMs() == 0
                            ? ""
                            : " expires +" + (control.getExpiresAtMs() - Script.START_MS));
        }
        if (!record.hasChunk()) {
            return at + of;
        }
        Chunk chunk = chunk();
        return at + of + (record.getUnnumbered() ? " unnumbered" : "") + " arrival +"
                + (record.getArrivalTimeMs() - Script.START_MS) + " #" + Integer.toUnsignedString(chunk.sequence())
                + " x" + chunk.frameCount() + " offset " + chunk.spurtOffset() + " capture +"
                + (chunk.captureTimeMs() - Script.START_MS) + " " + chunk.codec() + "/" + chunk.frameDurationUs()
                + " level " + chunk.level(0) + (chunk.isEndOfSpurt() ? " end" : "")
                + (chunk.isTraced() ? " traced" : "")
                + (chunk.isPushToTalk() ? " pushed" : "")
                + (record.getReportStatus() ? " reported" : "")
                + (record.getPermissions().getSpeak() ? "" : " may not speak");
    }
}
