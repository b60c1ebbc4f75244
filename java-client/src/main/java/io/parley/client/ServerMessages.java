package io.parley.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.parley.core.chunk.Codec;
import io.parley.core.error.Retry;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads the messages from server to client (docs/protocol.md). Fields that it does not know are ignored; a field that
 * is needed and is not there, or is of another type, is a {@link MalformedMessageException}.
 */
final class ServerMessages {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MAX_U32 = 0xFFFF_FFFFL;
    private static final long DEFAULT_RETRY_AFTER_MS = 1_000;
    private static final long MAX_DURATION_MS = 3_600_000;

    private ServerMessages() {}

    static JsonNode parse(String text) {
        JsonNode message;
        try {
            message = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new MalformedMessageException("not JSON");
        }
        if (message == null || !message.isObject()) {
            throw new MalformedMessageException("not a JSON object");
        }
        return message;
    }

    static JoinedRoom joined(JsonNode message) {
        List<Participant> members = new ArrayList<>();
        for (JsonNode member : message.path("members")) {
            members.add(new Participant(
                    text(member, "participant"),
                    member.path("name").asText(""),
                    member.path("speaking").asBoolean(),
                    member.path("muted").asBoolean(),
                    member.path("selfMuted").asBoolean(),
                    member.path("deafened").asBoolean()));
        }
        List<SpeakerInfo> speakers = new ArrayList<>();
        for (JsonNode stream : message.path("streams")) {
            Codec codec = codec(text(stream, "codec"));
            if (codec != null) {
                speakers.add(new SpeakerInfo((int) unsigned(stream, "stream"), text(stream, "participant"), codec, (int)
                        unsigned(stream, "frameUs")));
            }
        }
        JoinedRoom.Draft draft = new JoinedRoom.Draft();
        draft.room = text(message, "room");
        draft.participant = text(message, "participant");
        draft.epoch = number(message, "epoch");
        draft.tick = number(message, "tick");
        draft.hash = hash(message, "hash");
        draft.members = members;
        draft.speakers = speakers;
        JsonNode permissions = message.path("permissions");
        draft.maySpeak = permissions.path("speak").asBoolean();
        draft.mayListen = permissions.path("listen").asBoolean();
        draft.mayModerate = permissions.path("moderate").asBoolean();
        draft.mayRecord = permissions.path("record").asBoolean();
        draft.recording = message.path("recording").asBoolean();
        draft.pushToTalk = message.path("pushToTalk").asBoolean();
        draft.roomMuted = message.path("roomMuted").asBoolean();
        draft.locked = message.path("locked").asBoolean();
        draft.frameMs = duration(message, "frameMs");
        draft.chunkMs = duration(message, "chunkMs");
        draft.tickMs = duration(message, "tickMs");
        draft.playoutMs = duration(message, "playoutMs");
        draft.reconnectBeforeMs = time(message, "reconnectBefore");
        draft.grantUntilMs = time(message, "grantUntil");
        return new JoinedRoom(draft);
    }

    /** What {@code accepted} says of a join. */
    static Membership membership(JsonNode message) {
        Set<String> blocked = null;
        if (message.path("blocked").isArray()) {
            blocked = new HashSet<>();
            for (JsonNode participant : message.path("blocked")) {
                blocked.add(participant.asText());
            }
        }
        return new Membership(
                optional(message, "connection"), optional(message, "resume"), grantUntilMs(message), blocked);
    }

    /** When the membership ends unless it is renewed, in ms since the epoch; 0 if that is not said. */
    static long grantUntilMs(JsonNode message) {
        return time(message, "grantUntil");
    }

    static RoomRemoval removed(JsonNode message) {
        return new RoomRemoval(
                text(message, "room"),
                RoomRemoval.Reason.of(message.path("reason").asText()),
                message.path("text").asText(""),
                time(message, "until"));
    }

    static VoiceError error(JsonNode message) {
        Retry retry = retry(message.path("retry").asText());
        return new VoiceError(
                text(message, "code"),
                message.path("text").asText(),
                message.path("cure").asText(),
                retry,
                retry == Retry.LATER ? retryAfterMs(message) : 0,
                optional(message, "for"),
                optional(message, "room"),
                optional(message, "id"),
                optional(message, "requestId"));
    }

    /** A frame of the gateway's own: it means that something failed, and nothing about what was sent. */
    static VoiceError gatewayError(JsonNode message) {
        return new VoiceError(
                VoiceError.GATEWAY,
                message.path("message").asText("The gateway failed."),
                "Send it again after a short while.",
                Retry.LATER,
                1_000,
                null,
                null,
                null,
                optional(message, "requestId"));
    }

    /** The field {@code at} of a probe or a trace. */
    static HopTimes hops(JsonNode node, int stream, long sequence) {
        JsonNode at = node.path("at");
        long[] atUs = new long[HopTimes.HOPS];
        for (int i = 0; i < atUs.length; i++) {
            atUs[i] = at.path(i).asLong();
        }
        return new HopTimes(stream, sequence, atUs);
    }

    static TickContent tick(JsonNode tick) {
        List<Event> events = new ArrayList<>();
        for (JsonNode event : tick.path("events")) {
            Event read = event(event);
            if (read != null) {
                events.add(read);
            }
        }
        List<HopTimes> traces = new ArrayList<>();
        for (JsonNode trace : tick.path("traces")) {
            traces.add(hops(trace, (int) unsigned(trace, "stream"), unsigned(trace, "seq")));
        }
        return new TickContent(
                number(tick, "epoch"),
                number(tick, "tick"),
                hash(tick, "hash"),
                tick.has("log") ? hash(tick, "log") : ByteString.EMPTY,
                events,
                tick.has("frames") ? bytes(tick, "frames") : new byte[0],
                traces,
                skipped(tick.path("skipped")));
    }

