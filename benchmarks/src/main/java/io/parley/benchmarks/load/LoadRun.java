package io.parley.benchmarks.load;

import io.parley.local.demo.LiveView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * One load on one target. It is open loop: who sends when is fixed beforehand, and each chunk's way counts from when it was
 * due, whether the system keeps up or not. Composition root: it reads the clock.
 */
public final class LoadRun {

    private static final int LEAD_MS = 500;
    private static final int AT_A_TIME = 8;
    private static final int JOIN_MINUTES = 10;
    private static final int DRAIN_MS = 5_000;
    private static final int SHOW_MS = 1_000;

    private final Target target;
    private final LoadSettings settings;
    private final Clock clock = Clock.systemUTC();
    private final RunMeters meters = new RunMeters();
    private final Histogram wholeWay = new Histogram(RunMeters.MAX_US, 3);
    private final LiveView view;

    LoadRun(Target target, LoadSettings settings, PrintStream out) {
        this.target = target;
        this.settings = settings;
        this.view = new LiveView(out);
    }

    LoadResult run(LoadTargets.Moments moments) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(Math.min(2, Runtime.getRuntime().availableProcessors())));
        try {
            return run(vertx, moments);
        } finally {
            await(vertx.close());
        }
    }

    private LoadResult run(Vertx vertx, LoadTargets.Moments moments) throws Exception {
        // Rooms of another run may still be there.
        String prefix = "load-" + Long.toString(clock.millis(), 36) + '-';
        List<LoadRoom> rooms = new ArrayList<>();
        for (int i = 0; i < settings.rooms(); i++) {
            rooms.add(new LoadRoom(i, prefix + i, settings, meters, vertx, vertx.getOrCreateContext()));
        }
        connect(vertx, rooms);
        moments.beforeTalk();
        RunClock runClock = RunClock.startingIn(LEAD_MS, clock);
        rooms.forEach(room -> room.begin(runClock));
        sleepUntil(runClock, settings.warmUpSeconds() * 1000L, "warming up");
        StackReading before = target.read();
        long cpuBefore = ProcessFigures.cpuNs();
        sleepUntil(runClock, settings.wholeMs(), "measuring");
        StackReading after = target.read();
        long cpu = ProcessFigures.cpuNs() - cpuBefore;
        long expected = expected(rooms);
        while (meters.delivered.sum() < expected && runClock.nowUs() < (settings.wholeMs() + DRAIN_MS) * 1000) {
            Thread.sleep(50);
        }
        moments.afterTalk();
        wholeWay.add(meters.wholeWay.getIntervalHistogram());
        view.end();
        List<Hearing> hearings = new ArrayList<>();
        for (LoadRoom room : rooms) {
            hearings.addAll(await(room.hearings()));
        }
        LoadResult result = LoadResult.of(
                settings, meters, wholeWay, hearings, plans(rooms), before == null ? null : after.since(before), cpu);
        for (LoadRoom room : rooms) {
            await(room.leave());
        }
        return result;
    }

    private void connect(Vertx vertx, List<LoadRoom> rooms) throws Exception {
        List<String> tokens = target.tokens(settings.connections());
        WebSocketClient client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(settings.connections() + 1)
                .setMaxFrameSize(128 * 1024)
                .setMaxMessageSize(256 * 1024)
                .setTcpNoDelay(true));
        Semaphore free = new Semaphore(AT_A_TIME);
        List<Future<Void>> joins = new ArrayList<>();
        for (int person = 0; person < settings.people(); person++) {
            for (int room = 0; room < rooms.size(); room++) {
                free.acquire();
                Future<Void> join = rooms.get(room).connect(client, target, tokens.get(joins.size()));
                join.onComplete(ignored -> free.release());
                joins.add(join);
                if (join.failed()) {
                    await(join);
                }
                view.show(joins.size() + " of " + settings.connections() + " people connect", clock.millis());
            }
        }
        await(Future.all(joins));
    }

    private List<SpeechPlan> plans(List<LoadRoom> rooms) {
        return rooms.stream().flatMap(room -> room.plans().stream()).toList();
    }

    /** Frames times those who should hear them. */
    private long expected(List<LoadRoom> rooms) {
        return plans(rooms).stream()
                .mapToLong(plan -> (plan.frames() - plan.firstMeasuredFrame()) * (settings.people() - 1L))
                .sum();
    }

    private void sleepUntil(RunClock runClock, long runMs, String what) throws InterruptedException {
        Histogram second = new Histogram(RunMeters.MAX_US, 3);
        while (true) {
            long leftMs = runMs - runClock.nowUs() / 1000;
            if (leftMs <= 0) {
                return;
            }
            Thread.sleep(Math.min(leftMs, SHOW_MS));
            long posts = meters.posts.sum();
            long delivered = meters.delivered.sum();
            meters.wholeWay.getIntervalHistogramInto(second);
            wholeWay.add(second);
            view.show(
                    String.format(
                            Locale.ROOT,
                            "%s, %d s to go: %,d chunks sent, %,d posts and %,d frames received; whole way p50 %.0f ms, p99 %.0f ms",
                            what,
                            Math.max(0, runMs / 1000 - runClock.nowUs() / 1_000_000),
                            meters.chunksSent.sum(),
                            posts,
                            delivered,
                            second.getValueAtPercentile(50) / 1000.0,
                            second.getValueAtPercentile(99) / 1000.0),
                    clock.millis());
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(JOIN_MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("gave up after " + JOIN_MINUTES + " minutes", e);
        }
    }
}
