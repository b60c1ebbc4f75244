package io.parley.ingest;

import io.parley.core.port.VoiceStream;
import io.parley.core.room.RoomChange;
import io.parley.core.wire.Control;
import io.parley.core.wire.StreamRecord;
import io.parley.ingest.IngestMetrics.Counter;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.CompletionException;

/**
 * Puts what was decided about a room on the voice stream, so that the job orders it with the speech. If the stream
 * cannot be told, the change holds already and the client gets an error; to send the message again is to make the change
 * again, with the next version. Thread safe; blocks.
 */
final class RoomRecords {

    private final VoiceStream stream;
    private final Clock clock;
    private final IngestMetrics metrics;

    RoomRecords(VoiceStream stream, Clock clock, IngestMetrics metrics) {
        this.stream = Objects.requireNonNull(stream);
        this.clock = Objects.requireNonNull(clock);
        this.metrics = Objects.requireNonNull(metrics);
    }

    void control(ClientRequest request, RoomChange change, Control.Builder control) {
        control(request, request.room(), change.controlVersion(), control);
    }

    void control(ClientRequest request, String room, long version, Control.Builder control) {
        put(record(request, room, StreamRecord.Kind.CONTROL)
                .setControlVersion(version)
                .setControl(control));
    }

    StreamRecord.Builder record(ClientRequest request, String room, StreamRecord.Kind kind) {
        Sender sender = request.sender();
        return StreamRecord.newBuilder()
                .setVersion(1)
                .setKind(kind)
                .setRoom(room)
                .setParticipant(sender.participant())
                .setConnection(sender.connection())
                .setRequestId(sender.requestId())
                .setArrivalTimeMs(sender.arrivalTimeMs())
                .setTrace(IngestChunk.trace(sender, request.ingestUs(), clock));
    }

    void put(StreamRecord.Builder record) {
        try {
            stream.put(record.build()).toCompletableFuture().join();
        } catch (CompletionException e) {
            metrics.add(Counter.STREAM_FAILURES, 1);
            throw e;
        }
    }
}
