package io.parley.job;

import com.google.protobuf.ByteString;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.StreamRecord;

/** Records as ingest writes them. */
public final class Records {

    public static final int FRAME_US = 20_000;
    private static final byte OPUS_20_MS = 0x48;
    private static final Permissions SPEAKER =
            Permissions.newBuilder().setSpeak(true).setListen(true).build();

    private Records() {}

    public static StreamRecord join(String room, String participant, long version, long arrivalMs) {
        return control(room, participant, version, arrivalMs, Control.Kind.JOIN);
    }

    /** A member who is gone for certain at that time. */
    public static StreamRecord join(String room, String participant, long version, long arrivalMs, long expiresAtMs) {
        StreamRecord.Builder join = join(room, participant, version, arrivalMs).toBuilder();
        join.getControlBuilder().setExpiresAtMs(expiresAtMs);
        return join.build();
    }

    public static StreamRecord mute(String room, String participant, long version, long arrivalMs) {
        StreamRecord.Builder mute = control(room, participant, version, arrivalMs, Control.Kind.MUTE).toBuilder();
        mute.getControlBuilder().getPermissionsBuilder().setSpeak(false);
        mute.getControlBuilder().getPresenceBuilder().setMuted(true);
        return mute.build();
    }

    public static StreamRecord recording(String room, boolean on, long version, long arrivalMs) {
        StreamRecord.Builder settings = control(room, "ann", version, arrivalMs, Control.Kind.SETTINGS).toBuilder();
        settings.getControlBuilder().setRecording(on);
        return settings.build();
    }

    public static StreamRecord leave(String room, String participant, long version, long arrivalMs) {
        return control(room, participant, version, arrivalMs, Control.Kind.LEAVE);
    }

    /** A chunk of one frame, the {@code position}-th of its spurt and of its stream. */
    public static StreamRecord audio(String room, String participant, int position, long arrivalMs) {
        return audio(room, participant, position, 1, arrivalMs);
    }

    /** A chunk of frames; each frame's payload says its sequence number. */
    public static StreamRecord audio(String room, String participant, int position, int frames, long arrivalMs) {
        ChunkBuilder chunk = new ChunkBuilder(Codec.OPUS, FRAME_US, position, position, arrivalMs);
        for (int i = 0; i < frames; i++) {
            chunk.frame(30, payload(position + i));
        }
        return base(room, participant, arrivalMs)
                .setKind(StreamRecord.Kind.AUDIO)
                .setPermissions(SPEAKER)
                .setControlVersion(1)
                .setReportStatus(true)
                .setRequestId(participant + "-" + position)
                .setChunk(ByteString.copyFrom(chunk.build()))
                .build();
    }

    /** A chunk of one frame by a client that numbers nothing; its payload says which one it is. */
    public static StreamRecord unnumbered(String room, String participant, int which, long arrivalMs) {
        return audio(room, participant, which, arrivalMs).toBuilder()
                .setUnnumbered(true)
                .build();
    }

    public static byte[] payload(int sequence) {
        return new byte[] {OPUS_20_MS, (byte) (sequence >>> 8), (byte) sequence};
    }

    private static StreamRecord control(
            String room, String participant, long version, long arrivalMs, Control.Kind kind) {
        return base(room, participant, arrivalMs)
                .setKind(StreamRecord.Kind.CONTROL)
                .setControlVersion(version)
                .setRequestId("request-" + version)
                .setControl(Control.newBuilder()
                        .setKind(kind)
                        .setParticipant(participant)
                        .setConnection(connection(participant))
                        .setDisplayName(participant)
                        .setPermissions(SPEAKER))
                .build();
    }

    private static StreamRecord.Builder base(String room, String participant, long arrivalMs) {
        return StreamRecord.newBuilder()
                .setVersion(1)
                .setRoom(room)
                .setParticipant(participant)
                .setConnection(connection(participant))
                .setArrivalTimeMs(arrivalMs);
    }

    public static String connection(String participant) {
        return "connection-of-" + participant;
    }
}
