package io.parley.core.model;

import com.google.protobuf.ByteString;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.ChunkTrace;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Event;
import io.parley.core.wire.Joined;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.Member;
import io.parley.core.wire.Removed;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.StreamInfo;
import io.parley.core.wire.StreamOrigin;
import io.parley.core.wire.Tick;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What leaves a room at once, in plain lists: the same shape for the model's output and for the room's. */
final class ModelOutput {

    boolean hasTick;
    long epoch;
    long tick;
    long closeTimeMs;
    long rosterVersion;
    String soleSpeaker = "";
    String skipped = "";
    boolean unrecorded;
    final List<Event> events = new ArrayList<>();
    final List<LiveFrame> frames = new ArrayList<>();
    final List<StreamOrigin> origins = new ArrayList<>();
    final List<LoggedFrame> logOnly = new ArrayList<>();
    final List<String> traces = new ArrayList<>();
    final List<ChunkReference> sequenced = new ArrayList<>();
    final List<ChunkReference> failed = new ArrayList<>();
    final List<DirectPost> posts = new ArrayList<>();

    /** A frame that is played. */
    static final class LiveFrame {
        final int stream;
        final int sequence;
        final int level;
        final byte[] payload;

        LiveFrame(int stream, int sequence, int level, byte[] payload) {
            this.stream = stream;
            this.sequence = sequence;
            this.level = level;
            this.payload = payload;
        }
    }

    /** A frame that is not. */
    static final class LoggedFrame {
        final String participant;
        final String connection;
        final int numbering;
        final int sequence;
        final Disposition disposition;
        final int level;
        final byte[] digest;
        /** Null where it is not kept. */
        final byte[] payload;

        LoggedFrame(
                String participant,
                String connection,
                int numbering,
                int sequence,
                Disposition disposition,
                int level,
                byte[] digest,
                byte[] payload) {
            this.participant = participant;
            this.connection = connection;
            this.numbering = numbering;
            this.sequence = sequence;
            this.disposition = disposition;
            this.level = level;
            this.digest = digest;
            this.payload = payload;
        }
    }

    /** Reads an output of the room, by docs/formats.md alone. */
    static ModelOutput read(RoomOutput output) {
        ModelOutput read = new ModelOutput();
        read.sequenced.addAll(output.getSequencedList());
        read.failed.addAll(output.getFailedList());
        read.posts.addAll(output.getPostsList());
        if (!output.hasTick()) {
            return read;
        }
        Tick tick = output.getTick();
        read.hasTick = true;
        read.epoch = tick.getEpoch();
        read.tick = tick.getTick();
        read.closeTimeMs = tick.getCloseTimeMs();
        read.rosterVersion = tick.getRosterVersion();
        read.soleSpeaker = tick.getSoleSpeaker();
        if (tick.hasSkipped()) {
            read.skipped = tick.getSkipped().getParticipant() + " from "
                    + tick.getSkipped().getFrom();
        }
        read.unrecorded = output.getUnrecorded();
        read.events.addAll(tick.getEventsList());
        ByteBuffer bytes = tick.getFrames().asReadOnlyByteBuffer();
        while (bytes.hasRemaining()) {
            int stream = bytes.getShort() & 0xFFFF;
            int sequence = bytes.getInt();
            int count = bytes.get() & 0xFF;
            for (int i = 0; i < count; i++) {
                byte[] payload = new byte[bytes.getShort() & 0xFFFF];
                int level = bytes.get();
                bytes.get(payload);
                read.frames.add(new LiveFrame(stream, sequence + i, level, payload));
            }
        }
        read.origins.addAll(tick.getLogOnly().getOriginsList());
        for (LogFrame frame : tick.getLogOnly().getFramesList()) {
            read.logOnly.add(new LoggedFrame(
                    frame.getParticipant(),
                    frame.getConnection(),
                    frame.getNumbering(),
                    frame.getSequence(),
                    frame.getDisposition(),
                    frame.getLevel(),
                    frame.getDigest().toByteArray(),
                    frame.getPayload().isEmpty() ? null : frame.getPayload().toByteArray()));
        }
        for (ChunkTrace trace : tick.getTracesList()) {
            read.traces.add(trace(trace.getStream(), trace.getSequence()));
        }
        return read;
    }

    static String trace(int stream, int sequence) {
        return "trace of stream " + stream + " #" + Integer.toUnsignedString(sequence);
    }

