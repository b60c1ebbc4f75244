package io.parley.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.room.RoomId;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

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
    private static final int MAX_CONNECTION = 128;
    private static final int MAX_NAME = 64;
    private static final int MAX_REASON = 200;
    private static final int MAX_TEXT = 500;
    /** A year. */
    private static final int MAX_MINUTES = 525_600;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Stands for a message that was not looked at: it has no fields. */
    static final ClientMessage UNREAD = new ClientMessage();

    private String action;
    private String room;
    private String chunk;
    private String name;
    private String id;
    private String to;
    private String participant;
    private String ticket;
    private String token;
    private String replaces;
    private String resume;
    private String reason;
    private String text;
    private long time;
    private boolean hasTime;
    private long number = -1;
    private long minutes = -1;
    private Boolean pushToTalk;
    private Boolean recording;
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
                case "to" -> to = text(json, field);
                case "participant" -> participant = text(json, field);
                case "ticket" -> ticket = text(json, field);
                case "token" -> token = text(json, field);
                case "replaces" -> replaces = text(json, field);
                case "resume" -> resume = text(json, field);
                case "reason" -> reason = text(json, field);
                case "text" -> text = text(json, field);
                case "n" -> number = count(json, field);
                case "minutes" -> minutes = count(json, field);
                case "pushToTalk" -> pushToTalk = flag(json, field);
                case "recording" -> recording = flag(json, field);
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
        if (id != null && !isPlain(id, MAX_ID)) {
            problem = new ParleyException(ErrorCode.BAD_FIELD, "id is too long or not plain");
            id = null;
        }
    }

    /** A whole number from 0, or -1 where it is none. */
    private long count(JsonParser json, String field) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && json.getLongValue() >= 0) {
            return json.getLongValue();
        }
        problem = new ParleyException(ErrorCode.BAD_FIELD, field + " is no whole number from 0");
        json.skipChildren();
        return -1;
    }

    private Boolean flag(JsonParser json, String field) throws IOException {
        if (json.currentToken().isBoolean()) {
            return json.getBooleanValue();
        }
        problem = new ParleyException(ErrorCode.BAD_FIELD, field + " is neither true nor false");
        json.skipChildren();
        return null;
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
        return requireRoom("room", room);
    }

    /** The room that is switched to, checked; throws BAD_FIELD or BAD_ROOM. */
    String requireTo() {
        return requireRoom("to", to);
    }

    private static String requireRoom(String field, String room) {
        if (room == null) {
            throw new ParleyException(ErrorCode.BAD_FIELD, field + " is missing");
        }
        if (!RoomId.isValid(room)) {
            throw new ParleyException(ErrorCode.BAD_ROOM, field + " of " + room.length() + " characters");
        }
        return room;
    }

    /** The participant that the message is about; throws BAD_FIELD. */
    String requireParticipant() {
        if (!TokenVerifier.isParticipant(participant)) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "participant is missing, or no participant's id");
        }
        return participant;
    }

    /** Something to say: 1 to 500 characters; throws BAD_FIELD. */
    String requireText() {
        if (text == null || text.isBlank() || !isPlain(text, MAX_TEXT)) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "text is missing, too long or not plain");
        }
        return text;
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

    /** 1 to 64 characters; null where it is missing. Throws BAD_FIELD. */
    String name() {
        if (name != null && (name.isBlank() || !isPlain(name, MAX_NAME))) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "name is blank, too long or not plain");
        }
        return name;
    }

    /** At most 200 characters; empty where it is missing. Throws BAD_FIELD. */
    String reason() {
        if (reason != null && !isPlain(reason, MAX_REASON)) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "reason is too long or not plain");
        }
        return reason == null ? "" : reason;
    }

    /** Whether all of it can be shown as it is: no character that controls a terminal, and no half of a pair. */
    private static boolean isPlain(String text, int maxCharacters) {
        return text.codePointCount(0, text.length()) <= maxCharacters
                && text.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    /** Null where it is missing. */
    String participant() {
        return participant;
    }

    /** Null where it is missing. */
    String ticket() {
        return ticket;
    }

    /** Null where it is missing. */
    String token() {
        return token;
    }

    /** Null where it is missing. Throws BAD_FIELD. */
    String replaces() {
        if (replaces != null && !isPlain(replaces, MAX_CONNECTION)) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "replaces is too long or not plain");
        }
        return replaces;
    }

    /** The secret of the connection that is replaced; throws BAD_FIELD. */
    String requireResume() {
        if (resume == null) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "replaces without resume");
        }
        return resume;
    }

    /** The message's number among those of its connection. */
    OptionalLong number() {
        return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
    }

    /** 0 where it is missing; throws BAD_FIELD. */
    int minutes() {
        if (minutes == 0 || minutes > MAX_MINUTES) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "minutes are not within 1 and " + MAX_MINUTES);
        }
        return (int) Math.max(0, minutes);
    }

    Optional<Boolean> pushToTalk() {
        return Optional.ofNullable(pushToTalk);
    }

    Optional<Boolean> recording() {
        return Optional.ofNullable(recording);
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
