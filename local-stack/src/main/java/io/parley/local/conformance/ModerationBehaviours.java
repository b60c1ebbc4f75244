package io.parley.local.conformance;

import static io.parley.local.conformance.NotConformant.expect;
import static io.parley.local.conformance.NotConformant.unless;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What participants may do to themselves and moderators to others, and that nobody else may. */
final class ModerationBehaviours {

    private static final String TOPIC = "Moderation";

    private ModerationBehaviours() {}

    static List<Behaviour> all() {
        return List.of(
                of("without the right to moderate nobody moderates", d -> {
                    String room = d.newRoom();
                    try (Peer first = d.joined(0, room);
                            Peer second = d.joined(1, room)) {
                        first.send("kick", "room", room, "participant", d.participant(1));
                        first.awaitError("not_allowed");
                        second.send("lock", "room", room);
                        second.awaitError("not_allowed");
                    }
                }),
                of("who mutes itself is shown muted and is not heard until it unmutes", d -> {
                    String room = d.newRoom();
                    try (Peer speaker = d.joined(0, room);
                            Peer listener = d.joined(1, room)) {
                        speaker.send("mute", "room", room, "n", 1);
                        listener.awaitEvent(
                                room,
                                "presence",
                                event -> event.path("selfMuted").asBoolean());
                        speaker.send("unmute", "room", room, "n", 2);
                        listener.awaitEvent(
                                room,
                                "presence",
                                event -> !event.path("selfMuted").asBoolean());
                        awaitHeard(speaker, listener, room);
                    }
                }),
                of("of two own changes the one with the higher number holds", d -> {
                    String room = d.newRoom();
                    try (Peer speaker = d.joined(0, room);
                            Peer listener = d.joined(1, room)) {
                        speaker.send("mute", "room", room, "n", 7);
                        speaker.awaitAccepted("mute");
                        speaker.send("unmute", "room", room, "n", 6);
                        speaker.awaitAccepted("unmute");
                        Speech.say(speaker, room, 0, 0, true);
                        speaker.awaitError("muted");
                        expect(0, Speech.heard(listener.ticks(room)).size(), "the frames heard");
                    }
                }),
                of("who deafens itself gets no ticks, and joined again when it hears again", d -> {
                    String room = d.newRoom();
                    try (Peer speaker = d.joined(0, room);
                            Peer listener = d.joined(1, room)) {
                        listener.send("deafen", "room", room);
                        speaker.awaitEvent(
                                room,
                                "presence",
                                event -> event.path("deafened").asBoolean());
                        listener.send("undeafen", "room", room);
                        Deployment.awaitJoined(listener, room);
                        awaitHeard(speaker, listener, room);
                    }
                }),
                of("whom one has blocked is named when one joins", d -> {
                    String room = d.newRoom();
                    try (Peer peer = d.joined(0, room)) {
                        peer.awaitAccepted("join");
                        peer.send("block", "room", room, "participant", d.participant(1));
                        peer.awaitAccepted("block");
                        peer.send("leave", "room", room);
                        peer.awaitAccepted("leave");
                        peer.send("join", "room", room, "ticket", d.ticket(0, room, false));
                        JsonNode accepted = peer.awaitAccepted("join");
                        expect(
                                List.of(d.participant(1)),
                                List.of(accepted.path("blocked").path(0).asText()),
                                "the blocked");
                    }
                }),
                needsTickets("a room ticket is needed, and lets in once", d -> {
                    String room = d.newRoom();
                    try (Peer first = d.connect(0);
                            Peer second = d.connect(0)) {
                        first.send("join", "room", room);
                        first.awaitError("ticket_required");
                        String ticket = d.ticket(0, room, false);
                        second.send("join", "room", room, "ticket", ticket);
                        Deployment.awaitJoined(second, room);
                        try (Peer third = d.connect(0)) {
                            third.send("join", "room", room, "ticket", ticket);
                            third.awaitError("ticket_used");
                        }
                    }
                }),
                needsTickets("a ticket of somebody else or for another room lets nobody in", d -> {
                    String room = d.newRoom();
                    try (Peer first = d.connect(0);
                            Peer second = d.connect(0)) {
                        first.send("join", "room", room, "ticket", d.ticket(1, room, false));
                        first.awaitError("ticket_invalid");
                        second.send("join", "room", room, "ticket", d.ticket(0, d.newRoom(), false));
                        second.awaitError("ticket_invalid");
                    }
                }),
                needsTickets("whom a moderator mutes is not heard until unmuted, whatever it unmutes itself", d -> {
                    String room = d.newRoom();
                    try (Peer moderator = d.moderator(0, room);
                            Peer speaker = d.joined(1, room);
                            Peer listener = d.joined(2, room)) {
                        moderator.send("mute", "room", room, "participant", d.participant(1));
                        listener.awaitEvent(room, "muted", RoomBehaviours.is(d, 1));
                        int before = Speech.heard(listener.ticks(room)).size();
                        speaker.send("unmute", "room", room);
                        speaker.awaitAccepted("unmute");
                        Speech.say(speaker, room, 0, 0, true);
                        speaker.awaitError("muted");
                        expect(before, Speech.heard(listener.ticks(room)).size(), "the frames heard");
                        moderator.send("unmute", "room", room, "participant", d.participant(1));
                        listener.awaitEvent(room, "unmuted", RoomBehaviours.is(d, 1));
                        awaitHeard(speaker, listener, room);
                    }
                }),
                needsTickets("in a muted room moderators alone are heard", d -> {
                    String room = d.newRoom();
                    try (Peer moderator = d.moderator(0, room);
                            Peer speaker = d.joined(1, room);
                            Peer listener = d.joined(2, room)) {
                        moderator.send("muteroom", "room", room);
                        listener.awaitEvent(
                                room, "settings", event -> event.path("muted").asBoolean());
                        awaitRefused(speaker, room, "muted");
                        awaitHeard(moderator, listener, room);
                    }
                }),
                needsTickets("who is kicked is told, gets no more ticks, and may come again", d -> {
                    String room = d.newRoom();
                    try (Peer moderator = d.moderator(0, room);
                            Peer other = d.joined(1, room);
                            Peer listener = d.joined(2, room)) {
                        moderator.send("kick", "room", room, "participant", d.participant(1), "reason", "noise");
                        JsonNode removed = other.await("removed");
                        expect("kicked", removed.path("reason").asText(), "the reason");
                        listener.awaitEvent(room, "left", RoomBehaviours.is(d, 1));
                        Speech.say(moderator, room, 0, 0, true);
                        Speech.awaitHeardByOthersThan(other, listener, room);
                        d.join(other, 1, room);
                    }
                }),
                needsTickets("who is banned cannot join until unbanned", d -> {
                    String room = d.newRoom();
                    try (Peer moderator = d.moderator(0, room);
                            Peer other = d.joined(1, room)) {
                        moderator.send("ban", "room", room, "participant", d.participant(1), "minutes", 5);
                        JsonNode removed = other.await("removed");
                        expect("banned", removed.path("reason").asText(), "the reason");
                        unless(removed.path("until").asLong() > 0, "removed does not say until when: %s", removed);
                        other.send("join", "room", room, "ticket", d.ticket(1, room, false));
                        other.awaitError("banned");
                        moderator.send("unban", "room", room, "participant", d.participant(1));
                        moderator.awaitAccepted("unban");
                        d.join(other, 1, room);
                    }
                }),
                needsTickets("a locked room lets nobody else in", d -> {
                    String room = d.newRoom();
                    try (Peer moderator = d.moderator(0, room);
                            Peer other = d.connect(1)) {
                        moderator.send("lock", "room", room);
                        moderator.awaitEvent(room, "locked", event -> true);
                        other.send("join", "room", room, "ticket", d.ticket(1, room, false));
                        other.awaitError("room_locked");
                        moderator.send("unlock", "room", room);
                        moderator.awaitEvent(room, "unlocked", event -> true);
                        d.join(other, 1, room);
                    }
                }),
                needsTickets("in a room for push-to-talk only what was pushed to talk is heard", d -> {
                    String room = d.newRoom();
                    try (Peer moderator = d.moderator(0, room);
                            Peer speaker = d.joined(1, room)) {
                        moderator.send("set", "room", room, "pushToTalk", true);
                        moderator.awaitEvent(
                                room,
                                "settings",
                                event -> event.path("pushToTalk").asBoolean());
                        awaitRefused(speaker, room, "push_to_talk");
                        speaker.send("sendaudio", "room", room, "chunk", Speech.pushedToTalk(1_000));
                        moderator.awaitTicks(
                                room,
                                "what was pushed to talk",
                                ticks -> Speech.heard(ticks).contains(1_004));
                    }
                }));
    }

