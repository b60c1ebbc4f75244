package io.parley.broadcast;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.Tick;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Request and answer as Lambda's Invoke carries them: {@code {"request":"<base64>"}} and {@code {"answer":"<base64>"}},
 * each a protobuf of broadcast.proto.
 */
final class BroadcastEnvelope {

    /** Of request and answer; a request of another version is refused. */
    static final int VERSION = 1;

    private static final JsonFactory JSON = new JsonFactory();

    private BroadcastEnvelope() {}

    /** Throws {@link IOException} for anything that is not such an object, with a text for the function's log. */
    static BroadcastRequest read(InputStream in) throws IOException {
        try (JsonParser parser = JSON.createParser(in)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("the payload is no JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("request") && value == JsonToken.VALUE_STRING) {
                    BroadcastRequest request = BroadcastRequest.parseFrom(parser.getBinaryValue());
                    if (request.getVersion() != VERSION) {
                        throw new IOException("the request has version " + request.getVersion() + ", known is "
                                + VERSION + ": deploy this function before the job");
                    }
                    return request;
                }
                parser.skipChildren();
            }
            throw new IOException("the payload has no text field \"request\"");
        }
    }

    /** A payload as the job sends it, with a tick for a room that nobody is in. */
    static byte[] sample() {
        BroadcastRequest request = BroadcastRequest.newBuilder()
                .setVersion(VERSION)
                .addRooms(RoomTicks.newBuilder()
                        .setRoom("nobody")
                        .addTicks(Tick.newBuilder().setFrames(ByteString.copyFrom(new byte[1]))))
                .build();
        return ("{\"request\":\"" + Base64.getEncoder().encodeToString(request.toByteArray()) + "\"}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    static void write(BroadcastAnswer answer, OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeBinaryField("answer", answer.toByteArray());
            json.writeEndObject();
        }
    }
}