    /** Everything in it, a line for each. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (hasTick) {
            lines.add("tick " + epoch + ":" + tick + " at " + closeTimeMs + " roster " + rosterVersion
                    + (soleSpeaker.isEmpty() ? "" : " only " + soleSpeaker)
                    + (skipped.isEmpty() ? "" : " skipped " + skipped)
                    + (unrecorded ? " unrecorded" : ""));
            events.forEach(event -> lines.add("  " + line(event)));
            for (LiveFrame frame : frames) {
                lines.add("  frame of stream " + frame.stream + " #" + Integer.toUnsignedString(frame.sequence)
                        + " level " + frame.level + " " + hex(frame.payload));
            }
            origins.forEach(origin -> lines.add("  origin of stream " + origin.getStream() + ": "
                    + origin.getConnection() + " numbering " + origin.getNumbering()));
            for (LoggedFrame frame : logOnly) {
                lines.add("  " + frame.disposition + " " + frame.participant + " " + frame.connection + " numbering "
                        + frame.numbering + " #" + Integer.toUnsignedString(frame.sequence) + " level " + frame.level
                        + " " + (frame.payload == null ? "no payload" : hex(frame.payload)) + " digest "
                        + hex(frame.digest));
            }
            traces.forEach(trace -> lines.add("  " + trace));
        } else {
            lines.add("no tick");
        }
        sequenced.forEach(report -> lines.add("  sequenced " + line(report)));
        // In which order chunks are reported is nobody's business.
        failed.stream()
                .map(report -> "  failed " + report.getReason() + " " + line(report))
                .sorted()
                .forEach(lines::add);
        posts.forEach(post -> lines.add("  post " + line(post)));
        return lines;
    }

    private static String line(Event event) {
        StringBuilder line = new StringBuilder(event.getKind().name());
        append(line, " ", event.getParticipant());
        append(line, " name ", event.getName());
        if (event.getKind() == Event.Kind.STREAM || event.getKind() == Event.Kind.LOST) {
            line.append(" stream ").append(event.getStream());
        }
        if (event.getKind() == Event.Kind.STREAM) {
            line.append(" codec ").append(event.getCodec()).append(" of ").append(event.getFrameDurationUs());
        }
        if (event.getKind() == Event.Kind.LOST) {
            line.append(" #").append(Integer.toUnsignedString(event.getFirstSequence()));
        }
        if (event.getCount() != 0) {
            line.append(" count ").append(event.getCount());
        }
        append(line, " text ", event.getText());
        if (event.getTombstoneEpoch() != 0) {
            line.append(" after ").append(event.getTombstoneEpoch()).append(':').append(event.getTombstoneTick());
            line.append(' ').append(hex(event.getTombstoneHash().toByteArray()));
        }
        return line.toString();
    }

    private static void append(StringBuilder line, String before, String text) {
        if (!text.isEmpty()) {
            line.append(before).append(text);
        }
    }

    private static String line(ChunkReference report) {
        return report.getRequestId() + " of " + report.getParticipant() + " " + report.getConnection() + " arrival "
                + report.getArrivalTimeMs() + " #" + Integer.toUnsignedString(report.getSequence()) + " frames "
                + report.getFrameCount() + " codec " + report.getCodec();
    }

    private static String line(DirectPost post) {
        StringBuilder line = new StringBuilder(post.getConnection())
                .append(' ')
                .append(post.getParticipant())
                .append(' ')
                .append(post.getBodyCase());
        if (post.hasProbe()) {
            return line.append(' ').append(post.getProbe().getProbe().getId()).toString();
        }
        if (post.hasRemoved()) {
            Removed removed = post.getRemoved();
            line.append(' ').append(removed.getReason()).append(' ').append(removed.getUntilMs());
            append(line, " text ", removed.getText());
            return line.toString();
        }
        Joined joined = post.getJoined();
        line.append(' ').append(joined.getEpoch()).append(':').append(joined.getTick());
        line.append(' ').append(hex(joined.getHash().toByteArray()));
        line.append(" request ")
                .append(joined.getRequestId())
                .append(" version ")
                .append(joined.getControlVersion());
        line.append(joined.getRecording() ? " recording" : "");
        line.append(" reconnect ").append(joined.getReconnectBeforeMs());
        line.append(" hints ").append(joined.getChunkMs()).append(' ').append(joined.getTickMs());
        line.append(' ').append(joined.getPlayoutMs());
        line.append(" until ").append(joined.getGrantUntilMs());
        line.append(joined.getPushToTalk() ? " push-to-talk" : "");
        line.append(joined.getRoomMuted() ? " muted" : "").append(joined.getLocked() ? " locked" : "");
        line.append(" may ").append(joined.getPermissions().getSpeak() ? "speak" : "not speak");
        line.append(joined.getPermissions().getModerate() ? " moderate" : "");
        for (Member member : joined.getMembersList()) {
            line.append(" [").append(member.getParticipant()).append(' ').append(member.getName());
            line.append(member.getSpeaking() ? " speaking" : "").append(member.getMuted() ? " muted" : "");
            line.append(member.getSelfMuted() ? " self-muted" : "");
            line.append(member.getDeafened() ? " deafened]" : "]");
        }
        for (StreamInfo stream : joined.getStreamsList()) {
            line.append(" {")
                    .append(stream.getStream())
                    .append(' ')
                    .append(stream.getParticipant())
                    .append(' ');
            line.append(stream.getCodec())
                    .append(' ')
                    .append(stream.getFrameDurationUs())
                    .append('}');
        }
        return line.toString();
    }

    /** The first bytes, which tell enough. */
    static String hex(byte[] bytes) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < Math.min(bytes.length, 10); i++) {
            hex.append(String.format("%02x", bytes[i]));
        }
        return hex + (bytes.length > 10 ? "~" + bytes.length : "");
    }

    static String hex(ByteString bytes) {
        return hex(bytes.toByteArray());
    }
}
