package io.parley.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.parley.core.error.ErrorCode;
import java.time.Clock;
import java.util.Map;

/** Routes {@code sendaudio} and {@code audio}: one chunk of voice. */
public final class AudioHandler implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final FloodGate gate;
    private final IngestChunk ingestChunk;
    private final IngestSeedAudio ingestSeedAudio;
    private final IngestMetrics metrics;

    public AudioHandler() {
        this(IngestParts.ofThisProcess(Clock.systemUTC()));
    }

    public AudioHandler(Map<String, String> environment, Clock clock) {
        this(new IngestParts(environment, clock));
    }

    /** For whoever wants to look at what it counts. */
    public AudioHandler(Map<String, String> environment, Clock clock, IngestMetrics metrics) {
        this(new IngestParts(environment, clock, metrics));
    }

    private AudioHandler(IngestParts parts) {
        gate = parts.floodGate();
        ingestChunk = parts.ingestChunk();
        ingestSeedAudio = parts.ingestSeedAudio(ingestChunk);
        metrics = parts.metrics();
        if (parts.startsAhead()) {
            ingestChunk.prime();
        }
    }

    /** @param ingestSeedAudio null where clients of the original protocol are not served */
    AudioHandler(FloodGate gate, IngestChunk ingestChunk, IngestSeedAudio ingestSeedAudio, IngestMetrics metrics) {
        this.gate = gate;
        this.ingestChunk = ingestChunk;
        this.ingestSeedAudio = ingestSeedAudio;
        this.metrics = metrics;
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        Sender sender = Sender.of(event.getRequestContext());
        try {
            return GatewayResponse.of(ingest(sender, event.getBody()));
        } finally {
            metrics.report();
        }
    }

    private Ingested ingest(Sender sender, String body) {
        if (!gate.admits(sender)) {
            return ingestChunk.refuseUnread(sender, ErrorCode.RATE_LIMITED);
        }
        return sender.isSeed() && ingestSeedAudio != null
                ? ingestSeedAudio.ingest(sender, body)
                : ingestChunk.ingest(sender, body);
    }
}
