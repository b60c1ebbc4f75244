package io.parley.core.room;

import com.google.protobuf.ByteString;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.FrameState;
import io.parley.core.wire.Trace;
import java.util.Comparator;

/** A frame on its way through a room: a view on its chunk's bytes with what ordering needs to know. Immutable. */
final class Frame {

    /** The order of frames in a tick: room time, then participant, then sequence number. */
    static final Comparator<Frame> ORDER = (a, b) -> {
        int byTime = Long.compare(a.roomTimeUs, b.roomTimeUs);
        if (byTime != 0) {
            return byTime;
        }
        int byParticipant = a.participant.compareTo(b.participant);
        if (byParticipant != 0) {
            return byParticipant;
        }
        int byStream = Integer.compare(a.stream, b.stream);
        return byStream != 0 ? byStream : Long.compare(a.place, b.place);
    };

    /** Index of its speaker stream. */
    final int stream;

    final String participant;
    /** Sequence number, extended over the wraps of its 32 bits. */
    final long place;

    final int level;
    final byte[] bytes;
    final int offset;
    final int length;
    /** When the job received it. */
    final long receivedMs;

    final long roomTimeUs;
    /** Holds its place in the order, but is too old to be played. */
    final boolean stale;

    final boolean endsSpurt;
    /** Of the chunk's first frame, if its status is reported; else null. */
    final ChunkReference report;
    /** Of the chunk's first frame, if the client asked for hop times; else null. */
    final Trace trace;

    Frame(
            int stream,
            String participant,
            long place,
            int level,
            byte[] bytes,
            int offset,
            int length,
            long receivedMs,
            long roomTimeUs,
            boolean stale,
            boolean endsSpurt,
            ChunkReference report,
            Trace trace) {
        this.stream = stream;
        this.participant = participant;
        this.place = place;
        this.level = level;
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.receivedMs = receivedMs;
        this.roomTimeUs = roomTimeUs;
        this.stale = stale;
        this.endsSpurt = endsSpurt;
        this.report = report;
        this.trace = trace;
    }

    /** The same frame at another room time. */
    Frame at(long otherRoomTimeUs) {
        return new Frame(
                stream,
                participant,
                place,
                level,
                bytes,
                offset,
                length,
                receivedMs,
                otherRoomTimeUs,
                stale,
                endsSpurt,
                report,
                trace);
    }

    int sequence() {
        return (int) place;
    }

    FrameState state() {
        FrameState.Builder state = FrameState.newBuilder()
                .setStream(stream)
                .setParticipant(participant)
                .setPlace(place)
                .setLevel(level)
                .setPayload(ByteString.copyFrom(bytes, offset, length))
                .setReceivedMs(receivedMs)
                .setRoomTimeUs(roomTimeUs)
                .setStale(stale)
                .setEndsSpurt(endsSpurt);
        if (report != null) {
            state.setReport(report);
        }
        if (trace != null) {
            state.setTrace(trace);
        }
        return state.build();
    }

    static Frame restore(FrameState state) {
        byte[] payload = state.getPayload().toByteArray();
        return new Frame(
                state.getStream(),
                state.getParticipant(),
                state.getPlace(),
                state.getLevel(),
                payload,
                0,
                payload.length,
                state.getReceivedMs(),
                state.getRoomTimeUs(),
                state.getStale(),
                state.getEndsSpurt(),
                state.hasReport() ? state.getReport() : null,
                state.hasTrace() ? state.getTrace() : null);
    }
}
