package io.parley.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.room.RoomId;
import java.io.IOException;

/**
 * What a client sent, field by field (docs/protocol.md). Per-frame code: one pass over the text, and of fields that
 * nobody asks for not even their text is made.
 *
 * <p>Something may be wrong with a message and its {@code id} be good all the same, so reading it never throws;
 * {@link #check} does.
 */
final class ClientMessage {

    static final int MAX_BYTES = 30_000;
    private static final int MAX_ID = 64;
    private static final JsonFactory JSON = new JsonFactory();

    private String action;
    private String room;
    private String chunk;
    private String name;
    private String id;
    private long time;
    private boolean hasTime;
    private ParleyException problem;

    private ClientMessage() {}

    /** @param body null where the gateway had none */
    static ClientMessage read(String body) {
        ClientMessage message = new ClientMessage();
        if (body == null || body.isEmpty()) {
            message.problem = new ParleyException(ErrorCode.BAD_JSON, "no body");
        } else if (isTooLarge(body)) {
            message.problem = new ParleyException(ErrorCode.MESSAGE_TOO_LARGE, body.length() + " characters");
        } else {
            try (JsonParser json = JSON.createParser(body)) {
                message.readObject(json);
            } catch (IOException e) {
                message.problem = new ParleyException(ErrorCode.BAD_JSON, "not JSON");
            }
        }
        return message;
    }

    private void readObject(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            problem = new ParleyException(ErrorCode.BAD_JSON, "not an object");
            return;
        }
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            json.nextToken();
            switch (field) {
                case "action" -> action = text(json, field);
                case "room" -> room = text(json, field);
                case "chunk" -> chunk = text(json, field);
                case "name" -> name = text(json, field);
                case "id" -> readId(json);
                case "time" -> readTime(json);
                default -> json.skipChildren();
            }
        }
        if (json.nextToken() != null) {
            problem = new ParleyException(ErrorCode.BAD_JSON, "more than one value");
        }
    }

    private String text(JsonParser json, String field) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        problem = new ParleyException(ErrorCode.BAD_FIELD, field + " is no text");
        json.skipChildren();
        return null;
    }

    private void readId(JsonParser json) throws IOException {
        id = text(json, "id");
        if (id != null && id.length() > MAX_ID) {
            problem = new ParleyException(ErrorCode.BAD_FIELD, "id of " + id.length() + " characters");
            id = null;
        }
    }

    private void readTime(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            time = json.getLongValue();
            hasTime = true;
            return;
        }
        problem = new ParleyException(ErrorCode.BAD_FIELD, "time is no whole number of milliseconds");
        json.skipChildren();
    }

    private static boolean isTooLarge(String body) {
        int length = body.length();
        if (length > MAX_BYTES) {
            return true;
        }
        // A char takes at most three bytes of UTF-8; a surrogate pair takes four.
        if (length * 3 <= MAX_BYTES) {
            return false;
        }
        int bytes = length;
        for (int i = 0; i < length; i++) {
            char c = body.charAt(i);
            if (c >= 0x80) {
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes > MAX_BYTES;
    }

    /** Throws what was wrong with the message, if anything was. */
    void check() {
        if (problem != null) {
            throw problem;
        }
    }

    /** The room, checked; throws BAD_FIELD or BAD_ROOM. */
    String requireRoom() {
        if (room == null) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "room is missing");
        }
        if (!RoomId.isValid(room)) {
            throw new ParleyException(ErrorCode.BAD_ROOM, "room of " + room.length() + " characters");
        }
        return room;
    }

    /** The chunk's base64; throws BAD_FIELD. */
    String requireChunk() {
        if (chunk == null) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "chunk is missing");
        }
        return chunk;
    }

    /** Null where it is missing. */
    String action() {
        return action;
    }

    /** The room if it is one, else null. */
    String validRoom() {
        return RoomId.isValid(room) ? room : null;
    }

    /** Null where it is missing. */
    String name() {
        return name;
    }

    /** Null where it is missing. */
    String id() {
        return id;
    }

    boolean hasTime() {
        return hasTime;
    }

    /** 0 where it is missing. */
    long time() {
        return time;
    }
}
