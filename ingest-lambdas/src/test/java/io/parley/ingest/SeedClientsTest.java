package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.APIGatewayCustomAuthorizerEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.IamPolicyResponseV1;
import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.chunk.Chunk;
import io.parley.core.error.ErrorCode;
import io.parley.core.event.SendAudioEvent;
import io.parley.core.event.SendAudioEvent.Status;
import io.parley.core.options.EventGranularity;
import io.parley.core.options.RoomPolicy;
import io.parley.core.room.Departure;
import io.parley.core.room.Member;
import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.StreamRecord;
import io.parley.ingest.IngestMetrics.Counter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of the original protocol, from the upgrade to the voice stream. */
class SeedClientsTest {

    private static final String PARTICIPANT = "seed-c1=";
    private static final String MEMBER = "lobby" + FakeSystem.CONNECTION;

    private final FakeSystem system = new FakeSystem();

    @Test
    void areLetInWithTheApiKeyAlone() {
        IamPolicyResponseV1 answer = authorize("on", Map.of("x-api-key", "k1"));

        assertThat(effect(answer)).isEqualTo("Allow");
        assertThat(answer.getContext()).isEqualTo(Map.of("client", "seed"));
        assertThat(answer.getUsageIdentifierKey()).isEqualTo("k1");
    }

    @Test
    void areNotLetInWhereTheyAreNotServed() {
        assertThatThrownBy(() -> authorize("off", Map.of("x-api-key", "k1"))).hasMessage("Unauthorized");
        assertThat(connect(null)).isEqualTo(403);
        assertThat(system.connections).isEmpty();
    }

    @Test
    void areNotLetInWithoutTheApiKeyOrFromAPageOfAnotherOrigin() {
        assertThat(effect(authorize("on", Map.of()))).isEqualTo("Deny");
        assertThat(effect(authorize("on", Map.of("x-api-key", "k1", "Origin", "https://evil.example"))))
                .isEqualTo("Deny");
    }

    @Test
    void areNotWhoeverHasABadTokenOrSpeaksTheNewProtocol() {
        for (Map<String, String> headers : List.of(
                Map.of("x-api-key", "k1", "Authorization", "Bearer not.a.token"),
                Map.of("x-api-key", "k1", "authorization", ""),
                Map.of("x-api-key", "k1", "Sec-WebSocket-Protocol", "bearer."),
                Map.of("x-api-key", "k1", "Sec-WebSocket-Protocol", "parley.v1"))) {
            assertThatThrownBy(() -> authorize("on", headers))
                    .as(headers.toString())
                    .hasMessage("Unauthorized");
        }
    }

    @Test
    void areInTheirRoomOnceConnected() {
        assertThat(connect(system.seedRoom())).isEqualTo(200);

        assertThat(system.connections.get(FakeSystem.CONNECTION).participant()).isEqualTo(PARTICIPANT);
        Member member = system.members.get(MEMBER);
        assertThat(member.participant()).isEqualTo(PARTICIPANT);
        assertThat(member.permissions())
                .isEqualTo(
                        Permissions.newBuilder().setSpeak(true).setListen(true).build());
        StreamRecord record = system.records.get(0);
        assertThat(record.getKind()).isEqualTo(StreamRecord.Kind.CONTROL);
        assertThat(record.getRoom()).isEqualTo("lobby");
        assertThat(record.getControlVersion()).isEqualTo(member.controlVersion());
        assertThat(record.getControl().getKind()).isEqualTo(Control.Kind.JOIN);
        assertThat(record.getControl().getParticipant()).isEqualTo(PARTICIPANT);
        assertThat(record.getControl().getDisplayName()).isEqualTo(PARTICIPANT);
        assertThat(record.getControl().getExpiresAtMs()).isEqualTo(member.expiresAtMs());
        assertThat(record.getControl().getRecording()).isTrue();
        assertThat(system.calls)
                .as("a connection that is not open yet cannot be posted to")
                .doesNotContain("poster");
    }

    @Test
    void leaveNothingBehindWhereTheRoomCannotBeTold() {
        system.away.add("stream");

        assertThat(connect(system.seedRoom())).isEqualTo(503);
        assertThat(system.connections).isEmpty();
        assertThat(system.members).isEmpty();
    }

