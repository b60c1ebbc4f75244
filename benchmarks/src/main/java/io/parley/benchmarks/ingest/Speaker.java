package io.parley.benchmarks.ingest;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.aws.AwsPorts;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.room.Connection;
import io.parley.core.room.JoinRequest;
import io.parley.core.room.RoomGrant;
import io.parley.core.wire.Permissions;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/** A member of the room in the middle of its speech, and the gateway's events of its chunks. */
public final class Speaker {

    public static final String ROOM = "room-0";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int FRAME_US = 20_000;
    private static final int FRAMES = 5;
    private static final int PAYLOAD = 60;
    /** SILK, 20 ms, one frame: RFC 6716 §3.1. */
    private static final byte OPUS_20_MS = 0x48;

    private static final int BEGUN_FRAMES_AGO = 500;
    private static final long TWO_HOURS_MS = 7_200_000;
    private static final int MAX_ATTEMPTS = 10;

    private final String room;
    private final String connection;
    private final Clock clock;
    private int sequence = BEGUN_FRAMES_AGO;

    private Speaker(String room, String connection, Clock clock) {
        this.room = room;
        this.connection = connection;
        this.clock = clock;
    }

    /** Into the room {@link #ROOM}. */
    public static Speaker join(String connection, Map<String, String> environment, Clock clock) {
        return join(ROOM, connection, environment, clock);
    }

    /** The first calls of a process may take longer than its clients wait, so a join is tried several times. */
    public static Speaker join(String room, String connection, Map<String, String> environment, Clock clock) {
        for (int attempt = 1; ; attempt++) {
            try {
                enter(room, connection, environment, clock);
                return new Speaker(room, connection, clock);
            } catch (ParleyException e) {
                if (e.code() != ErrorCode.UNAVAILABLE || attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static void enter(String room, String connection, Map<String, String> environment, Clock clock) {
        AwsPorts aws = AwsPorts.from(environment);
        long expiresAtMs = clock.millis() + TWO_HOURS_MS;
        String participant = participant(connection);
        aws.connectionRegistry(IngestStand.TABLE, clock)
                .connect(new Connection(connection, participant, clock.millis(), expiresAtMs, Set.of()));
        Permissions all =
                Permissions.newBuilder().setSpeak(true).setListen(true).build();
        aws.roomRegistry(IngestStand.TABLE, 100, 4, clock)
                .join(
                        room,
                        new JoinRequest(participant, connection, expiresAtMs, participant, "none")
                                .withGrant(RoomGrant.of(all, 0)));
    }

    private static String participant(String connection) {
        return "speaker-of-" + connection;
    }

    /** The next chunk, neither the first nor the last of what is said. */
    byte[] chunk() {
        ChunkBuilder chunk = new ChunkBuilder(Codec.OPUS, FRAME_US, sequence, sequence, clock.millis());
        sequence += FRAMES;
        byte[] payload = new byte[PAYLOAD];
        payload[0] = OPUS_20_MS;
        for (int i = 0; i < FRAMES; i++) {
            chunk.frame(20, payload);
        }
        return chunk.build();
    }

    /** As the gateway hands it to Lambda. */
    public byte[] eventJson() throws JsonProcessingException {
        APIGatewayV2WebSocketEvent event = event();
        RequestContext context = event.getRequestContext();
        Map<String, Object> request = Map.of(
                "connectionId", context.getConnectionId(),
                "routeKey", context.getRouteKey(),
                "requestId", context.getRequestId(),
                "domainName", context.getDomainName(),
                "stage", context.getStage(),
                "connectedAt", context.getConnectedAt(),
                "requestTimeEpoch", context.getRequestTimeEpoch(),
                "authorizer", context.getAuthorizer());
        return JSON.writeValueAsBytes(Map.of("requestContext", request, "body", event.getBody()));
    }

    APIGatewayV2WebSocketEvent event() {
        RequestContext context = new RequestContext();
        context.setConnectionId(connection);
        context.setRouteKey("audio");
        context.setRequestId("request-" + sequence);
        context.setDomainName("voice.example");
        context.setStage("prod");
        context.setConnectedAt(clock.millis());
        context.setRequestTimeEpoch(clock.millis());
        context.setAuthorizer(Map.of("participant", participant(connection), "principalId", participant(connection)));
        APIGatewayV2WebSocketEvent event = new APIGatewayV2WebSocketEvent();
        event.setRequestContext(context);
        event.setBody("{\"action\":\"audio\",\"room\":\"" + room + "\",\"chunk\":\""
                + Base64.getEncoder().encodeToString(chunk()) + "\"}");
        return event;
    }
}