    private static TickContent.SkippedRun skipped(JsonNode run) {
        return run.isObject()
                ? new TickContent.SkippedRun(text(run, "participant"), number(run, "from"), hash(run, "hash"))
                : null;
    }

    /** The event as the hash chain sees it; null for a kind that this version does not know. */
    private static Event event(JsonNode node) {
        Event.Builder event = Event.newBuilder();
        switch (text(node, "kind")) {
            case "opened":
                event.setKind(Event.Kind.OPENED);
                if (node.has("tombstone")) {
                    JsonNode tombstone = node.path("tombstone");
                    event.setTombstoneEpoch(number(tombstone, "epoch"))
                            .setTombstoneTick(number(tombstone, "tick"))
                            .setTombstoneHash(ByteString.copyFrom(bytes(tombstone, "hash")));
                }
                return event.build();
            case "joined":
                return about(event, Event.Kind.JOINED, node)
                        .setName(text(node, "name"))
                        .build();
            case "left":
                return about(event, Event.Kind.LEFT, node)
                        .setText(node.path("reason").asText(""))
                        .build();
            case "muted":
                return about(event, Event.Kind.MUTED, node).build();
            case "unmuted":
                return about(event, Event.Kind.UNMUTED, node).build();
            case "stream":
                Codec codec = codec(text(node, "codec"));
                return about(event, Event.Kind.STREAM, node)
                        .setStream((int) unsigned(node, "stream"))
                        .setCodec(codec == null ? Integer.MAX_VALUE : codec.id())
                        .setFrameDurationUs((int) unsigned(node, "frameUs"))
                        .build();
            case "speaking":
                return about(event, Event.Kind.SPEAKING, node).build();
            case "stopped":
                return about(event, Event.Kind.STOPPED, node).build();
            case "said":
                return about(event, Event.Kind.SAID, node)
                        .setText(text(node, "text"))
                        .build();
            case "lost":
                return event.setKind(Event.Kind.LOST)
                        .setStream((int) unsigned(node, "stream"))
                        .setFirstSequence((int) unsigned(node, "seq"))
                        .setCount((int) unsigned(node, "count"))
                        .build();
            case "closed":
                return event.setKind(Event.Kind.CLOSED).build();
            case "locked":
                return event.setKind(Event.Kind.LOCKED).build();
            case "unlocked":
                return event.setKind(Event.Kind.UNLOCKED).build();
            case "recording":
                return event.setKind(Event.Kind.RECORDING)
                        .setCount(node.path("on").asBoolean() ? 1 : 0)
                        .build();
            case "presence":
                return about(event, Event.Kind.PRESENCE, node)
                        .setCount((node.path("selfMuted").asBoolean() ? RoomView.SELF_MUTED : 0)
                                | (node.path("deafened").asBoolean() ? RoomView.DEAFENED : 0))
                        .build();
            case "settings":
                return event.setKind(Event.Kind.SETTINGS)
                        .setCount((node.path("pushToTalk").asBoolean() ? RoomView.PUSH_TO_TALK : 0)
                                | (node.path("muted").asBoolean() ? RoomView.ROOM_MUTED : 0))
                        .build();
            default:
                return null;
        }
    }

    private static Event.Builder about(Event.Builder event, Event.Kind kind, JsonNode node) {
        return event.setKind(kind).setParticipant(text(node, "participant"));
    }

    private static Codec codec(String name) {
        for (Codec codec : Codec.values()) {
            if (codec.name().toLowerCase(Locale.ROOT).equals(name)) {
                return codec;
            }
        }
        return null;
    }

    /** What to do about an error; of a kind that this version does not know, nothing can be mended by it. */
    private static Retry retry(String name) {
        for (Retry retry : Retry.values()) {
            if (retry.name().toLowerCase(Locale.ROOT).equals(name)) {
                return retry;
            }
        }
        return Retry.FIX;
    }

    static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw new MalformedMessageException("no text " + field);
        }
        return value.textValue();
    }

    static String optional(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isTextual() ? value.textValue() : null;
    }

    private static long number(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new MalformedMessageException("no number " + field);
        }
        return value.longValue();
    }

    /** A time in ms since the epoch; 0 where there is none that can be one. */
    private static long time(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isIntegralNumber() && value.canConvertToLong() ? Math.max(0, value.longValue()) : 0;
    }

    private static int duration(JsonNode node, String field) {
        return (int) Math.min(MAX_DURATION_MS, time(node, field));
    }

    /** At least a little, and not for ever, whatever the server says. */
    private static long retryAfterMs(JsonNode message) {
        long ms = time(message, "retryAfterMs");
        return ms == 0 ? DEFAULT_RETRY_AFTER_MS : Math.min(MAX_DURATION_MS, ms);
    }

    private static long unsigned(JsonNode node, String field) {
        long value = number(node, field);
        if (value > MAX_U32) {
            throw new MalformedMessageException(field + " is over 32 bits");
        }
        return value;
    }

    private static byte[] bytes(JsonNode node, String field) {
        try {
            byte[] bytes = node.path(field).binaryValue();
            if (bytes != null) {
                return bytes;
            }
        } catch (IOException e) {
            // Not base64; as bad as absent.
        }
        throw new MalformedMessageException("no base64 " + field);
    }

    private static ByteString hash(JsonNode node, String field) {
        byte[] bytes = bytes(node, field);
        if (bytes.length != TickHash.BYTES) {
            throw new MalformedMessageException(field + " has " + bytes.length + " bytes");
        }
        return ByteString.copyFrom(bytes);
    }
}
