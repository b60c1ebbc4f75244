package io.parley.core.room;

import io.parley.core.chunk.Chunk;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.RunState;
import io.parley.core.wire.Trace;

/**
 * Consecutive frames of one chunk on their way through a room: one object however many frames, which stay where they
 * are in the chunk's bytes. Mutable: a tick that is full takes its first frames and leaves the rest. Per-frame code.
 */
final class Run {

    /** What becomes of its places. */
    enum Kind {
        PLAYABLE,
        /** Nothing is played for them, and listeners are told that they are lost. */
        LOST,
        /** Nothing is played for them and nothing said: listeners know that the speaker is muted. */
        SILENT
    }

    final SpeakerStream stream;
    final Chunk chunk;
    /** When the job received it. */
    final long receivedMs;

    final long arrivalMs;
    final Kind kind;
    /** If the status of its chunk is reported with it, until it is; else null. */
    ChunkReference report;
    /** If the client asked for the hop times of its chunk, until they are told; else null. */
    Trace trace;

    /** Sequence number of its first frame, extended over the wraps of its 32 bits. */
    long place;
    /** Which of the chunk's frames is its first. */
    int from;

    int count;
    /** Room time of its first frame; the others follow at the frame duration. */
    long startUs;
    /** The next run of the same stream in the same tick; null at the last. */
    Run next;

    Run(
            SpeakerStream stream,
            Chunk chunk,
            int from,
            int count,
            long place,
            long receivedMs,
            long arrivalMs,
            long startUs,
            Kind kind,
            ChunkReference report,
            Trace trace) {
        this.stream = stream;
        this.chunk = chunk;
        this.from = from;
        this.count = count;
        this.place = place;
        this.receivedMs = receivedMs;
        this.arrivalMs = arrivalMs;
        this.startUs = startUs;
        this.kind = kind;
        this.report = report;
        this.trace = trace;
    }

    /** One past its last place. */
    long end() {
        return place + count;
    }

    boolean endsSpurt() {
        return chunk.isEndOfSpurt() && from + count == chunk.frameCount();
    }

    /** Takes the first frame away. */
    void advance() {
        place++;
        from++;
        count--;
        startUs += chunk.frameDurationUs();
    }

    RunState state() {
        RunState.Builder state = RunState.newBuilder()
                .setStream(stream.index())
                .setPlace(place)
                .setChunk(chunk.content())
                .setFrom(from)
                .setCount(count)
                .setReceivedMs(receivedMs)
                .setArrivalMs(arrivalMs)
                .setStartUs(startUs)
                .setKind(kind.ordinal());
        if (report != null) {
            state.setReport(report);
        }
        if (trace != null) {
            state.setTrace(trace);
        }
        return state.build();
    }

    static Run restore(RunState state, SpeakerStream stream) {
        return new Run(
                stream,
                Chunk.parse(state.getChunk()),
                state.getFrom(),
                state.getCount(),
                state.getPlace(),
                state.getReceivedMs(),
                state.getArrivalMs(),
                state.getStartUs(),
                Kind.values()[state.getKind()],
                state.hasReport() ? state.getReport() : null,
                state.hasTrace() ? state.getTrace() : null);
    }
}