    /** Says something until it is heard: ingest may have read up to a second ago that it is not allowed. */
    private static void awaitHeard(Peer speaker, Peer listener, String room) throws Exception {
        int before = Speech.heard(listener.ticks(room)).size();
        for (int spurt = 0; spurt < Peer.PATIENCE_SECONDS * 5; spurt++) {
            Speech.say(speaker, room, 100 + spurt * Speech.FRAMES, 0, true);
            if (listener.becomes(() -> Speech.heard(listener.ticks(room)).size() > before, 200)) {
                return;
            }
        }
        throw new NotConformant("what was said was not heard");
    }

    /** Says something until it is refused: ingest may have read up to a second ago that it is allowed. */
    private static void awaitRefused(Peer speaker, String room, String code) throws Exception {
        for (int spurt = 0; spurt < Peer.PATIENCE_SECONDS * 5; spurt++) {
            Speech.say(speaker, room, spurt * Speech.FRAMES, 0, true);
            if (speaker.becomes(
                    () -> speaker.has(message -> message.path("action").asText().equals("error")), 200)) {
                speaker.awaitError(code);
                return;
            }
        }
        throw new NotConformant("what was said was not refused");
    }

    private static Behaviour of(String name, Behaviour.Check check) {
        return Behaviour.of(TOPIC, name, check);
    }

    private static Behaviour needsTickets(String name, Behaviour.Check check) {
        return Behaviour.withTickets(TOPIC, name, check);
    }
}
