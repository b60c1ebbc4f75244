package io.parley.broadcast;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.core.tick.LiveFrames;
import io.parley.core.wire.SeedSpeaker;
import io.parley.core.wire.Tick;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client of the original protocol gets of a tick (docs/seed-clients.md): an {@code audio} message for each
 * speaker stream of PCM at 16 kHz, its frames put together. It has no use for the rest.
 *
 * @param speaker the participant, who does not get it
 * @param text UTF-8, shared by all such listeners of the room
 */
record SeedMessage(String speaker, byte[] text) {

    private static final JsonFactory JSON = new JsonFactory();

    /** In the order of the ticks, and in each of who is heard first. */
    static List<SeedMessage> write(List<Tick> ticks) {
        List<SeedMessage> messages = new ArrayList<>();
        for (Tick tick : ticks) {
            if (tick.getSeedSpeakersCount() > 0) {
                write(tick, messages);
            }
        }
        return messages;
    }

    private static void write(Tick tick, List<SeedMessage> messages) {
        Map<Integer, ByteArrayOutputStream> audio = new LinkedHashMap<>();
        LiveFrames.Reader frames = new LiveFrames.Reader(tick.getFrames().toByteArray());
        while (frames.next()) {
            audio.computeIfAbsent(frames.stream(), stream -> new ByteArrayOutputStream())
                    .write(frames.bytes(), frames.offset(), frames.length());
        }
        audio.forEach((stream, pcm) -> {
            for (SeedSpeaker speaker : tick.getSeedSpeakersList()) {
                if (speaker.getStream() == stream) {
                    messages.add(new SeedMessage(
                            speaker.getParticipant(), text(speaker, pcm.toByteArray(), tick.getCloseTimeMs())));
                }
            }
        });
    }

    private static byte[] text(SeedSpeaker speaker, byte[] pcm, long timestampMs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(pcm.length * 4 / 3 + 256);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("action", "audio");
            json.writeObjectFieldStart("data");
            json.writeBinaryField("audio", pcm);
            json.writeStringField("author", speaker.getName().isEmpty() ? speaker.getParticipant() : speaker.getName());
            json.writeNumberField("timestamp", timestampMs);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
