package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.parley.core.error.ErrorCode;
import io.parley.core.options.EventGranularity;
import io.parley.core.options.RoomPolicy;
import io.parley.core.room.Connection;
import io.parley.core.room.Departure;
import io.parley.core.room.Suspension;
import io.parley.core.wire.Control;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandlersTest {

    private final FakeSystem system = new FakeSystem();
    private final FakeUsers users = new FakeUsers(system.connections);
    private final ConnectHandler connect = new ConnectHandler(
            system.registry(),
            users,
            users,
            2,
            null,
            new Departure(system.registry(), system.stream(), system.clock),
            system.connectionEnd(),
            system.clock);

    @Test
    void remembersAConnectionAndTakesTheSubprotocol() {
        APIGatewayV2WebSocketEvent event = event("$connect", null);
        event.setHeaders(Map.of("sec-websocket-protocol", "bearer.secret, parley.v1"));
        APIGatewayV2WebSocketResponse response = connect.handleRequest(event, null);

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(response.getHeaders()).containsExactly(Map.entry("Sec-WebSocket-Protocol", "parley.v1"));
        Connection connection = system.connections.get("c1=");
        assertThat(connection.participant()).isEqualTo("ann");
        assertThat(connection.connectedAtMs()).isEqualTo(MovableClock.START_MS - 10);
        assertThat(connection.expiresAtMs())
                .isGreaterThan(MovableClock.START_MS + Duration.ofHours(2).toMillis());
    }

    @Test
    void takesNoSubprotocolThatWasNotOffered() {
        assertThat(connect.handleRequest(event("$connect", null), null).getHeaders())
                .isNull();
    }

    @Test
    void letsNobodyInWithoutAnAuthorizer() {
        APIGatewayV2WebSocketEvent event = event("$connect", null);
        event.getRequestContext().setAuthorizer(null);

        assertThat(connect.handleRequest(event, null).getStatusCode()).isEqualTo(401);
        assertThat(system.connections).isEmpty();
    }

    @Test
    void refusesAConnectionThatItCannotRemember() {
        system.away.add("registry");
        assertThat(connect.handleRequest(event("$connect", null), null).getStatusCode())
                .isEqualTo(503);
    }

    @Test
    void givesOneConnectionTooManyThePlaceOfTheOldest() {
        assertThat(connect.handleRequest(connecting("c1="), null).getStatusCode())
                .isEqualTo(200);
        assertThat(connect.handleRequest(connecting("c2="), null).getStatusCode())
                .isEqualTo(200);
        assertThat(system.closed).isEmpty();

        assertThat(connect.handleRequest(connecting("c3="), null).getStatusCode())
                .isEqualTo(200);
        assertThat(system.connections).containsOnlyKeys("c2=", "c3=");
        assertThat(system.closed).containsExactly("c1=");
        assertThat(system.posts).singleElement().satisfies(bye -> {
            assertThat(bye.path("reason").asText()).isEqualTo("replaced");
            assertThat(bye.path("reconnect").asBoolean(true)).isFalse();
        });
    }

    @Test
    void refusesOneConnectionTooManyWhereTheOldestCannotBeEnded() {
        connect.handleRequest(connecting("c1="), null);
        connect.handleRequest(connecting("c2="), null);
        system.away.add("poster");
        APIGatewayV2WebSocketResponse third = connect.handleRequest(connecting("c3="), null);

        assertThat(third.getStatusCode()).isEqualTo(429);
        assertThat(third.getBody()).isEqualTo("{\"refused\":\"too_many_connections\"}");
        assertThat(system.connections).doesNotContainKey("c3=");
    }

    @Test
    void forgetsAConnectionOfAUserWhoWasSuspendedSinceTheAuthorizerRan() {
        users.suspended.put("ann", new Suspension(0, ""));
        APIGatewayV2WebSocketResponse response = connect.handleRequest(connecting("c1="), null);

        assertThat(response.getStatusCode()).isEqualTo(403);
        assertThat(response.getBody()).isEqualTo("{\"refused\":\"suspended\"}");
        assertThat(system.connections).isEmpty();
    }

    private static APIGatewayV2WebSocketEvent connecting(String connection) {
        APIGatewayV2WebSocketEvent event = event("$connect", null);
        event.getRequestContext().setConnectionId(connection);
        return event;
    }

    @Test
    void leavesAllRoomsOfAConnectionThatEnds() {
        connect.handleRequest(event("$connect", null), null);
        MessageHandler messages =
                new MessageHandler(system.floodGate(60), system.roomMessages(RoomPolicy.OPEN), system.metrics);
        messages.handleRequest(event("join", "{\"action\":\"join\",\"room\":\"lobby\"}"), null);
        messages.handleRequest(event("join", "{\"action\":\"join\",\"room\":\"arena\"}"), null);

        DisconnectHandler disconnect =
                new DisconnectHandler(new Departure(system.registry(), system.stream(), system.clock), system.clock);
        assertThat(disconnect.handleRequest(event("$disconnect", null), null).getStatusCode())
                .isEqualTo(200);
        assertThat(disconnect.handleRequest(event("$disconnect", null), null).getStatusCode())
                .isEqualTo(200);

        assertThat(system.members).isEmpty();
        assertThat(system.connections).isEmpty();
        assertThat(system.records)
                .extracting(record -> record.getControl().getKind())
                .containsExactly(Control.Kind.JOIN, Control.Kind.JOIN, Control.Kind.LEAVE, Control.Kind.LEAVE);
    }

    @Test
    void saysSoWhenADepartureFails() {
        system.away.add("registry");
        DisconnectHandler disconnect =
                new DisconnectHandler(new Departure(system.registry(), system.stream(), system.clock), system.clock);
        assertThat(disconnect.handleRequest(event("$disconnect", null), null).getStatusCode())
                .isEqualTo(503);
    }

    @Test
    void answersTheGatewayHonestly() {
        AudioHandler audio = new AudioHandler(
                system.floodGate(60), system.ingestChunk(EventGranularity.NONE, true), null, system.metrics);
        APIGatewayV2WebSocketResponse refused = audio.handleRequest(event("sendaudio", "{"), null);
        assertThat(refused.getStatusCode()).isEqualTo(400);
        assertThat(refused.getBody()).isEqualTo("{\"refused\":\"bad_json\"}");
        assertThat(system.metricLines).singleElement().asString().contains("\"messagesRefused\":1");

        assertThat(GatewayResponse.of(Ingested.TAKEN).getBody()).isNull();
        assertThat(GatewayResponse.of(Ingested.TAKEN).getStatusCode()).isEqualTo(200);
        APIGatewayV2WebSocketResponse half = GatewayResponse.of(new Ingested(null, false, false));
        assertThat(half.getStatusCode()).isEqualTo(200);
        assertThat(half.getBody()).isEqualTo("{\"archived\":false,\"reported\":false}");
        assertThat(GatewayResponse.of(Ingested.refused(ErrorCode.UNAVAILABLE)).getStatusCode())
                .isEqualTo(503);
    }

    @Test
    void startsFromAnEnvironmentWithoutCallingAnybody() {
        Map<String, String> environment = Map.ofEntries(
                Map.entry("AWS_REGION", "eu-central-1"),
                Map.entry("AWS_ACCESS_KEY_ID", "id"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "secret"),
                Map.entry("CONNECTIONS_TABLE", "connections"),
                Map.entry("VOICE_STREAM", "voice"),
                Map.entry("AUDIO_BUCKET", "audio"),
                Map.entry("AUDIO_KEY_ID", "alias/audio"),
                Map.entry("EVENT_BUS_NAME", "bus"),
                Map.entry("CALLBACK_URL", "https://api.example/prod"),
                Map.entry("TOKEN_ISSUER", "https://issuer.example"),
                Map.entry("TOKEN_CLIENT_ID", "game"),
                Map.entry("ROOM_POLICY", "open"));
        Clock clock = system.clock;
        assertThatCode(() -> {
                    new AuthorizerHandler(environment, clock);
                    new ConnectHandler(environment, clock);
                    new DisconnectHandler(environment, clock);
                    new MessageHandler(environment, clock);
                    new AudioHandler(environment, clock);
                    new OperatorHandler(environment, clock);
                })
                .doesNotThrowAnyException();
    }

    private static APIGatewayV2WebSocketEvent event(String route, String body) {
        RequestContext context = new RequestContext();
        context.setConnectionId("c1=");
        context.setRouteKey(route);
        context.setRequestId("r1");
        context.setDomainName("voice.example");
        context.setStage("prod");
        context.setConnectedAt(MovableClock.START_MS - 10);
        context.setRequestTimeEpoch(MovableClock.START_MS - 1);
        context.setAuthorizer(Map.of("participant", "ann", "principalId", "ann"));
        APIGatewayV2WebSocketEvent event = new APIGatewayV2WebSocketEvent();
        event.setRequestContext(context);
        event.setBody(body);
        return event;
    }
}
