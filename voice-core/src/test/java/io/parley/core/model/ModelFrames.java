package io.parley.core.model;

import io.parley.core.chunk.Chunk;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.StreamRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the model keeps of chunks and frames. */
final class ModelFrames {

    private ModelFrames() {}

    /** A chunk as it came, with when it came. */
    static final class Arrival {
        final StreamRecord record;
        final Chunk chunk;
        final long nowMs;

        Arrival(StreamRecord record, Chunk chunk, long nowMs) {
            this.record = record;
            this.chunk = chunk;
            this.nowMs = nowMs;
        }

        int count() {
            return chunk.frameCount();
        }

        long arrivalMs() {
            return record.getArrivalTimeMs();
        }

        byte[] payload(int i) {
            int from = chunk.payloadOffset(i);
            return Arrays.copyOfRange(chunk.bytes(), from, from + chunk.payloadLength(i));
        }

        ChunkReference reference(String reason) {
            return ChunkReference.newBuilder()
                    .setParticipant(record.getParticipant())
                    .setConnection(record.getConnection())
                    .setRequestId(record.getRequestId())
                    .setArrivalTimeMs(arrivalMs())
                    .setSequence(chunk.sequence())
                    .setFrameCount(count())
                    .setCodec(chunk.codec().id())
                    .setReason(reason)
                    .build();
        }

        /** Frame i as it is logged; {@code sequence} is what it is called by. */
        ModelOutput.LoggedFrame logged(
                int i, int sequence, int numbering, Disposition disposition, boolean keepsPayload) {
            byte[] payload = payload(i);
            return new ModelOutput.LoggedFrame(
                    record.getParticipant(),
                    record.getConnection(),
                    numbering,
                    sequence,
                    disposition,
                    chunk.level(i),
                    ChainHash.digest(ChainHash.NEVER_PLAYED, sequence, chunk.level(i), payload),
                    keepsPayload ? payload : null);
        }
    }

    /** Consecutive frames of one chunk that are to be played, in a stream. */
    static final class Run {
        final ModelStream stream;
        final Arrival arrival;
        /** Of its first frame, before it was put behind the frames that left earlier. */
        final long mediaTimeUs;

        final boolean firstOfChunk;
        final List<Place> places = new ArrayList<>();

        Run(ModelStream stream, Arrival arrival, long mediaTimeUs, boolean firstOfChunk) {
            this.stream = stream;
            this.arrival = arrival;
            this.mediaTimeUs = mediaTimeUs;
            this.firstOfChunk = firstOfChunk;
        }

        boolean isReported() {
            return firstOfChunk && arrival.record.getReportStatus();
        }

        boolean isTraced() {
            return firstOfChunk && arrival.chunk.isTraced();
        }
    }

    enum Kind {
        PLAYED,
        /** Its place is declared lost when it is its turn. */
        LOST,
        /** Its place is passed in silence. */
        SILENT
    }

    /** A frame at its place. */
    static final class Place {
        final long place;
        final Kind kind;
        final Arrival arrival;
        final int i;
        /** Null unless it is to be played. */
        final Run run;
        /** Known when it is released. */
        long roomTimeUs;

        Place(long place, Kind kind, Arrival arrival, int i, Run run) {
            this.place = place;
            this.kind = kind;
            this.arrival = arrival;
            this.i = i;
            this.run = run;
        }

        int level() {
            return arrival.chunk.level(i);
        }

        boolean endsSpurt() {
            return arrival.chunk.isEndOfSpurt() && i == arrival.count() - 1;
        }

        int payloadLength() {
            return arrival.chunk.payloadLength(i);
        }
    }
}
