package io.parley.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.chunk.PcmLevel;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The {@code sendaudio} message of the original protocol (docs/seed-clients.md): PCM of 16 kHz, 16 bits, mono, little
 * endian, in base64. Its usual 4,096 bytes are 8 frames of 16 ms. Per-frame code.
 */
final class SeedAudio {

    static final int FRAME_US = 16_000;
    /** A frame's 256 samples. */
    static final int FRAME_BYTES = 512;

    private static final int MAX_FRAMES = Chunk.MAX_DURATION_US / FRAME_US;
    private static final int MAX_AUTHOR = 64;
    /** The end of the year 9999. */
    private static final long MAX_TIMESTAMP_MS = 253_402_300_799_999L;

    private static final JsonFactory JSON = new JsonFactory();

    private byte[] pcm;
    private String author = "";
    private long timestampMs;

    private SeedAudio(long arrivalTimeMs) {
        timestampMs = arrivalTimeMs;
    }

    /**
     * Reads a body that {@link ClientMessage} has found to be a JSON object of bearable size; throws a
     * {@link ParleyException} that names what is wrong with it.
     *
     * @param arrivalTimeMs stands in where the message has no timestamp
     */
    static SeedAudio read(String body, long arrivalTimeMs) {
        SeedAudio audio = new SeedAudio(arrivalTimeMs);
        try (JsonParser json = JSON.createParser(body)) {
            json.nextToken();
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                json.nextToken();
                switch (field) {
                    case "data" -> audio.pcm = decode(text(json, field));
                    case "author" -> audio.author = displayName(text(json, field));
                    case "timestamp" -> audio.timestampMs = timestamp(json);
                    case "format" -> require(json, field, "pcm");
                    case "encoding" -> require(json, field, "base64");
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new ParleyException(ErrorCode.BAD_JSON, "not JSON");
        }
        if (audio.pcm == null) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "data is missing");
        }
        if (audio.pcm.length == 0) {
            throw new ParleyException(ErrorCode.CHUNK_EMPTY, "no audio");
        }
        if (audio.pcm.length % 2 != 0) {
            throw new ParleyException(ErrorCode.FRAME_SIZE, audio.pcm.length + " bytes are no 16-bit samples");
        }
        return audio;
    }

    private static String text(JsonParser json, String field) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new ParleyException(ErrorCode.BAD_FIELD, field + " is no text");
        }
        return json.getText();
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ParleyException(ErrorCode.BAD_BASE64, base64.length() + " characters");
        }
    }

    private static void require(JsonParser json, String field, String value) throws IOException {
        if (!text(json, field).equals(value)) {
            throw new ParleyException(ErrorCode.BAD_FIELD, field + " is not " + value);
        }
    }

    private static long timestamp(JsonParser json) throws IOException {
        boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (!whole || json.getLongValue() < 0 || json.getLongValue() > MAX_TIMESTAMP_MS) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "timestamp is no time in milliseconds");
        }
        return json.getLongValue();
    }

    /** Only ever shown to others, so what cannot be shown is left out rather than refused. */
    private static String displayName(String author) {
        StringBuilder name = new StringBuilder();
        author.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                .limit(MAX_AUTHOR)
                .forEach(name::appendCodePoint);
        return name.toString().strip();
    }

    /** The name that its sender claims, at most 64 characters; empty where there is none. */
    String author() {
        return author;
    }

    /** Frames that its audio takes, of which the last may be filled up with silence. */
    int frameCount() {
        return (pcm.length + FRAME_BYTES - 1) / FRAME_BYTES;
    }

    /**
     * The audio as chunks. Their numbers only tell the chunks of a message apart, since its sender numbers nothing.
     */
    List<Chunk> chunks() {
        int count = frameCount();
        byte[] whole = Arrays.copyOf(pcm, count * FRAME_BYTES);
        List<Chunk> chunks = new ArrayList<>(1);
        for (int first = 0; first < count; first += MAX_FRAMES) {
            long captureTimeMs = timestampMs + (long) first * FRAME_US / 1_000;
            ChunkBuilder chunk = new ChunkBuilder(Codec.PCM16_16K, FRAME_US, first, first, captureTimeMs);
            for (int i = first; i < Math.min(first + MAX_FRAMES, count); i++) {
                int offset = i * FRAME_BYTES;
                chunk.frame(PcmLevel.of(whole, offset, FRAME_BYTES), whole, offset, FRAME_BYTES);
            }
            chunks.add(Chunk.parse(chunk.build()));
        }
        return chunks;
    }
}
