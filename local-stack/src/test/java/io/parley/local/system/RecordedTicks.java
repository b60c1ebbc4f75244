package io.parley.local.system;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.tick.LiveFrames;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** All ticks of a room that a client got, and what they say of one participant. */
final class RecordedTicks {

    private final Map<TickId, JsonNode> ticks = new TreeMap<>();

    /** In the order in which the job made them. */
    record TickId(long epoch, long tick) implements Comparable<TickId> {
        @Override
        public int compareTo(TickId other) {
            return epoch == other.epoch ? Long.compare(tick, other.tick) : Long.compare(epoch, other.epoch);
        }
    }

    static RecordedTicks of(RawClient client, String room) {
        RecordedTicks recorded = new RecordedTicks();
        for (JsonNode message : client.received()) {
            if (message.path("action").asText().equals("tick")
                    && message.path("room").asText().equals(room)) {
                for (JsonNode tick : message.path("ticks")) {
                    recorded.ticks.put(id(tick), tick);
                }
            }
        }
        return recorded;
    }

    /** Of a tick, or of {@code joined}. */
    static TickId id(JsonNode tick) {
        return new TickId(tick.path("epoch").asLong(), tick.path("tick").asLong());
    }

    Map<TickId, JsonNode> after(TickId id) {
        return new TreeMap<>(((TreeMap<TickId, JsonNode>) ticks).tailMap(id, false));
    }

    Map<TickId, JsonNode> all() {
        return ticks;
    }

    /** Numbers of frames that the participant's streams have in each tick. */
    static Map<TickId, Integer> frames(Map<TickId, JsonNode> ticks, String participant) throws IOException {
        Map<TickId, Integer> frames = new HashMap<>();
        Set<Integer> streams = new HashSet<>();
        for (Map.Entry<TickId, JsonNode> tick : ticks.entrySet()) {
            for (JsonNode event : tick.getValue().path("events")) {
                if (event.path("kind").asText().equals("stream")
                        && event.path("participant").asText().equals(participant)) {
                    streams.add(event.path("stream").asInt());
                }
            }
            if (tick.getValue().has("frames")) {
                LiveFrames.Reader reader =
                        new LiveFrames.Reader(tick.getValue().path("frames").binaryValue());
                while (reader.next()) {
                    if (streams.contains(reader.stream())) {
                        frames.merge(tick.getKey(), 1, Integer::sum);
                    }
                }
            }
        }
        return frames;
    }
}
