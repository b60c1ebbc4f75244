package io.parley.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes the messages from client to server (docs/protocol.md). */
final class ClientMessages {

    /** The most that a message may have, in bytes; all of ours are ASCII but the display name. */
    static final int MAX_BYTES = 30_000;

    private static final JsonFactory JSON = new JsonFactory();

    private ClientMessages() {}

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    static String join(String room, String displayName, String id) {
        return message("join", json -> {
            json.writeStringField("room", room);
            if (displayName != null) {
                json.writeStringField("name", displayName);
            }
            json.writeStringField("id", id);
        });
    }

    static String leave(String room, String id) {
        return message("leave", json -> {
            json.writeStringField("room", room);
            json.writeStringField("id", id);
        });
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
        return message("probe", json -> {
            json.writeStringField("room", room);
            json.writeStringField("id", id);
            json.writeNumberField("time", timeMs);
        });
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
