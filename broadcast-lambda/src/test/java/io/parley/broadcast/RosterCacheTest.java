package io.parley.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.broadcast.BroadcastMetrics.Counter;
import io.parley.core.error.FailureLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RosterCacheTest {

    private final FakeClock clock = new FakeClock();
    private final FakeRegistry registry = new FakeRegistry();
    private final ManualExecutor executor = new ManualExecutor();
    private final BroadcastMetrics metrics = new BroadcastMetrics("broadcast", clock, line -> {});

    private final List<String> lines = new ArrayList<>();

    private RosterCache cache(int maxRooms) {
        return new RosterCache(
                registry,
                executor,
                clock,
                Duration.ofSeconds(30),
                Duration.ofSeconds(300),
                maxRooms,
                metrics,
                FailureLog.ofLines(clock::millis, lines::add));
    }

    private List<Listener> read(RosterCache cache, String room, long version) {
        CompletableFuture<List<Listener>> listeners = cache.listeners(room, version);
        executor.runAll();
        return listeners.join();
    }

    @Test
    void givesThoseMembersOnlyWhoMayListen() {
        registry.listener("lobby", "c1").member("lobby", "c2", "mute", false);

        assertThat(read(cache(10), "lobby", 1)).containsExactly(new Listener("c1", "p-c1", Long.MAX_VALUE));
    }

    @Test
    void oneReadServesItsVersionAndOlderOnes() {
        RosterCache cache = cache(10);
        read(cache, "lobby", 5);
        read(cache, "lobby", 5);
        read(cache, "lobby", 3);

        assertThat(registry.reads()).isEqualTo(1);
    }

    @Test
    void aNewerVersionIsReadAgain() {
        RosterCache cache = cache(10);
        read(cache, "lobby", 5);
        registry.listener("lobby", "c1");

        assertThat(read(cache, "lobby", 6)).hasSize(1);
        assertThat(registry.reads()).isEqualTo(2);
    }

    @Test
    void whatIsThirtySecondsOldIsReadAgain() {
        RosterCache cache = cache(10);
        read(cache, "lobby", 5);
        clock.advanceMs(29_999);
        read(cache, "lobby", 5);
        assertThat(registry.reads()).isEqualTo(1);

        clock.advanceMs(1);
        read(cache, "lobby", 5);
        assertThat(registry.reads()).isEqualTo(2);
    }

    @Test
    void readsARoomOnceForAllWhoAskMeanwhile() {
        RosterCache cache = cache(10);
        CompletableFuture<List<Listener>> first = cache.listeners("lobby", 5);
        CompletableFuture<List<Listener>> second = cache.listeners("lobby", 4);
        executor.runAll();

        assertThat(first.join()).isEqualTo(second.join());
        assertThat(registry.reads()).isEqualTo(1);
    }

    @Test
    void aNewerVersionThanTheRunningReadWaitsForAReadOfItsOwn() {
        RosterCache cache = cache(10);
        cache.listeners("lobby", 5);
        CompletableFuture<List<Listener>> newer = cache.listeners("lobby", 6);
        CompletableFuture<List<Listener>> newest = cache.listeners("lobby", 7);
        assertThat(executor.waiting()).as("one read of a room at a time").isEqualTo(1);
        executor.runNext();
        registry.listener("lobby", "c1");
        assertThat(newer).isNotDone();

        executor.runAll();
        assertThat(newer.join()).hasSize(1);
        assertThat(newest.join()).hasSize(1);
        assertThat(registry.reads()).isEqualTo(2);
    }

    @Test
    void aFailedReadIsNotRemembered() {
        RosterCache cache = cache(10);
        registry.breakRoom("lobby");
        assertThatThrownBy(() -> read(cache, "lobby", 5)).hasMessageContaining("unavailable");
        registry.mendRoom("lobby");

        assertThat(read(cache, "lobby", 5)).isEmpty();
    }

    @Test
    void whatWasReadServesOnWhereItCannotBeReadAgain() {
        registry.listener("lobby", "c1");
        RosterCache cache = cache(10);
        read(cache, "lobby", 5);
        registry.breakRoom("lobby");
        clock.advanceMs(30_000);

        assertThat(read(cache, "lobby", 5)).hasSize(1);
        assertThat(read(cache, "lobby", 4)).hasSize(1);
        assertThat(registry.reads()).as("the next try waits for a second").isEqualTo(2);
        assertThat(metrics.count(Counter.ROSTERS_STALE)).isEqualTo(2);
        assertThat(metrics.count(Counter.ROSTER_READS_FAILED)).isEqualTo(1);
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).contains("room lobby").contains("the table is away");
    }

    @Test
    void whatServesOnIsReadAgainBesideUntilThatSucceeds() {
        registry.listener("lobby", "c1");
        RosterCache cache = cache(10);
        read(cache, "lobby", 5);
        registry.breakRoom("lobby");
        clock.advanceMs(30_000);
        read(cache, "lobby", 5);
        clock.advanceMs(RosterCache.RETRY_MS);
        registry.listener("lobby", "c2");

        assertThat(cache.listeners("lobby", 5)).as("nobody waits for the retry").isCompleted();
        registry.mendRoom("lobby");
        executor.runAll();
        assertThat(read(cache, "lobby", 5)).hasSize(2);
        assertThat(registry.reads()).isEqualTo(3);
    }

    @Test
    void whoeverMayHaveBeenRemovedHearsNothingThatWasSaidAfter() {
        registry.listener("lobby", "c1").listener("lobby", "c2");
        RosterCache cache = cache(10);
        read(cache, "lobby", 5);
        registry.breakRoom("lobby");

        assertThatThrownBy(() -> read(cache, "lobby", 6)).hasMessageContaining("unavailable");
        assertThat(read(cache, "lobby", 5)).hasSize(2);
    }

    @Test
    void whatServesOnDoesSoForFiveMinutesAtTheMost() {
        registry.listener("lobby", "c1");
        RosterCache cache = cache(10);
        read(cache, "lobby", 5);
        registry.breakRoom("lobby");
        clock.advanceMs(299_999);
        assertThat(read(cache, "lobby", 5)).hasSize(1);

        clock.advanceMs(1);
        assertThatThrownBy(() -> read(cache, "lobby", 5)).hasMessageContaining("unavailable");
    }

    @Test
    void aReadThatTakesLongIsNotWaitedForWhereAnOlderOneCanServe() {
        registry.listener("lobby", "c1");
        RosterCache cache = cache(10);
        read(cache, "lobby", 5);
        clock.advanceMs(30_000);
        assertThat(cache.listeners("lobby", 5)).isNotDone();
        clock.advanceMs(RosterCache.PATIENCE_MS - 1);
        assertThat(cache.listeners("lobby", 5)).isNotDone();

        clock.advanceMs(1);
        assertThat(cache.listeners("lobby", 5)).isCompleted();
        assertThat(cache.listeners("lobby", 6)).isNotDone();
    }

    @Test
    void remembersTheRoomsLastAskedForOnly() {
        RosterCache cache = cache(2);
        read(cache, "a", 1);
        read(cache, "b", 1);
        read(cache, "a", 1);
        read(cache, "c", 1);
        assertThat(registry.reads()).isEqualTo(3);

        read(cache, "a", 1);
        assertThat(registry.reads()).as("a is remembered").isEqualTo(3);
        read(cache, "b", 1);
        assertThat(registry.reads()).as("b had to go").isEqualTo(4);
    }

    @Test
    void aGoneConnectionIsNoListenerAnyMore() {
        registry.listener("lobby", "c1").listener("lobby", "c2");
        RosterCache cache = cache(10);
        read(cache, "lobby", 1);

        cache.remove("lobby", "c1");
        assertThat(read(cache, "lobby", 1)).containsExactly(new Listener("c2", "p-c2", Long.MAX_VALUE));
    }
}
