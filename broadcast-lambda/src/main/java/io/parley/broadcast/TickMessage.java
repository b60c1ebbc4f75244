package io.parley.broadcast;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import io.parley.core.wire.ChunkTrace;
import io.parley.core.wire.Event;
import io.parley.core.wire.Tick;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code tick} message of the client protocol (docs/protocol.md), written once for all listeners of a room.
 *
 * <p>Ticks that together are over the limit of one post are spread over several messages, in order. A single tick that
 * is over it is written all the same: the gateway will refuse it with 413, and it is counted there. Thread safe.
 */
final class TickMessage {

    /** What API Gateway takes as one message ("Quotas for WebSocket APIs": message payload size). */
    static final int MAX_BYTES = 128 * 1024;

    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] END = {']', '}'};

    private final int maxBytes;

    TickMessage() {
        this(MAX_BYTES);
    }

    TickMessage(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Writes the ticks of one room.
     *
     * @param broadcastUs when the invocation began, for the traces
     * @param postUs when the posts begin, for the traces
     */
    List<byte[]> write(String room, List<Tick> ticks, long broadcastUs, long postUs) {
        List<byte[]> messages = new ArrayList<>(1);
        byte[] start = start(room);
        ByteArrayOutputStream message = new ByteArrayOutputStream(4096);
        for (Tick tick : ticks) {
            byte[] one = tick(tick, broadcastUs, postUs);
            if (message.size() > 0 && message.size() + 1 + one.length + END.length > maxBytes) {
                message.writeBytes(END);
                messages.add(message.toByteArray());
                message.reset();
            }
            if (message.size() == 0) {
                message.writeBytes(start);
            } else {
                message.write(',');
            }
            message.writeBytes(one);
        }
        if (message.size() > 0) {
            message.writeBytes(END);
            messages.add(message.toByteArray());
        }
        return messages;
    }

    private static byte[] start(String room) {
        // A room id needs no escapes: it is [A-Za-z0-9_-] only.
        return ("{\"action\":\"tick\",\"room\":\"" + room + "\",\"ticks\":[").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] tick(Tick tick, long broadcastUs, long postUs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(tick.getFrames().size() * 4 / 3 + 512);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("epoch", tick.getEpoch());
            json.writeNumberField("tick", tick.getTick());
            binary(json, "hash", tick.getHash());
            if (!tick.getLogOnlyHash().isEmpty()) {
                binary(json, "log", tick.getLogOnlyHash());
            }
            if (tick.hasSkipped()) {
                skipped(json, tick);
            }
            if (tick.getEventsCount() > 0) {
                json.writeArrayFieldStart("events");
                for (Event event : tick.getEventsList()) {
                    event(json, event);
                }
                json.writeEndArray();
            }
            if (!tick.getFrames().isEmpty()) {
                binary(json, "frames", tick.getFrames());
            }
            if (tick.getTracesCount() > 0) {
                json.writeArrayFieldStart("traces");
                for (ChunkTrace trace : tick.getTracesList()) {
                    json.writeStartObject();
                    json.writeNumberField("stream", Integer.toUnsignedLong(trace.getStream()));
                    json.writeNumberField("seq", Integer.toUnsignedLong(trace.getSequence()));
                    DirectMessage.hops(json, trace.getTrace(), broadcastUs, postUs);
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The hash is that of the last tick of the run, which this one follows. */
    private static void skipped(JsonGenerator json, Tick tick) throws IOException {
        json.writeObjectFieldStart("skipped");
        json.writeStringField("participant", tick.getSkipped().getParticipant());
        json.writeNumberField("from", tick.getSkipped().getFrom());
        json.writeNumberField("to", tick.getTick() - 1);
        binary(json, "hash", tick.getPreviousHash());
        json.writeEndObject();
    }

    private static void event(JsonGenerator json, Event event) throws IOException {
        String kind = kind(event.getKind());
        if (kind == null) {
            // Of a newer job: a listener could not make anything of it.
            return;
        }
        json.writeStartObject();
        json.writeStringField("kind", kind);
        switch (event.getKind()) {
            case OPENED -> tombstone(json, event);
            case JOINED -> {
                json.writeStringField("participant", event.getParticipant());
                json.writeStringField("name", event.getName());
            }
            case LEFT -> {
                json.writeStringField("participant", event.getParticipant());
                json.writeStringField("reason", event.getText());
            }
            case SAID -> {
                json.writeStringField("participant", event.getParticipant());
                json.writeStringField("text", event.getText());
            }
            case STREAM ->
                DirectMessage.stream(
                        json, event.getStream(), event.getParticipant(), event.getCodec(), event.getFrameDurationUs());
            case LOST -> {
                json.writeNumberField("stream", Integer.toUnsignedLong(event.getStream()));
                json.writeNumberField("seq", Integer.toUnsignedLong(event.getFirstSequence()));
                json.writeNumberField("count", Integer.toUnsignedLong(event.getCount()));
            }
            case RECORDING -> json.writeBooleanField("on", event.getCount() != 0);
            case PRESENCE -> {
                json.writeStringField("participant", event.getParticipant());
                json.writeBooleanField("selfMuted", (event.getCount() & 1) != 0);
                json.writeBooleanField("deafened", (event.getCount() & 2) != 0);
            }
            case SETTINGS -> {
                json.writeBooleanField("pushToTalk", (event.getCount() & 1) != 0);
                json.writeBooleanField("muted", (event.getCount() & 2) != 0);
            }
            case CLOSED, LOCKED, UNLOCKED -> {}
            default -> json.writeStringField("participant", event.getParticipant());
        }
        json.writeEndObject();
    }

    private static void tombstone(JsonGenerator json, Event event) throws IOException {
        if (event.getTombstoneEpoch() == 0
                && event.getTombstoneTick() == 0
                && event.getTombstoneHash().isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("tombstone");
        json.writeNumberField("epoch", event.getTombstoneEpoch());
        json.writeNumberField("tick", event.getTombstoneTick());
        binary(json, "hash", event.getTombstoneHash());
        json.writeEndObject();
    }

    private static String kind(Event.Kind kind) {
        return switch (kind) {
            case OPENED -> "opened";
            case JOINED -> "joined";
            case LEFT -> "left";
            case MUTED -> "muted";
            case UNMUTED -> "unmuted";
            case STREAM -> "stream";
            case SPEAKING -> "speaking";
            case STOPPED -> "stopped";
            case SAID -> "said";
            case LOST -> "lost";
            case CLOSED -> "closed";
            case LOCKED -> "locked";
            case UNLOCKED -> "unlocked";
            case RECORDING -> "recording";
            case PRESENCE -> "presence";
            case SETTINGS -> "settings";
            case KIND_UNSPECIFIED, UNRECOGNIZED -> null;
        };
    }

    private static void binary(JsonGenerator json, String field, ByteString bytes) throws IOException {
        json.writeBinaryField(field, bytes.toByteArray());
    }
}
