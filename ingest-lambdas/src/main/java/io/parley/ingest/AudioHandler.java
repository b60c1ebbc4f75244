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

    public AudioHandler() {
        this(System.getenv(), Clock.systemUTC());
    }

    public AudioHandler(Map<String, String> environment, Clock clock) {
        this(new IngestParts(environment, clock).ingestChunk());
    }

    AudioHandler(IngestChunk ingestChunk) {
        this.ingestChunk = ingestChunk;
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        return GatewayResponse.of(ingestChunk.ingest(Sender.of(event.getRequestContext()), event.getBody()));
    }
}