    @Test
    void speakByTheModsMessage() {
        connect(system.seedRoom());
        byte[] pcm = SeedAudioTest.noise(4_096);

        assertThat(send(SeedAudioTest.message(pcm, 5_000))).isEqualTo(Ingested.TAKEN);
        StreamRecord record = system.records.get(1);
        assertThat(record.getKind()).isEqualTo(StreamRecord.Kind.AUDIO);
        assertThat(record.getUnnumbered()).isTrue();
        assertThat(record.getRoom()).isEqualTo("lobby");
        assertThat(record.getParticipant()).isEqualTo(PARTICIPANT);
        assertThat(record.getPermissions().getSpeak()).isTrue();
        assertThat(record.getControlVersion()).isEqualTo(101);
        assertThat(Chunk.parse(record.getChunk()).frameCount()).isEqualTo(8);
        assertThat(system.objects).hasSize(1);
        assertThat(system.events).extracting(SendAudioEvent::status).containsExactly(Status.PENDING);
        assertThat(system.metrics.count(Counter.FRAMES_TAKEN)).isEqualTo(8);
        assertThat(system.posts).isEmpty();
    }

    @Test
    void speakInSeveralChunksByALongMessageEachKeptUnderItsOwnKey() {
        connect(system.seedRoom());

        assertThat(send(SeedAudioTest.message(SeedAudioTest.noise(22_016), 5_000)))
                .isEqualTo(Ingested.TAKEN);
        assertThat(audio())
                .hasSize(4)
                .extracting(record -> Chunk.parse(record.getChunk()).captureTimeMs())
                .containsExactly(5_000L, 5_192L, 5_384L, 5_576L);
        assertThat(system.objects).hasSize(4);
        assertThat(system.events).as("one a second").hasSize(1);
    }

    @Test
    void areCalledByTheirFirstAuthorFromThenOn() {
        connect(system.seedRoom());
        IngestSeedAudio ingest = ingest();
        String steve = SeedAudioTest.message(new byte[512], 5_000);
        ingest.ingest(system.seed("sendaudio"), steve);
        ingest.ingest(system.seed("sendaudio"), steve);
        system.clock.advance(2_000);
        ingest.ingest(system.seed("sendaudio"), steve.replace("Steve", "Alex"));

        assertThat(system.members.get(MEMBER).displayName()).isEqualTo("Steve");
        assertThat(system.records)
                .filteredOn(StreamRecord::hasControl)
                .extracting(record -> record.getControl().getDisplayName())
                .containsExactly(PARTICIPANT, "Steve");
    }

    @Test
    void areHeardAlsoWhereTheyCannotBeNamed() {
        connect(system.seedRoom());
        IngestSeedAudio ingest = ingest();
        ingest.ingest(
                system.seed("sendaudio"),
                SeedAudioTest.message(new byte[512], 5_000).replace("Steve", ""));
        system.away.add("registry");

        assertThat(ingest.ingest(system.seed("sendaudio"), SeedAudioTest.message(new byte[512], 5_128)))
                .isEqualTo(Ingested.TAKEN);
        assertThat(audio()).hasSize(2);
    }

    @Test
    void whoWereRemovedAreNotBroughtBackByWhatTheySay() {
        connect(system.seedRoom());
        IngestSeedAudio ingest = ingest();
        ingest.ingest(
                system.seed("sendaudio"),
                SeedAudioTest.message(new byte[512], 5_000).replace("Steve", ""));
        system.members.clear();
        ingest.ingest(system.seed("sendaudio"), SeedAudioTest.message(new byte[512], 5_128));
        assertThat(system.members).isEmpty();

        system.clock.advance(1_000);
        assertThat(ingest.ingest(system.seed("sendaudio"), SeedAudioTest.message(new byte[512], 5_256))
                        .refusal())
                .isEqualTo(ErrorCode.NOT_JOINED);
        assertThat(system.members).isEmpty();
    }

    @Test
    void areStoppedWhereTheySendMoreThanTheirRate() {
        connect(system.seedRoom());
        IngestSeedAudio ingest = ingest();
        String message = SeedAudioTest.message(new byte[4_096], 5_000);
        int taken = 0;
        for (int i = 0; i < 100; i++) {
            Ingested ingested = ingest.ingest(system.seed("sendaudio"), message);
            taken += ingested.refusal() == null ? 1 : 0;
        }

        assertThat(taken).isEqualTo(96_000 / 4_096);
        assertThat(audio()).hasSize(taken);
        assertThat(system.metrics.refusals(ErrorCode.RATE_LIMITED)).isEqualTo(100 - taken);
        assertThat(system.posts).as("one error a second").hasSize(1);
    }

