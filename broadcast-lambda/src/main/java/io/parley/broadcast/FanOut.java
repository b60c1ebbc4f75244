package io.parley.broadcast;

import io.parley.core.error.FailureLog;
import io.parley.core.port.ConnectionPoster;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.port.VoiceStream;
import io.parley.core.record.Micros;
import io.parley.core.room.Departure;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.RoomTicks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the ticks of rooms to their listeners, and what is for one connection to that connection.
 *
 * <p>All listeners get every tick, but who spoke alone in one and has nothing else to learn from it
 * ({@code Tick.sole_speaker}): that one is told with the next tick which were left out ({@code Tick.skipped}).
 *
 * <p>Thread safe. {@link #broadcast} blocks its caller until all is delivered, or until the request's
 * {@code deliver_before_ms}: a request that comes after it is refused whole; what has not been answered by the gateway
 * when it passes counts as dropped. Trouble with one room or connection never reaches another.
 */
public final class FanOut {

    private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

    /** In the form of a connection's id, so that the gateway looks for it. */
    private static final String NO_CONNECTION = "AAAAAAAAAAAAAAA=";

    private static final int PRIME_SECONDS = 5;

    final ConnectionPoster poster;
    final ConnectionRegistry registry;
    final Departure departure;
    final Clock clock;
    final BroadcastOptions options;
    final Executor departures;
    final BroadcastMetrics metrics;
    final DeliveryObserver observer;
    final RosterCache rosters;
    final TickMessage tickMessage = new TickMessage();
    final FailureLog postFailures;
    final FailureLog rosterFailures;
    final FailureLog departureFailures;

    /**
     * @param reads runs the blocking reads of members
     * @param departures runs the blocking departures of gone connections
     */
    public FanOut(
            ConnectionPoster poster,
            ConnectionRegistry registry,
            VoiceStream stream,
            Clock clock,
            BroadcastOptions options,
            Executor reads,
            Executor departures,
            BroadcastMetrics metrics,
            DeliveryObserver observer) {
        this.poster = poster;
        this.registry = registry;
        this.departure = new Departure(registry, stream, clock);
        this.clock = clock;
        this.options = options;
        this.departures = departures;
        this.metrics = metrics;
        this.observer = observer;
        this.postFailures = FailureLog.ofLines(clock::millis, LOG::warn);
        this.rosterFailures = FailureLog.ofLines(clock::millis, LOG::warn);
        this.rosters = new RosterCache(
                registry,
                reads,
                clock,
                options.rosterTtl(),
                options.rosterStale(),
                options.rosterRooms(),
                metrics,
                rosterFailures);
        this.departureFailures = FailureLog.ofLines(clock::millis, LOG::warn);
    }

    /** Delivers the request; the answer says for each room, in order, and for the rest, what became of the posts. */
    public BroadcastAnswer broadcast(BroadcastRequest request) {
        long startUs = nowUs();
        metrics.add(BroadcastMetrics.Counter.REQUESTS, 1);
        try {
            if (startUs / 1_000 >= request.getDeliverBeforeMs()) {
                metrics.add(BroadcastMetrics.Counter.EXPIRED_REQUESTS, 1);
                return BroadcastAnswer.newBuilder()
                        .setVersion(BroadcastEnvelope.VERSION)
                        .setExpired(true)
                        .build();
            }
            return deliver(new Delivery(this, request, startUs), request.getDeliverBeforeMs());
        } finally {
            metrics.report();
        }
    }

    /**
     * Reads a request, the members of a room that nobody is in, and posts a tick to a connection that does not exist: what is
     * loaded and connected now the first listeners do not wait for. Changes and counts nothing; what fails will fail
     * again, and be told, when it matters. Blocks for some seconds at most.
     */
    void prime() {
        try {
            BroadcastRequest request = BroadcastEnvelope.read(new ByteArrayInputStream(BroadcastEnvelope.sample()));
            RoomTicks room = request.getRooms(0);
            registry.members(room.getRoom());
            byte[] message = tickMessage
                    .write(room.getRoom(), room.getTicksList(), nowUs(), nowUs())
                    .get(0);
            poster.post(NO_CONNECTION, message).toCompletableFuture().get(PRIME_SECONDS, TimeUnit.SECONDS);
            BroadcastEnvelope.write(BroadcastAnswer.getDefaultInstance(), OutputStream.nullOutputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
            LOG.warn("the process could not be primed", e);
        }
    }

    private BroadcastAnswer deliver(Delivery delivery, long deliverBeforeMs) {
        CompletableFuture<BroadcastAnswer> answer = delivery.start();
        try {
            return answer.get(Math.max(1, deliverBeforeMs - clock.millis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return delivery.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return delivery.stop();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a delivery failed as a whole", e.getCause());
        }
    }

    /** The clock in microseconds since the epoch. */
    long nowUs() {
        return Micros.now(clock);
    }
}
