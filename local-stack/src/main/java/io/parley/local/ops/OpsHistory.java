package io.parley.local.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.local.ops.DeliveryMeter.RoomActivity;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a snapshot each second, on a thread of its own, and keeps those of the last quarter of an hour. Safe for threads.
 */
public final class OpsHistory implements AutoCloseable {

    static final Duration PERIOD = Duration.ofSeconds(1);
    static final Duration KEPT = Duration.ofMinutes(15);

    private static final Logger LOG = LoggerFactory.getLogger(OpsHistory.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN_ROOMS = 20;

    private final OpsSources sources;
    private final Clock clock;
    private final ScheduledExecutorService seconds = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ops-history");
        thread.setDaemon(true);
        return thread;
    });

    /** Guarded by this. JSON once, for all who ask. */
    private final Deque<Kept> kept = new ArrayDeque<>();

    private List<RoomActivity> rooms = List.of();

    private record Kept(long atMs, String json) {}

    public OpsHistory(OpsSources sources, Clock clock) {
        this.sources = sources;
        this.clock = clock;
    }

    public OpsHistory start() {
        seconds.scheduleAtFixedRate(
                () -> {
                    try {
                        take();
                    } catch (RuntimeException e) {
                        // The next second may be better; without this there would be none.
                        LOG.warn("no snapshot of this second", e);
                    }
                },
                PERIOD.toMillis(),
                PERIOD.toMillis(),
                TimeUnit.MILLISECONDS);
        return this;
    }

    void take() {
        long nowMs = clock.millis();
        List<RoomActivity> now = sources.rooms();
        String snapshot = write(sources.read(nowMs, now));
        synchronized (this) {
            rooms = now.size() > SHOWN_ROOMS ? now.subList(0, SHOWN_ROOMS) : now;
            kept.add(new Kept(nowMs, snapshot));
            while (kept.getFirst().atMs() < nowMs - KEPT.toMillis()) {
                kept.removeFirst();
            }
        }
    }

    /**
     * What there is, as JSON: {@code {"periodMs", "keptMs", "rooms": [...], "snapshots": [...]}}, the oldest first.
     *
     * @param afterMs only snapshots later than that, in ms since the epoch
     */
    Buffer json(long afterMs) {
        StringBuilder json = new StringBuilder(64 * 1024)
                .append("{\"periodMs\":")
                .append(PERIOD.toMillis())
                .append(",\"keptMs\":")
                .append(KEPT.toMillis());
        synchronized (this) {
            json.append(",\"rooms\":").append(write(rooms)).append(",\"snapshots\":[");
            String separator = "";
            for (Kept snapshot : kept) {
                if (snapshot.atMs() > afterMs) {
                    json.append(separator).append(snapshot.json());
                    separator = ",";
                }
            }
        }
        return Buffer.buffer(json.append("]}").toString());
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("values of our own could not be written", e);
        }
    }

    @Override
    public void close() {
        seconds.shutdownNow();
    }
}
