package io.parley.broadcast;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.Codec;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.Retry;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Disconnect;
import io.parley.core.wire.Joined;
import io.parley.core.wire.Member;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.ProbeAnswer;
import io.parley.core.wire.Refusal;
import io.parley.core.wire.Removed;
import io.parley.core.wire.StreamInfo;
import io.parley.core.wire.Trace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** The messages of the client protocol for one connection alone: joined, removed, probe, error and bye (docs/protocol.md). */
final class DirectMessage {

    /** The frame duration that clients are asked to use. */
    static final int FRAME_MS = 20;

    static final int MAX_MESSAGE_BYTES = 30_000;

    private static final JsonFactory JSON = new JsonFactory();

    private DirectMessage() {}

    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /**
     * Writes the message, or gives null for one that this version does not know.
     *
     * @param broadcastUs when the invocation began, for a probe's answer
     * @param postUs when the post begins, for a probe's answer
     */
    static byte[] write(DirectPost post, long broadcastUs, long postUs) {
        return switch (post.getBodyCase()) {
            case JOINED -> message("joined", json -> joined(json, post, post.getJoined()));
            case PROBE -> message("probe", json -> probe(json, post.getProbe(), broadcastUs, postUs));
            case REFUSAL -> message("error", json -> refusal(json, post, post.getRefusal()));
            case REMOVED -> message("removed", json -> removed(json, post, post.getRemoved()));
            case BODY_NOT_SET -> null;
        };
    }

    /** Writes what goes before a disconnect. */
    static byte[] bye(Disconnect disconnect) {
        return message("bye", json -> {
            json.writeStringField("reason", disconnect.getReason());
            json.writeBooleanField("reconnect", disconnect.getReconnect());
        });
    }

    private static byte[] message(String action, Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("action", action);
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void joined(JsonGenerator json, DirectPost post, Joined joined) throws IOException {
        json.writeStringField("room", post.getRoom());
        optional(json, "requestId", joined.getRequestId());
        json.writeStringField("participant", post.getParticipant());
        json.writeNumberField("epoch", joined.getEpoch());
        json.writeNumberField("tick", joined.getTick());
        json.writeBinaryField("hash", joined.getHash().toByteArray());
        json.writeArrayFieldStart("members");
        for (Member member : joined.getMembersList()) {
            json.writeStartObject();
            json.writeStringField("participant", member.getParticipant());
            json.writeStringField("name", member.getName());
            json.writeBooleanField("speaking", member.getSpeaking());
            json.writeBooleanField("muted", member.getMuted());
            json.writeBooleanField("selfMuted", member.getSelfMuted());
            json.writeBooleanField("deafened", member.getDeafened());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("streams");
        for (StreamInfo info : joined.getStreamsList()) {
            json.writeStartObject();
            stream(json, info.getStream(), info.getParticipant(), info.getCodec(), info.getFrameDurationUs());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanField("recording", joined.getRecording());
        json.writeBooleanField("pushToTalk", joined.getPushToTalk());
        json.writeBooleanField("roomMuted", joined.getRoomMuted());
        json.writeBooleanField("locked", joined.getLocked());
        if (joined.getGrantUntilMs() > 0) {
            json.writeNumberField("grantUntil", joined.getGrantUntilMs());
        }
        Permissions permissions = joined.getPermissions();
        json.writeObjectFieldStart("permissions");
        json.writeBooleanField("speak", permissions.getSpeak());
        json.writeBooleanField("listen", permissions.getListen());
        json.writeBooleanField("moderate", permissions.getModerate());
        json.writeBooleanField("record", permissions.getRecord());
        json.writeEndObject();
        json.writeNumberField("frameMs", FRAME_MS);
        json.writeNumberField("chunkMs", joined.getChunkMs());
        json.writeNumberField("tickMs", joined.getTickMs());
        json.writeNumberField("playoutMs", joined.getPlayoutMs());
        json.writeObjectFieldStart("limits");
        json.writeNumberField("maxChunkMs", Chunk.MAX_DURATION_US / 1_000);
        json.writeNumberField("maxMessageBytes", MAX_MESSAGE_BYTES);
        json.writeEndObject();
        json.writeNumberField("reconnectBefore", joined.getReconnectBeforeMs());
    }

    private static void probe(JsonGenerator json, ProbeAnswer answer, long broadcastUs, long postUs)
            throws IOException {
        optional(json, "id", answer.getProbe().getId());
        if (answer.getProbe().getClientTimeMs() != 0) {
            json.writeNumberField("time", answer.getProbe().getClientTimeMs());
        }
        hops(json, answer.getTrace(), broadcastUs, postUs);
    }

    private static void removed(JsonGenerator json, DirectPost post, Removed removed) throws IOException {
        json.writeStringField("room", post.getRoom());
        json.writeStringField("reason", removed.getReason());
        optional(json, "text", removed.getText());
        if (removed.getUntilMs() > 0) {
            json.writeNumberField("until", removed.getUntilMs());
        }
    }

    private static void refusal(JsonGenerator json, DirectPost post, Refusal refusal) throws IOException {
        ErrorCode code = code(refusal.getCode());
        json.writeStringField("code", code.code());
        json.writeStringField("text", code.cause());
        json.writeStringField("cure", code.cure());
        json.writeStringField("retry", code.retry().name().toLowerCase(Locale.ROOT));
        if (code.retry() == Retry.LATER) {
            json.writeNumberField("retryAfterMs", code.retryAfterMs());
        }
        optional(json, "room", post.getRoom());
        optional(json, "requestId", refusal.getRequestId());
    }

    /** The code of that name; what is not in the catalogue is never sent to a client. */
    private static ErrorCode code(String name) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.code().equals(name)) {
                return code;
            }
        }
        return ErrorCode.INTERNAL;
    }

    /** The fields of a speaker stream, in an object that is open. */
    static void stream(JsonGenerator json, int stream, String participant, int codec, int frameUs) throws IOException {
        json.writeNumberField("stream", Integer.toUnsignedLong(stream));
        json.writeStringField("participant", participant);
        Codec known = Codec.byId(codec);
        json.writeStringField("codec", known == null ? "unknown" : known.name().toLowerCase(Locale.ROOT));
        json.writeNumberField("frameUs", Integer.toUnsignedLong(frameUs));
    }

    /** The field {@code at}: the hops that the job knows, then this function's own two. */
    static void hops(JsonGenerator json, Trace trace, long broadcastUs, long postUs) throws IOException {
        json.writeFieldName("at");
        long[] hops = {
            trace.getGatewayUs(),
            trace.getIngestUs(),
            trace.getStreamUs(),
            trace.getJobUs(),
            trace.getTickUs(),
            broadcastUs,
            postUs
        };
        json.writeArray(hops, 0, hops.length);
    }

    private static void optional(JsonGenerator json, String field, String text) throws IOException {
        if (!text.isEmpty()) {
            json.writeStringField(field, text);
        }
    }
}
