package io.parley.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes the messages from client to server (docs/protocol.md). */
final class ClientMessages {

    /** The most that a message may have, in bytes; all of ours are ASCII but names, texts and reasons. */
    static final int MAX_BYTES = 30_000;

    private static final JsonFactory JSON = new JsonFactory();

    private ClientMessages() {}

    /** The fields that are an action's own. */
    interface Fields {
        Fields NONE = json -> {};

        void write(JsonGenerator json) throws IOException;
    }

    /** What is asked of a room, and answered by {@code accepted} or {@code error} with the id. */
    static String toRoom(String action, String room, String id, Fields fields) {
        return message(action, json -> {
            json.writeStringField("room", room);
            json.writeStringField("id", id);
            fields.write(json);
        });
    }

    /** @param ticket null if none */
    static String join(String room, String displayName, String ticket, String id) {
        return toRoom("join", room, id, json -> {
            writeIfAny(json, "ticket", ticket);
            writeIfAny(json, "name", displayName);
        });
    }

    /** A join in place of an own earlier connection, with the secret that it got when it joined. */
    static String joinInPlace(String room, String displayName, String replaces, String resume, String id) {
        return toRoom("join", room, id, json -> {
            writeIfAny(json, "name", displayName);
            json.writeStringField("replaces", replaces);
            json.writeStringField("resume", resume);
        });
    }

    static String switchRoom(String from, String to, String displayName, String ticket, String id) {
        return toRoom("switch", from, id, json -> {
            json.writeStringField("to", to);
            writeIfAny(json, "ticket", ticket);
            writeIfAny(json, "name", displayName);
        });
    }

    static String leave(String room, String id) {
        return toRoom("leave", room, id, Fields.NONE);
    }

    /** @param kind {@code ticket} or {@code token} */
    static String renew(String room, String kind, String secret, String id) {
        return toRoom("renew", room, id, json -> json.writeStringField(kind, secret));
    }

    static String audio(String room, byte[] chunk) {
        return message("sendaudio", json -> {
            json.writeStringField("room", room);
            json.writeBinaryField("chunk", chunk);
        });
    }

    static String ping(long timeMs) {
        return message("ping", json -> json.writeNumberField("time", timeMs));
    }

    static String probe(String room, String id, long timeMs) {
        return toRoom("probe", room, id, json -> json.writeNumberField("time", timeMs));
    }

    static void writeIfAny(JsonGenerator json, String field, String value) throws IOException {
        if (value != null) {
            json.writeStringField(field, value);
        }
    }

    private static String message(String action, Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("action", action);
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
