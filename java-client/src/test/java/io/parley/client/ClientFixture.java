package io.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** A client over a server in memory, with time in the test's hands. */
final class ClientFixture {

    static final VoiceClientOptions OPTIONS = VoiceClientOptions.of(URI.create("ws://127.0.0.1:1/v1"))
            .withBackoff(Duration.ofMillis(100), Duration.ofMillis(1_000));

    final ManualLoop loop = new ManualLoop();
    final FakeTransport transport = new FakeTransport();
    final RecordingListener listener = new RecordingListener();
    final RoomScript room = new RoomScript();
    final VoiceClient client;
    /** What chance gives; 0 makes a pause half as long as it may be. */
    double random = 0;

    ClientFixture() {
        this(OPTIONS);
    }

    ClientFixture(VoiceClientOptions options) {
        client = new VoiceClient(options, listener, transport, loop, loop, () -> random);
    }

    ClientFixture connected() {
        client.connect().join();
        return this;
    }

    /** Connected and in the lobby, where ann has stream 1; nothing is recorded of it. */
    ClientFixture joined() {
        connected();
        client.join("lobby");
        say(room.joined());
        listener.lines.clear();
        return this;
    }

    /** Accepts the last message of that action. */
    void accept(String action) {
        accept(action, "");
    }

    /** @param fields what else the answer says, each with a comma before it */
    void accept(String action, String fields) {
        accept(transport.socket(), action, fields);
    }

    void accept(FakeTransport.FakeSocket socket, String action, String fields) {
        List<JsonNode> all = socket.sent(action);
        String id = all.get(all.size() - 1).path("id").asText();
        socket.say("{\"action\":\"accepted\",\"for\":\"" + action + "\",\"id\":\"" + id + "\"" + fields + "}");
    }

    /** Refuses the last message of that action. */
    void refuse(String action, String code, String retry) {
        String id = transport.last(action).path("id").asText();
        say("{\"action\":\"error\",\"code\":\"" + code + "\",\"retry\":\"" + retry + "\",\"for\":\"" + action
                + "\",\"room\":\"lobby\",\"id\":\"" + id + "\"}");
    }

    void say(String text) {
        transport.socket().say(text);
    }

    long count(ClientCounter counter) {
        return client.count(counter);
    }
}
