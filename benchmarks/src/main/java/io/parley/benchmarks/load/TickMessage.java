package io.parley.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.tick.LiveFrames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a {@code tick} message says of the room's speakers, read once for all who get it.
 *
 * @param speakers of each frame, by index in the room's plans
 * @param frames their numbers
 * @param lost ranges that were declared lost
 * @param traces of chunks, each with the chunk's first frame
 */
record TickMessage(int[] speakers, int[] frames, List<Lost> lost, List<Trace> traces) {

    record Lost(int speaker, int firstFrame, int count) {}

    record Trace(int speaker, int frame, long[] at) {}

    private static final int HOPS = 7;

    /**
     * @param speakerOf index of a participant among the room's speakers
     * @param streams index of a speaker by epoch and stream; what the message declares is added
     */
    static TickMessage read(JsonNode message, Map<String, Integer> speakerOf, Map<String, Integer> streams) {
        int[] speakers = new int[16];
        int[] frames = new int[16];
        int count = 0;
        List<Lost> lost = new ArrayList<>();
        List<Trace> traces = new ArrayList<>();
        for (JsonNode tick : message.path("ticks")) {
            String epoch = tick.path("epoch").asText() + '/';
            for (JsonNode event : tick.path("events")) {
                String stream = epoch + event.path("stream").asInt();
                switch (event.path("kind").asText()) {
                    case "stream" -> {
                        Integer speaker =
                                speakerOf.get(event.path("participant").asText());
                        if (speaker != null) {
                            streams.put(stream, speaker);
                        }
                    }
                    case "lost" -> {
                        Integer speaker = streams.get(stream);
                        if (speaker != null) {
                            lost.add(new Lost(
                                    speaker,
                                    (int) event.path("seq").asLong(),
                                    event.path("count").asInt()));
                        }
                    }
                    default -> {}
                }
            }
            if (tick.has("frames")) {
                LiveFrames.Reader reader = new LiveFrames.Reader(bytes(tick.path("frames")));
                while (reader.next()) {
                    Integer speaker = streams.get(epoch + reader.stream());
                    if (speaker == null) {
                        continue;
                    }
                    if (count == frames.length) {
                        speakers = Arrays.copyOf(speakers, count * 2);
                        frames = Arrays.copyOf(frames, count * 2);
                    }
                    speakers[count] = speaker;
                    frames[count++] = reader.sequence();
                }
            }
            for (JsonNode trace : tick.path("traces")) {
                Integer speaker = streams.get(epoch + trace.path("stream").asInt());
                if (speaker != null) {
                    long[] at = new long[HOPS];
                    for (int i = 0; i < HOPS; i++) {
                        at[i] = trace.path("at").path(i).asLong();
                    }
                    traces.add(new Trace(speaker, (int) trace.path("seq").asLong(), at));
                }
            }
        }
        return new TickMessage(Arrays.copyOf(speakers, count), Arrays.copyOf(frames, count), lost, traces);
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return node.binaryValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
