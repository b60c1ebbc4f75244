package io.parley.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.Retry;
import io.parley.core.room.Admitted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** The messages with which ingest itself answers a client (docs/protocol.md), in UTF-8. */
final class ServerMessages {

    private static final JsonFactory JSON = new JsonFactory();

    private ServerMessages() {}

    static byte[] accepted(ClientMessage message, Sender sender) {
        return write(json -> writeAccepted(json, message, sender));
    }

    /** @param resume the secret with which another connection may take this one's place in the room */
    static byte[] admitted(ClientMessage message, Sender sender, String room, String resume, Admitted admitted) {
        return write(json -> {
            writeAccepted(json, message, sender);
            json.writeStringField("room", room);
            json.writeStringField("connection", sender.connection());
            json.writeStringField("resume", resume);
            json.writeNumberField("grantUntil", admitted.member().expiresAtMs());
            json.writeArrayFieldStart("blocked");
            for (String participant : admitted.blocked()) {
                json.writeString(participant);
            }
            json.writeEndArray();
        });
    }

    static byte[] renewed(ClientMessage message, Sender sender, String room, long grantUntilMs) {
        return write(json -> {
            writeAccepted(json, message, sender);
            json.writeStringField("room", room);
            json.writeNumberField("grantUntil", grantUntilMs);
        });
    }

    private static void writeAccepted(JsonGenerator json, ClientMessage message, Sender sender) throws IOException {
        json.writeStringField("action", "accepted");
        json.writeStringField("for", message.action());
        if (message.id() != null) {
            json.writeStringField("id", message.id());
        }
        json.writeStringField("requestId", sender.requestId());
    }

    /** As the original system answers a ping. */
    static byte[] pong(ClientMessage message, Sender sender, long nowMs) {
        return write(json -> {
            json.writeStringField("action", "pong");
            json.writeObjectFieldStart("data");
            json.writeStringField("connectionId", sender.connection());
            json.writeNumberField("timestamp", nowMs);
            json.writeEndObject();
            if (message.hasTime()) {
                json.writeNumberField("time", message.time());
            }
        });
    }

    /** @param reconnect whether the client may come back at once */
    static byte[] bye(String reason, boolean reconnect) {
        return write(json -> {
            json.writeStringField("action", "bye");
            json.writeStringField("reason", reason);
            json.writeBooleanField("reconnect", reconnect);
        });
    }

    /**
     * Says nothing but what the catalogue says and what the client sent.
     *
     * @param action what was asked for; null where that is no action
     */
    static byte[] error(ErrorCode code, String action, ClientMessage message, Sender sender) {
        return write(json -> {
            json.writeStringField("action", "error");
            json.writeStringField("code", code.code());
            json.writeStringField("text", code.cause());
            json.writeStringField("cure", code.cure());
            json.writeStringField("retry", code.retry().name().toLowerCase(Locale.ROOT));
            if (code.retry() == Retry.LATER) {
                json.writeNumberField("retryAfterMs", code.retryAfterMs());
            }
            if (action != null) {
                json.writeStringField("for", action);
            }
            if (message.validRoom() != null) {
                json.writeStringField("room", message.validRoom());
            }
            if (message.id() != null) {
                json.writeStringField("id", message.id());
            }
            json.writeStringField("requestId", sender.requestId());
        });
    }

    private static byte[] write(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @FunctionalInterface
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }
}
