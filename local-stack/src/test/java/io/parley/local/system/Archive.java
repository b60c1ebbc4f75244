package io.parley.local.system;

import com.google.protobuf.ByteString;
import io.parley.aws.AwsPorts;
import io.parley.core.envelope.Envelope;
import io.parley.core.port.DataKeys;
import io.parley.core.port.ObjectStore;
import io.parley.core.tick.LiveFrames;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.Tick;
import io.parley.core.wire.TickLogSegment;
import io.parley.local.stack.LocalStack;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The audio bucket, read as somebody with access to bucket and key would. */
final class Archive {

    private final ObjectStore store;
    private final DataKeys keys;

    Archive(LocalStack stack) {
        AwsPorts ports = AwsPorts.from(Map.of(
                "AWS_REGION",
                LocalStack.REGION,
                "AWS_ENDPOINT_URL",
                stack.credentials().edge(),
                "AWS_ACCESS_KEY_ID",
                "local",
                "AWS_SECRET_ACCESS_KEY",
                "local"));
        store = ports.objectStore(LocalStack.BUCKET, LocalStack.KEY_ALIAS);
        keys = ports.dataKeys(LocalStack.KEY_ALIAS, Clock.systemUTC());
    }

    List<String> list(String prefix) throws Exception {
        return store.list(prefix).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    byte[] sealed(String key) throws Exception {
        return store.get(key).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    byte[] opened(String key) throws Exception {
        return Envelope.open(
                key,
                sealed(key),
                wrapped -> keys.unwrap(wrapped).toCompletableFuture().join());
    }

    /** The ticks of a room that the tick log has so far, in their order. */
    List<Tick> ticksInLog(String room) throws Exception {
        List<Tick> ticks = new ArrayList<>();
        for (String key : list("ticks/" + room + "/")) {
            ticks.addAll(TickLogSegment.parseFrom(opened(key)).getTicksList());
        }
        return ticks;
    }

    /** The sequence numbers of the frames that were played of each participant, as the tick log has them so far. */
    Map<String, List<Integer>> framesInLog(String room) throws Exception {
        Map<String, List<Integer>> frames = new LinkedHashMap<>();
        Map<Integer, String> speakers = new HashMap<>();
        for (Tick tick : ticksInLog(room)) {
            tick.getEventsList().stream()
                    .filter(event -> event.getKind() == Event.Kind.STREAM)
                    .forEach(event -> speakers.put(event.getStream(), event.getParticipant()));
            LiveFrames.Reader reader = new LiveFrames.Reader(tick.getFrames().toByteArray());
            while (reader.next()) {
                frames.computeIfAbsent(speakers.get(reader.stream()), p -> new ArrayList<>())
                        .add(reader.sequence());
            }
        }
        return frames;
    }

    /** The frames that were not played, in the order in which the tick log has them so far. */
    List<LogFrame> notPlayed(String room) throws Exception {
        List<LogFrame> frames = new ArrayList<>();
        for (Tick tick : ticksInLog(room)) {
            frames.addAll(tick.getLogOnly().getFramesList());
        }
        return frames;
    }

    /** Whether the ticks that the log has of a room so far follow each other from the first on, by number and by hash. */
    boolean isWhole(String room) throws Exception {
        TickHash hasher = new TickHash();
        ByteString previous = TickHash.ZERO;
        long next = 0;
        for (Tick tick : ticksInLog(room)) {
            if (tick.getTick() != next
                    || !tick.getPreviousHash().equals(previous)
                    || !hasher.hash(tick).equals(tick.getHash())) {
                return false;
            }
            previous = tick.getHash();
            next++;
        }
        return next > 0;
    }
}
