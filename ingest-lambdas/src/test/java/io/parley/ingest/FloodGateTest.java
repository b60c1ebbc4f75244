package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.error.ErrorCode;
import io.parley.core.event.SendAudioEvent;
import io.parley.core.options.EventGranularity;
import io.parley.core.options.RoomPolicy;
import io.parley.core.room.Connection;
import io.parley.core.room.Suspension;
import io.parley.core.wire.Permissions;
import io.parley.ingest.IngestMetrics.Counter;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Floods, through the handlers: 10,000 messages of one connection within ten seconds, where 60 a second are allowed. */
class FloodGateTest {

    private static final int FLOOD = 10_000;
    /** A burst of two seconds' worth; after it, whoever goes on is not taken at all. */
    private static final int BURST = 120;

    private static final Permissions SPEAKER =
            Permissions.newBuilder().setSpeak(true).setListen(true).build();

    private final FakeSystem system = new FakeSystem();

    @BeforeEach
    void join() {
        system.joined("lobby", SPEAKER);
    }

    @Test
    void aFloodOfAudioCostsNoMoreThanItsRate() {
        flood(audio(Duration.ZERO, EventGranularity.CHUNK), "sendaudio", chunk());

        assertThat(system.records).hasSizeBetween(BURST, BURST + 10);
        assertThat(system.objects).hasSizeLessThanOrEqualTo(system.records.size());
        assertThat(system.memberReads).isLessThanOrEqualTo(11);
        assertErrorsOfOneASecond();
        assertThat(system.events.stream().filter(event -> event.status() == SendAudioEvent.Status.FAILED))
                .hasSizeBetween(8, 11)
                .allSatisfy(event -> assertThat(event.reason()).isEqualTo(ErrorCode.RATE_LIMITED));
        assertThat(system.metrics.refusals(ErrorCode.RATE_LIMITED)).isEqualTo(FLOOD - system.records.size());
        assertThat(system.metrics.count(Counter.MESSAGES_OVER_RATE)).isEqualTo(FLOOD - system.records.size());
    }

    @Test
    void aFloodOfMessagesCostsNoMoreThanItsRate() {
        MessageHandler messages = new MessageHandler(
                system.floodGate(60, Duration.ZERO), system.roomMessages(RoomPolicy.OPEN), system.metrics);
        flood(messages::handleRequest, "probe", "{\"action\":\"probe\",\"room\":\"lobby\"}");

        assertThat(system.records).hasSizeBetween(BURST, BURST + 10);
        assertThat(system.memberReads).isLessThanOrEqualTo(11);
        assertErrorsOfOneASecond();
        assertThat(system.events).isEmpty();
    }

    @Test
    void aFloodOfNonsenseIsNotEvenRead() {
        AudioHandler audio = audio(Duration.ZERO, EventGranularity.NONE);
        flood(audio, "sendaudio", "{");

        assertThat(system.metrics.refusals(ErrorCode.BAD_JSON)).isBetween((long) BURST, BURST + 10L);
        assertThat(system.posts).hasSizeBetween(9, 11);
        assertThat(system.events).hasSizeBetween(9, 11);
    }

    @Test
    void whoFloodsIsSuspendedOnce() {
        flood(audio(Duration.ofMinutes(10), EventGranularity.NONE), "sendaudio", chunk());

        Suspension suspension = system.users.suspended.get(FakeSystem.PARTICIPANT);
        assertThat(suspension.reason()).isEqualTo("abuse");
        assertThat(suspension.untilMs())
                .isBetween(MovableClock.START_MS + 600_000, MovableClock.START_MS + 600_000 + 10_000);
        assertThat(system.closed).containsExactly(FakeSystem.CONNECTION);
        assertThat(system.connections).isEmpty();
        assertThat(actions()).containsOnlyOnce("bye");
        assertThat(system.metrics.count(Counter.FLOODS)).isEqualTo(1);
        assertThat(system.metrics.count(Counter.SUSPEND_FAILURES)).isZero();
    }

    @Test
    void whoIsSuspendedForLongerAlreadyStaysSo() {
        system.users.suspended.put(FakeSystem.PARTICIPANT, new Suspension(0, "shouting"));
        flood(audio(Duration.ofMinutes(10), EventGranularity.NONE), "sendaudio", chunk());

        assertThat(system.users.suspended.get(FakeSystem.PARTICIPANT).reason()).isEqualTo("shouting");
        assertThat(system.closed).containsExactly(FakeSystem.CONNECTION);
    }

    @Test
    void nobodyIsSuspendedWhereThatIsOff() {
        flood(audio(Duration.ZERO, EventGranularity.NONE), "sendaudio", chunk());

        assertThat(system.metrics.count(Counter.FLOODS)).isEqualTo(1);
        assertThat(system.users.suspended).isEmpty();
        assertThat(system.closed).isEmpty();
    }

