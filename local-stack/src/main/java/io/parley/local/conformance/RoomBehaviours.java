package io.parley.local.conformance;

import static io.parley.local.conformance.NotConformant.expect;
import static io.parley.local.conformance.NotConformant.unless;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Joining and leaving, and what a room is told of it. */
final class RoomBehaviours {

    private static final String TOPIC = "Rooms";

    private RoomBehaviours() {}

    static List<Behaviour> all() {
        return List.of(
                of("a join is accepted, and joined follows with what a client needs to know", d -> {
                    String room = d.newRoom();
                    try (Peer peer = d.connect(0)) {
                        peer.send("join", "room", room, "ticket", d.ticket(0, room, false), "name", "Ann", "id", "j-1");
                        JsonNode accepted = peer.awaitAccepted("join");
                        expect("j-1", accepted.path("id").asText(), "the id");
                        JsonNode joined = Deployment.awaitJoined(peer, room);
                        expect(
                                accepted.path("requestId").asText(),
                                joined.path("requestId").asText(),
                                "the requestId");
                        expect(d.participant(0), joined.path("participant").asText(), "the participant");
                        expect(32, Speech.bytes(joined.path("hash")).length, "the bytes of the hash");
                        for (String field : List.of(
                                "epoch",
                                "tick",
                                "members",
                                "streams",
                                "recording",
                                "permissions",
                                "frameMs",
                                "chunkMs",
                                "tickMs",
                                "playoutMs",
                                "limits",
                                "reconnectBefore")) {
                            unless(joined.has(field), "joined has no %s: %s", field, joined);
                        }
                        unless(
                                joined.path("members").toString().contains("\"Ann\""),
                                "the members are %s, without the display name",
                                joined.path("members"));
                    }
                }),
                of("the others of a room see who joins and who leaves", d -> {
                    String room = d.newRoom();
                    try (Peer first = d.joined(0, room);
                            Peer second = d.joined(1, room)) {
                        first.awaitEvent(room, "joined", is(d, 1));
                        second.send("leave", "room", room);
                        second.awaitAccepted("leave");
                        first.awaitEvent(room, "left", is(d, 1));
                    }
                }),
                of("a connection that is cut off leaves its rooms", d -> {
                    String room = d.newRoom();
                    try (Peer first = d.joined(0, room)) {
                        d.joined(1, room).close();
                        first.awaitEvent(room, "left", is(d, 1));
                    }
                }),
                of("who has left hears nothing more of the room", d -> {
                    String room = d.newRoom();
                    try (Peer speaker = d.joined(0, room);
                            Peer leaver = d.joined(1, room);
                            Peer listener = d.joined(2, room)) {
                        leaver.send("leave", "room", room);
                        leaver.awaitAccepted("leave");
                        listener.awaitEvent(room, "left", is(d, 1));
                        Speech.say(speaker, room, 0, 0, true);
                        Speech.awaitHeardByOthersThan(leaver, listener, room);
                    }
                }),
                of("ticks of a room are numbered without gaps within an epoch", d -> {
                    String room = d.newRoom();
                    try (Peer first = d.joined(0, room);
                            Peer second = d.joined(1, room)) {
                        for (int i = 0; i < 5; i++) {
                            Speech.say(second, room, i * Speech.FRAMES, i * Speech.FRAMES, i == 4);
                        }
                        first.awaitTicks(
                                room, "all frames", ticks -> Speech.heard(ticks).size() == 25);
                        expectConsecutive(first.ticks(room));
                    }
                }),
                of("one connection may be in two rooms, and they do not mix", d -> {
                    String one = d.newRoom();
                    String other = d.newRoom();
                    try (Peer both = d.connect(0);
                            Peer speaker = d.joined(1, other)) {
                        d.join(both, 0, one);
                        d.join(both, 0, other);
                        Speech.say(speaker, other, 100, 0, true);
                        both.awaitTicks(
                                other,
                                "the frames",
                                ticks -> Speech.heard(ticks).size() == 5);
                        expect(0, Speech.heard(both.ticks(one)).size(), "the frames heard in the other room");
                    }
                }),
                of("leaving a room that one is not in is refused", d -> {
                    try (Peer peer = d.connect(0)) {
                        peer.send("leave", "room", d.newRoom());
                        peer.awaitError("not_joined");
                    }
                }),
                of("a probe comes back with the time at each of seven hops", d -> {
                    String room = d.newRoom();
                    try (Peer peer = d.joined(0, room)) {
                        peer.send("probe", "room", room, "id", "p-1", "time", 7);
                        JsonNode probe = peer.await("probe");
                        expect("p-1", probe.path("id").asText(), "the id");
                        expect(7L, probe.path("time").asLong(), "the time");
                        List<Long> at = new ArrayList<>();
                        probe.path("at").forEach(hop -> at.add(hop.asLong()));
                        unless(at.size() == 7 && !at.contains(0L), "the hops are %s", at);
                    }
                }),
                of("what somebody says in text comes to all in a tick", d -> {
                    String room = d.newRoom();
                    try (Peer first = d.joined(0, room);
                            Peer second = d.joined(1, room)) {
                        second.send("say", "room", room, "text", "gg \u00e9 \ud83d\ude00");
                        JsonNode said = first.awaitEvent(room, "said", is(d, 1));
                        expect("gg \u00e9 \ud83d\ude00", said.path("text").asText(), "the text");
                    }
                }),
                of("a text of more than 500 characters is refused", d -> {
                    String room = d.newRoom();
                    try (Peer peer = d.joined(0, room)) {
                        peer.send("say", "room", room, "text", "x".repeat(501));
                        peer.awaitError("bad_field");
                    }
                }),
                of("a switch joins the other room and leaves the first", d -> {
                    String from = d.newRoom();
                    String to = d.newRoom();
                    try (Peer peer = d.joined(0, from);
                            Peer other = d.joined(1, from)) {
                        peer.send("switch", "room", from, "to", to, "ticket", d.ticket(0, to, false));
                        Deployment.awaitJoined(peer, to);
                        other.awaitEvent(from, "left", is(d, 0));
                    }
                }),
                of("a second connection takes over by replaces and its secret, without a ticket", d -> {
                    String room = d.newRoom();
                    try (Peer first = d.connect(0);
                            Peer second = d.connect(0)) {
                        first.send("join", "room", room, "ticket", d.ticket(0, room, false));
                        JsonNode accepted = first.awaitAccepted("join");
                        Deployment.awaitJoined(first, room);
                        String connection = accepted.path("connection").asText();
                        second.send("join", "room", room, "replaces", connection, "resume", "not-the-secret");
                        second.await("error");
                        second.send(
                                "join",
                                "room",
                                room,
                                "replaces",
                                connection,
                                "resume",
                                accepted.path("resume").asText());
                        Deployment.awaitJoined(second, room);
                    }
                }));
    }

    static Predicate<JsonNode> is(Deployment deployment, int user) {
        return event -> event.path("participant").asText().equals(deployment.participant(user));
    }

    private static void expectConsecutive(List<JsonNode> ticks) {
        for (int i = 1; i < ticks.size(); i++) {
            if (ticks.get(i).path("epoch").equals(ticks.get(i - 1).path("epoch"))) {
                expect(
                        ticks.get(i - 1).path("tick").asLong() + 1,
                        ticks.get(i).path("tick").asLong(),
                        "the number of a tick");
            }
        }
    }

    private static Behaviour of(String name, Behaviour.Check check) {
        return Behaviour.of(TOPIC, name, check);
    }
}
