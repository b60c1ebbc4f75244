package io.parley.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.parley.core.error.ErrorCode;
import java.time.Clock;
import java.util.Map;

/** Every route but audio's, {@code $connect} and {@code $disconnect}: {@link RoomMessages} knows the actions. */
public final class MessageHandler implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final FloodGate gate;
    private final RoomMessages roomMessages;
    private final IngestMetrics metrics;

    public MessageHandler() {
        this(IngestParts.ofThisProcess(Clock.systemUTC()));
    }

    public MessageHandler(Map<String, String> environment, Clock clock) {
        this(new IngestParts(environment, clock));
    }

    /** For whoever wants to look at what it counts. */
    public MessageHandler(Map<String, String> environment, Clock clock, IngestMetrics metrics) {
        this(new IngestParts(environment, clock, metrics));
    }

    private MessageHandler(IngestParts parts) {
        this(parts.floodGate(), parts.roomMessages(), parts.metrics());
    }

    MessageHandler(FloodGate gate, RoomMessages roomMessages, IngestMetrics metrics) {
        this.gate = gate;
        this.roomMessages = roomMessages;
        this.metrics = metrics;
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        Sender sender = Sender.of(event.getRequestContext());
        try {
            return GatewayResponse.of(
                    gate.admits(sender)
                            ? roomMessages.serve(sender, event.getBody())
                            : roomMessages.refuseUnread(sender, ErrorCode.RATE_LIMITED));
        } finally {
            metrics.report();
        }
    }
}
