package io.parley.local.conformance;

import static io.parley.local.conformance.NotConformant.expect;
import static io.parley.local.conformance.NotConformant.unless;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Who gets in, and what becomes of messages that say nothing of a room. */
final class ConnectionBehaviours {

    private static final String TOPIC = "Connection";

    private ConnectionBehaviours() {}

    static List<Behaviour> all() {
        return List.of(
                of(
                        "without a token nobody gets in",
                        d -> expect(401, d.bare().apiKey(d.apiKey()).refusal(), "the status")),
                of(
                        "a token that was tampered with is refused",
                        d -> expect(
                                401,
                                d.bare()
                                        .apiKey(d.apiKey())
                                        .token(tamperedWith(d.token(0)))
                                        .refusal(),
                                "the status")),
                of(
                        "two different tokens are refused",
                        d -> expect(
                                401,
                                d.bare()
                                        .apiKey(d.apiKey())
                                        .token(d.token(0))
                                        .subprotocol("bearer." + d.token(1))
                                        .refusal(),
                                "the status")),
                of(
                        "without an API key nobody gets in",
                        d -> expect(403, d.bare().token(d.token(0)).refusal(), "the status")),
                of(
                        "an unknown API key is refused",
                        d -> expect(
                                403,
                                d.bare()
                                        .apiKey("no-such-key-" + d.newRoom())
                                        .token(d.token(0))
                                        .refusal(),
                                "the status")),
                of("a token may come as a subprotocol, and the answer names parley.v1 alone", d -> {
                    try (Peer peer = d.bare()
                            .apiKey(d.apiKey())
                            .subprotocol("bearer." + d.token(0))
                            .open()) {
                        expect("parley.v1", peer.subprotocol(), "the subprotocol");
                    }
                }),
                of("a ping is answered with a pong that returns its time", d -> {
                    try (Peer peer = d.connect(0)) {
                        peer.send("ping", "time", 5);
                        expect(5L, peer.await("pong").path("time").asLong(), "the time");
                    }
                }),
                of("what is no JSON object is refused", d -> refused(d, "hello", "bad_json")),
                of("an unknown action is refused", d -> refused(d, "{\"action\":\"dance\"}", "unknown_action")),
                of(
                        "JSON that is thousands of levels deep is refused",
                        d -> refused(
                                d,
                                "{\"action\":\"ping\",\"x\":" + "[".repeat(14_000) + "]".repeat(14_000) + "}",
                                "bad_json")),
                of(
                        "a room id with a slash is refused",
                        d -> refused(d, "{\"action\":\"join\",\"room\":\"../a\"}", "bad_room")),
                of(
                        "a message over 30,000 bytes is refused",
                        d -> refused(
                                d, "{\"action\":\"ping\",\"id\":\"" + "x".repeat(31_000) + "\"}", "message_too_large")),
                of("an error says its code, what is wrong, and what to do, and returns the message's id", d -> {
                    try (Peer peer = d.connect(0)) {
                        peer.send("dance", "id", "m-1");
                        JsonNode error = peer.awaitError("unknown_action");
                        expect("m-1", error.path("id").asText(), "the id");
                        for (String field : List.of("text", "cure", "retry")) {
                            unless(!error.path(field).asText().isBlank(), "the error has no %s: %s", field, error);
                        }
                    }
                }),
                of("a connection gets at most one error a second", d -> {
                    try (Peer peer = d.connect(0)) {
                        for (int i = 0; i < 10; i++) {
                            peer.send("dance", "id", "m-" + i);
                        }
                        peer.awaitError("unknown_action");
                        peer.send("ping", "time", 1);
                        peer.await("pong");
                        int more = 0;
                        while (peer.has(
                                message -> message.path("action").asText().equals("error"))) {
                            peer.await("error");
                            more++;
                        }
                        unless(more <= 2, "%d errors came for ten bad messages", more + 1);
                    }
                }),
                of("a binary message closes the connection with 1003", d -> {
                    try (Peer peer = d.connect(0)) {
                        peer.sendBinary(new byte[] {1, 2, 3});
                        expect(1003, peer.awaitClose(), "the close code");
                    }
                }));
    }

    private static Behaviour of(String name, Behaviour.Check check) {
        return Behaviour.of(TOPIC, name, check);
    }

    private static void refused(Deployment deployment, String message, String code) throws Exception {
        try (Peer peer = deployment.connect(0)) {
            peer.sendText(message);
            peer.awaitError(code);
            peer.send("ping", "time", 1);
            peer.await("pong");
        }
    }

    /** The same token with another signature. */
    private static String tamperedWith(String token) {
        int signature = token.lastIndexOf('.') + 1;
        char other = token.charAt(signature) == 'A' ? 'B' : 'A';
        return token.substring(0, signature) + other + token.substring(signature + 1);
    }
}