    @Test
    void payForAWholeFrameHoweverLittleIsInIt() {
        connect(system.seedRoom());
        IngestSeedAudio ingest = ingest();
        for (int i = 0; i < 1_000; i++) {
            ingest.ingest(system.seed("sendaudio"), SeedAudioTest.message(new byte[2], i));
        }

        assertThat(audio()).hasSize(96_000 / 512);
    }

    @Test
    void areToldWhatIsWrongWithTheirAudio() {
        connect(system.seedRoom());

        Ingested ingested = send("{\"action\":\"sendaudio\",\"room\":\"attic\",\"chunk\":\"AQ==\"}");
        assertThat(ingested.refusal()).isEqualTo(ErrorCode.BAD_FIELD);
        assertThat(audio()).isEmpty();
        assertThat(system.posts).extracting(post -> post.path("code").asText()).containsExactly("bad_field");
    }

    @Test
    void saySoWhenTheStreamIsAwayAndSendNothingMoreOfThatMessage() {
        connect(system.seedRoom());
        system.away.add("stream");

        assertThat(send(SeedAudioTest.message(new byte[16_384], 5_000)).refusal())
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(system.calls.stream().filter("stream"::equals))
                .as("the join, and one put")
                .hasSize(2);
    }

    @Test
    void getTheOriginalPong() {
        Ingested ingested = system.roomMessages(RoomPolicy.TICKET).serve(system.seed("ping"), "{\"action\":\"ping\"}");

        assertThat(ingested).isEqualTo(Ingested.TAKEN);
        JsonNode pong = system.posts.get(0);
        assertThat(pong.toString())
                .isEqualTo("{\"action\":\"pong\",\"data\":{\"connectionId\":\"c1=\",\"timestamp\":"
                        + MovableClock.START_MS + "}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"join", "leave", "switch", "mute", "kick", "ban", "say", "set", "probe", "renew", "x"})
    void mayDoNothingElse(String action) {
        connect(system.seedRoom());
        Ingested ingested = system.roomMessages(RoomPolicy.OPEN)
                .serve(
                        system.seed(action),
                        "{\"action\":\"" + action + "\",\"room\":\"lobby\",\"participant\":\"ann\",\"text\":\"t\"}");

        assertThat(ingested.refusal()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(system.records).as("the join alone").hasSize(1);
        assertThat(system.members).hasSize(1);
    }

    private int connect(SeedRoom room) {
        RequestContext context = new RequestContext();
        context.setConnectionId(FakeSystem.CONNECTION);
        context.setRouteKey("$connect");
        context.setConnectedAt(MovableClock.START_MS);
        context.setRequestTimeEpoch(MovableClock.START_MS);
        context.setAuthorizer(Map.of("client", "seed", "principalId", "seed"));
        APIGatewayV2WebSocketEvent event = new APIGatewayV2WebSocketEvent();
        event.setRequestContext(context);
        event.setHeaders(Map.of("x-api-key", "k1"));
        ConnectHandler handler = new ConnectHandler(
                system.registry(),
                system.users,
                system.users,
                2,
                room,
                new Departure(system.registry(), system.stream(), system.clock),
                system.connectionEnd(),
                system.clock);
        return handler.handleRequest(event, null).getStatusCode();
    }

    private IngestSeedAudio ingest() {
        return new IngestSeedAudio(
                system.seedRoom(),
                new SeedRate(48_000),
                system.ingestChunk(EventGranularity.UTTERANCE, true),
                system.clock);
    }

    private Ingested send(String body) {
        return ingest().ingest(system.seed("sendaudio"), body);
    }

    private List<StreamRecord> audio() {
        return system.records.stream().filter(StreamRecord::hasChunk).toList();
    }

    private IamPolicyResponseV1 authorize(String seedClients, Map<String, String> headers) {
        APIGatewayCustomAuthorizerEvent event = new APIGatewayCustomAuthorizerEvent();
        event.setHeaders(headers);
        event.setMethodArn("arn:aws:execute-api:eu-central-1:000000000000:api/prod/$connect");
        Admission admission = new Admission(
                new TokenVerifier(
                        "http://127.0.0.1:1/pool",
                        "game",
                        VerificationKeys.at(URI.create("http://127.0.0.1:1/keys")),
                        system.clock),
                new FakeUsers(Map.of()),
                Set.of(),
                seedClients.equals("on"),
                system.metrics);
        return new AuthorizerHandler(admission, system.metrics).handleRequest(event, null);
    }

    @SuppressWarnings("unchecked")
    private static String effect(IamPolicyResponseV1 answer) {
        return (String) ((Map<String, Object>[]) answer.getPolicyDocument().get("Statement"))[0].get("Effect");
    }
}