    @Test
    void thatSomebodyCannotBeSuspendedIsCountedAndTheMessageRefusedLikeOthers() {
        system.users.away = true;
        flood(audio(Duration.ofMinutes(10), EventGranularity.NONE), "sendaudio", chunk());

        assertThat(system.metrics.count(Counter.SUSPEND_FAILURES)).isEqualTo(1);
        assertErrorsOfOneASecond();
    }

    @Test
    void aClientOfTheOriginalProtocolThatFloodsLosesItsConnection() {
        system.connections.clear();
        RequestContext context = context("sendaudio");
        context.setAuthorizer(Map.of("client", "seed"));
        Sender seed = Sender.of(context);
        system.registry()
                .connect(new Connection(seed.connection(), seed.participant(), 1, Long.MAX_VALUE, Set.of("lobby")));
        system.seedRoom().join(seed);
        IngestChunk ingestChunk = system.ingestChunk(EventGranularity.NONE, false);
        AudioHandler audio = new AudioHandler(
                system.floodGate(60),
                ingestChunk,
                new IngestSeedAudio(system.seedRoom(), new SeedRate(48_000), ingestChunk, system.clock),
                system.metrics);
        for (int i = 0; i < FLOOD; i++) {
            audio.handleRequest(event(context, SeedAudioTest.message(new byte[512], i)), null);
        }

        assertThat(system.closed).containsExactly(seed.connection());
        assertThat(system.members).doesNotContainKey("lobby" + seed.connection());
        assertThat(system.metrics.count(Counter.SUSPEND_FAILURES)).isZero();
    }

    @Test
    void theGatewayIsToldThatItWasTooMany() {
        AudioHandler audio = audio(Duration.ZERO, EventGranularity.NONE);
        flood(audio, "sendaudio", chunk());
        APIGatewayV2WebSocketResponse last = audio.handleRequest(event(context("sendaudio"), chunk()), null);

        assertThat(last.getStatusCode()).isEqualTo(429);
        assertThat(last.getBody()).isEqualTo("{\"refused\":\"rate_limited\"}");
    }

    @Test
    void speechAtItsFastestIsNoFlood() {
        AudioHandler audio = audio(Duration.ofMinutes(10), EventGranularity.NONE);
        for (int i = 0; i < 3_000; i++) {
            system.clock.advance(20);
            audio.handleRequest(event(context("sendaudio"), chunk()), null);
        }

        assertThat(system.records).hasSize(3_000);
        assertThat(system.posts).isEmpty();
    }

    private interface Route {
        APIGatewayV2WebSocketResponse handle(APIGatewayV2WebSocketEvent event, Context context);
    }

    private void flood(AudioHandler handler, String route, String body) {
        flood(handler::handleRequest, route, body);
    }

    private void flood(Route handler, String route, String body) {
        for (int i = 0; i < FLOOD; i++) {
            system.clock.advance(1);
            handler.handle(event(context(route), body), null);
        }
    }

    private AudioHandler audio(Duration suspendedFor, EventGranularity granularity) {
        return new AudioHandler(
                system.floodGate(60, suspendedFor), system.ingestChunk(granularity, true), null, system.metrics);
    }

    private void assertErrorsOfOneASecond() {
        assertThat(system.posts).hasSizeBetween(8, 11).allSatisfy(error -> {
            assertThat(error.path("action").asText()).isEqualTo("error");
            assertThat(error.path("code").asText()).isEqualTo("rate_limited");
            assertThat(error.path("retry").asText()).isEqualTo("later");
            assertThat(error.path("for").asText()).isIn("sendaudio", "probe");
        });
    }

    private List<String> actions() {
        return system.posts.stream()
                .map((JsonNode post) -> post.path("action").asText())
                .toList();
    }

    private RequestContext context(String route) {
        RequestContext context = new RequestContext();
        context.setConnectionId(FakeSystem.CONNECTION);
        context.setRouteKey(route);
        context.setRequestTimeEpoch(system.clock.millis());
        context.setAuthorizer(Map.of("participant", FakeSystem.PARTICIPANT));
        return context;
    }

    private static APIGatewayV2WebSocketEvent event(RequestContext context, String body) {
        APIGatewayV2WebSocketEvent event = new APIGatewayV2WebSocketEvent();
        event.setRequestContext(context);
        event.setBody(body);
        return event;
    }

    private static String chunk() {
        byte[] chunk = new ChunkBuilder(Codec.OPUS, 20_000, 0, 0, 0)
                .frame(20, new byte[] {(byte) (19 << 3), 1})
                .build();
        return "{\"action\":\"sendaudio\",\"room\":\"lobby\",\"chunk\":\""
                + Base64.getEncoder().encodeToString(chunk) + "\"}";
    }
}
