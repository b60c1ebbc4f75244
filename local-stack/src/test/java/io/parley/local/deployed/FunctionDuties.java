package io.parley.local.deployed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.nimbusds.jwt.SignedJWT;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.Control;
import io.parley.core.wire.Event;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tick;
import io.parley.local.deployed.SignedConnections.Call;
import io.parley.local.gateway.GatewayMetrics.Counter;
import io.parley.local.system.Eventually;
import io.parley.local.system.RawClient;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

/**
 * What each function is there for, done once with new users in a new room, and looked at from outside: by the client,
 * in the table, the stream, the bucket and the bus. Throws {@link AssertionError} for what was not done. A function has
 * done all by the time it answers, so nothing is waited for that may never come; records and events may come twice, where
 * the emulator was slow.
 */
final class FunctionDuties implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** MAX_CONNECTIONS as deployed. */
    private static final int MAX_CONNECTIONS = 4;

    private static final int FLOOD_SECONDS = 21;

    private final Deployment deployment;
    private final DeployedSystem system;
    private final Effects effects;
    private final List<RawClient> clients = new ArrayList<>();
    private final String name = UUID.randomUUID().toString();
    private final String room = name;
    private int callsBefore;

    FunctionDuties(Deployment deployment, DeployedSystem system, Effects effects) {
        this.deployment = deployment;
        this.system = system;
        this.effects = effects;
    }

    void perform(String function) throws Exception {
        switch (function) {
            case "authorizer" -> letInWhoHasAToken();
            case "connect" -> rememberConnectionsAndReplaceTheOldest();
            case "disconnect" -> takeAConnectionOutOfItsRoom();
            case "message" -> letAMemberIn();
            case "audio" -> takeAChunkIn();
            case "operator" -> suspendAUser();
            case "broadcast" -> postATick();
            default -> throw new AssertionError("what is " + function + " for?");
        }
    }

    private void letInWhoHasAToken() throws Exception {
        connect(deployment.token(name));

        JsonNode policy = system.answer("authorizer");
        assertThat(policy.at("/policyDocument/Statement/0/Effect").asText()).isEqualTo("Allow");
        assertThat(policy.path("usageIdentifierKey").asText())
                .isEqualTo(system.api().apiKey());
    }

    private void rememberConnectionsAndReplaceTheOldest() throws Exception {
        String token = deployment.token(name);
        Member first = join(token);
        assertThat(effects.items("CONN#" + first.connection))
                .as("the connection's item")
                .containsExactly("META");
        for (int i = 1; i < MAX_CONNECTIONS; i++) {
            connect(token);
        }
        watchCalls();
        connect(token);

        assertThat(calls("connect"))
                .as("the oldest is told and closed")
                .containsExactly(
                        new Call(system.role("connect").name(), "POST", first.connection),
                        new Call(system.role("connect").name(), "DELETE", first.connection));
        assertThat(first.client.awaitAction("bye").path("reason").asText()).isEqualTo("replaced");
        first.client.awaitClose();
        assertLeft(first, "replaced");
    }

    private void takeAConnectionOutOfItsRoom() throws Exception {
        Member member = join(deployment.token(name));
        member.client.cut();

        assertThat(system.answer("disconnect", member.connection)
                        .path("statusCode")
                        .asInt())
                .as("status of disconnect")
                .isEqualTo(200);
        assertLeft(member, "disconnected");
    }

    private void letAMemberIn() throws Exception {
        String token = deployment.token(name);
        RawClient client = connect(token);
        system.forgetCalls();
        watchCalls();
        client.sendAction("join", "room", room, "name", "Ada");

        assertThat(system.answer("message").path("statusCode").asInt())
                .as("status of message")
                .isEqualTo(200);
        assertThat(calls("message")).as("the answer to the join").hasSize(1);
        JsonNode accepted = client.awaitAction("accepted");
        Member member = new Member(
                client, participant(token), accepted.path("connection").asText());
        assertThat(effects.items("ROOM#" + room)).as("the room's items").contains("META", member.item());
        assertThat(controls(Control.Kind.JOIN))
                .as("records of the join")
                .isNotEmpty()
                .allSatisfy(join -> {
                    assertThat(join.getParticipant()).isEqualTo(member.participant);
                    assertThat(join.getConnection()).isEqualTo(member.connection);
                    assertThat(join.getControl().getDisplayName()).isEqualTo("Ada");
                });
    }

    private void takeAChunkIn() throws Exception {
        Member member = join(deployment.token(name));
        byte[] speech = "what is said here is nobody's business".getBytes(StandardCharsets.UTF_8);
        byte[] chunk = new ChunkBuilder(Codec.PCM16_16K, 20_000, 7, 0, 0)
                .frame(30, Arrays.copyOf(speech, 640))
                .build();
        member.client.sendAction(
                "sendaudio", "room", room, "chunk", Base64.getEncoder().encodeToString(chunk));
        JsonNode answer = system.answer("audio");

        assertThat(records(StreamRecord.Kind.AUDIO))
                .as("records of the chunk")
                .isNotEmpty()
                .allSatisfy(record -> {
                    assertThat(record.getChunk().toByteArray()).isEqualTo(chunk);
                    assertThat(record.getParticipant()).isEqualTo(member.participant);
                    assertThat(record.getConnection()).isEqualTo(member.connection);
                });
        List<String> objects = effects.chunks(room);
        assertThat(objects).as("objects of the chunk").hasSize(1);
        assertThat(new String(effects.object(objects.get(0)), StandardCharsets.ISO_8859_1))
                .as("what lies in the bucket")
                .startsWith("PENV")
                .doesNotContain("what is said", "nobody's business");
        assertThat(effects.opened(objects.get(0))).isEqualTo(chunk);
        assertThat(effects.events(room)).as("events of the chunk").isNotEmpty().allSatisfy(event -> {
            assertThat(event.at("/detail/status").asText()).isEqualTo("PENDING");
            assertThat(event.at("/detail/s3_key").asText()).isEqualTo(objects.get(0));
        });
        assertThat(answer.path("statusCode").asInt()).as("status of audio").isEqualTo(200);

        watchCalls();
        member.client.sendAction("audio", "room", room, "chunk", "no chunk");
        assertThat(system.answer("audio").path("statusCode").asInt())
                .as("status of audio for what is no chunk")
                .isEqualTo(400);
        assertThat(calls("audio")).as("the refusal of what is no chunk").hasSize(1);
        member.client.awaitAction("error");
        endWhoFloods(member);
    }

    /**
     * Who sends twenty seconds' worth of messages at once is suspended. What counts is when they arrived, so one message
     * that is given to the function again and again does it, however slow this machine is.
     */
    private void endWhoFloods(Member member) throws Exception {
        watchCalls();
        int perSecond = Integer.parseInt(system.function("audio").environment().get("MAX_MESSAGES_PER_SECOND"));
        byte[] event = system.lastEvent("audio");
        for (int i = 0; i < FLOOD_SECONDS * perSecond && !hasEnded(member, "audio"); i++) {
            system.invoke("audio", event);
        }
        assertThat(hasEnded(member, "audio")).as("who floods is suspended").isTrue();
        assertThat(member.client.awaitAction("bye").path("reason").asText()).isEqualTo("suspended");
        assertLeft(member, "suspended");
    }

    private void suspendAUser() throws Exception {
        Member member = join(deployment.token(name));
        watchCalls();
        Map<String, Object> request = Map.of("operation", "suspend", "participant", member.participant, "minutes", 1);
        JsonNode answer = JSON.readTree(system.invoke("operator", JSON.writeValueAsBytes(request)));

        assertThat(answer.path("done").asBoolean()).as("done: " + answer).isTrue();
        assertThat(answer.path("connections").asInt()).isEqualTo(1);
        assertThat(calls("operator")).extracting(Call::method).containsExactly("POST", "DELETE");
        assertThat(member.client.awaitAction("bye").path("reason").asText()).isEqualTo("suspended");
        member.client.awaitClose();
        assertLeft(member, "suspended");
    }

    private void postATick() throws Exception {
        Member listener = join(deployment.token(name));
        Member gone = join(deployment.token(name + "-gone"));
        system.loseDisconnectOf(gone.connection);
        long lost = system.gateway().value(Counter.DISCONNECTS_DROPPED);
        gone.client.cut();
        Eventually.until("the gateway notices", () -> system.gateway().value(Counter.DISCONNECTS_DROPPED) > lost);

        watchCalls();
        byte[] request = BroadcastRequest.newBuilder()
                .setVersion(1)
                .setDeliverBeforeMs(System.currentTimeMillis() + 30_000)
                .addRooms(
                        RoomTicks.newBuilder().setRoom(room).setRosterVersion(2).addTicks(tick()))
                .build()
                .toByteArray();
        JsonNode answer = JSON.readTree(system.invoke("broadcast", JSON.writeValueAsBytes(Map.of("request", request))));
        BroadcastAnswer counts = BroadcastAnswer.parseFrom(answer.path("answer").binaryValue());

        assertThat(counts.getRooms(0).getFailed())
                .as("the members are not known")
                .isFalse();
        assertThat(counts.getRooms(0).getCounts().getPosted()).as("posts").isEqualTo(1);
        assertThat(counts.getRooms(0).getCounts().getGone())
                .as("posts to who is gone")
                .isEqualTo(1);
        JsonNode heard = listener.client.awaitAction("tick");
        assertThat(heard.toString()).contains("\"room\":\"" + room + "\"").contains("good evening");
        assertLeft(gone, "gone");
    }

    private Tick tick() {
        return Tick.newBuilder()
                .setVersion(1)
                .setRoom(room)
                .setEpoch(1)
                .setTick(1)
                .setRosterVersion(2)
                .setPreviousHash(ByteString.copyFrom(new byte[32]))
                .setHash(ByteString.copyFrom(new byte[32]))
                .addEvents(Event.newBuilder()
                        .setKind(Event.Kind.SAID)
                        .setParticipant("ada")
                        .setText("good evening"))
                .build();
    }

    private record Member(RawClient client, String participant, String connection) {
        String item() {
            return "MEMBER#" + participant + "#" + connection;
        }
    }

    private Member join(String token) throws Exception {
        RawClient client = connect(token);
        client.sendAction("join", "room", room);
        return new Member(
                client,
                participant(token),
                client.awaitAction("accepted").path("connection").asText());
    }

    private RawClient connect(String token) throws Exception {
        try {
            RawClient client = RawClient.connect(system.url(), system.api().apiKey(), token);
            clients.add(client);
            return client;
        } catch (ExecutionException e) {
            throw new AssertionError(
                    "the upgrade was answered "
                            + ((WebSocketHandshakeException) e.getCause())
                                    .getResponse()
                                    .statusCode(),
                    e);
        }
    }

    private static String participant(String token) throws Exception {
        return SignedJWT.parse(token).getJWTClaimsSet().getSubject();
    }

    private void assertLeft(Member member, String reason) throws Exception {
        assertThat(effects.items("ROOM#" + room)).as("the room's items").doesNotContain(member.item());
        assertThat(effects.items("CONN#" + member.connection))
                .as("the connection's item")
                .isEmpty();
        assertThat(controls(Control.Kind.LEAVE))
                .as("records of the leave")
                .isNotEmpty()
                .allSatisfy(leave -> {
                    assertThat(leave.getConnection()).isEqualTo(member.connection);
                    assertThat(leave.getControl().getReason()).isEqualTo(reason);
                });
    }

    private List<StreamRecord> controls(Control.Kind kind) throws Exception {
        return records(StreamRecord.Kind.CONTROL).stream()
                .filter(record -> record.getControl().getKind() == kind)
                .toList();
    }

    private List<StreamRecord> records(StreamRecord.Kind kind) throws Exception {
        return effects.records(room).stream()
                .filter(record -> record.getKind() == kind)
                .toList();
    }

    private void watchCalls() {
        callsBefore = system.connections().calls().size();
    }

    /** The calls of {@code @connections} that a function was let make since. */
    private List<Call> calls(String function) {
        List<Call> all = system.connections().calls();
        return all.subList(callsBefore, all.size()).stream()
                .filter(call -> call.role().equals(system.role(function).name()))
                .toList();
    }

    private boolean hasEnded(Member member, String function) {
        return calls(function).contains(new Call(system.role(function).name(), "DELETE", member.connection));
    }

    @Override
    public void close() {
        clients.forEach(RawClient::close);
    }
}
