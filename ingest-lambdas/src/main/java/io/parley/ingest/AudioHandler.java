package io.parley.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import java.time.Clock;
import java.util.Map;

/** Routes {@code sendaudio} and {@code audio}: one chunk of voice. */
public final class AudioHandler implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final IngestChunk ingestChunk;
    private final IngestSeedAudio ingestSeedAudio;

    public AudioHandler() {
        this(System.getenv(), Clock.systemUTC());
    }

    public AudioHandler(Map<String, String> environment, Clock clock) {
        this(new IngestParts(environment, clock));
    }

    private AudioHandler(IngestParts parts) {
        ingestChunk = parts.ingestChunk();
        ingestSeedAudio = parts.ingestSeedAudio(ingestChunk);
    }

    /** @param ingestSeedAudio null where clients of the original protocol are not served */
    AudioHandler(IngestChunk ingestChunk, IngestSeedAudio ingestSeedAudio) {
        this.ingestChunk = ingestChunk;
        this.ingestSeedAudio = ingestSeedAudio;
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        Sender sender = Sender.of(event.getRequestContext());
        return GatewayResponse.of(
                sender.isSeed() && ingestSeedAudio != null
                        ? ingestSeedAudio.ingest(sender, event.getBody())
                        : ingestChunk.ingest(sender, event.getBody()));
    }
}
