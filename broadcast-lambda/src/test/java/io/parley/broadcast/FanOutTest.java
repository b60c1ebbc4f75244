package io.parley.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.core.port.ConnectionPoster.Outcome;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.Control;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Disconnect;
import io.parley.core.wire.PostCounts;
import io.parley.core.wire.Probe;
import io.parley.core.wire.ProbeAnswer;
import io.parley.core.wire.Refusal;
import io.parley.core.wire.Removed;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.Skipped;
import io.parley.core.wire.Tick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class FanOutTest {

    private final FakeClock clock = new FakeClock();
    private final FakePoster poster = new FakePoster();
    private final FakeRegistry registry = new FakeRegistry();
    private final FakeStream stream = new FakeStream();
    private final BroadcastMetrics metrics = new BroadcastMetrics("broadcast", clock, line -> {});
    private final ManualExecutor departures = new ManualExecutor();

    private FanOut fanOut(int concurrency, Executor departures) {
        return new FanOut(
                poster,
                registry,
                stream,
                clock,
                new BroadcastOptions(concurrency, Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(300), 10),
                Runnable::run,
                departures,
                metrics,
                DeliveryObserver.NONE);
    }

    private BroadcastAnswer broadcast(BroadcastRequest.Builder request) {
        return fanOut(64, Runnable::run).broadcast(request.build());
    }

    @Test
    void primingReadsTheMembersOfNobodyPostsToNobodyAndCountsNothing() {
        registry.listener("lobby", "c1");

        fanOut(64, Runnable::run).prime();

        assertThat(registry.reads()).isEqualTo(1);
        assertThat(poster.posted("AAAAAAAAAAAAAAA=")).singleElement().asString().contains("\"room\":\"nobody\"");
        assertThat(poster.posted("c1")).isEmpty();
        assertThat(stream.records()).isEmpty();
        for (BroadcastMetrics.Counter counter : BroadcastMetrics.Counter.values()) {
            assertThat(metrics.count(counter)).as(counter.name()).isZero();
        }
    }

    @Test
    void aProcessThatCannotBePrimedServesAllTheSame() {
        registry.listener("lobby", "c1");
        registry.breakRoom("nobody");
        FanOut fanOut = fanOut(64, Runnable::run);

        fanOut.prime();

        fanOut.broadcast(request().addRooms(ticks("lobby", 1)).build());
        assertThat(poster.posted("c1")).hasSize(1);
    }

    private BroadcastRequest.Builder request() {
        return BroadcastRequest.newBuilder().setVersion(1).setDeliverBeforeMs(clock.millis() + 60_000);
    }

    private static RoomTicks ticks(String room, long... numbers) {
        RoomTicks.Builder ticks = RoomTicks.newBuilder().setRoom(room).setRosterVersion(1);
        for (long number : numbers) {
            ticks.addTicks(tick(number));
        }
        return ticks.build();
    }

    private static RoomTicks ticksAsOf(long rosterVersion, String room, long... numbers) {
        return ticks(room, numbers).toBuilder().setRosterVersion(rosterVersion).build();
    }

    private static Tick.Builder tick(long number) {
        return Tick.newBuilder()
                .setRoom("lobby")
                .setEpoch(9)
                .setTick(number)
                .setPreviousHash(ByteString.copyFrom(new byte[32]))
                .setHash(ByteString.copyFrom(new byte[32]));
    }

    private static DirectPost refusal(String connection, String room) {
        return DirectPost.newBuilder()
                .setConnection(connection)
                .setRoom(room)
                .setParticipant("p-" + connection)
                .setRefusal(Refusal.newBuilder().setCode("muted"))
                .build();
    }

    private static PostCounts counts(int posted, int gone, int retried, int dropped) {
        return PostCounts.newBuilder()
                .setPosted(posted)
                .setGone(gone)
                .setRetried(retried)
                .setDropped(dropped)
                .build();
    }

    @Test
    void everyListenerGetsTheSameBytes() {
        registry.listener("lobby", "c1").listener("lobby", "c2").listener("lobby", "c3");

        BroadcastAnswer answer = broadcast(request().addRooms(ticks("lobby", 1, 2)));

        assertThat(answer.getRooms(0).getCounts()).isEqualTo(counts(3, 0, 0, 0));
        assertThat(poster.posted("c1"))
                .hasSize(1)
                .isEqualTo(poster.posted("c2"))
                .isEqualTo(poster.posted("c3"));
        assertThat(poster.posted("c1").get(0)).contains("\"tick\":1,").contains("\"tick\":2,");
        assertThat(poster.arrays()).as("serialised once").isEqualTo(1);
    }

    @Test
    void whoSpokeAloneIsPostedNothingOfThatAndTheNextTickNamesIt() {
        registry.member("lobby", "c1", "ann", true)
                .member("lobby", "c2", "ann", true)
                .member("lobby", "c3", "bob", true);
        FanOut fanOut = fanOut(64, Runnable::run);
        RoomTicks alone = RoomTicks.newBuilder()
                .setRoom("lobby")
                .setRosterVersion(1)
                .addTicks(tick(4).setSoleSpeaker("ann"))
                .addTicks(tick(5).setSoleSpeaker("ann"))
                .build();
        RoomTicks after = RoomTicks.newBuilder()
                .setRoom("lobby")
                .setRosterVersion(1)
                .addTicks(tick(6).setSoleSpeaker("ann"))
                .addTicks(tick(7).setSkipped(
                                Skipped.newBuilder().setParticipant("ann").setFrom(4)))
                .build();

        BroadcastAnswer first = fanOut.broadcast(request().addRooms(alone).build());
        BroadcastAnswer second = fanOut.broadcast(request().addRooms(after).build());

        assertThat(first.getRooms(0).getCounts()).isEqualTo(counts(1, 0, 0, 0));
        assertThat(second.getRooms(0).getCounts()).isEqualTo(counts(3, 0, 0, 0));
        assertThat(poster.posted("c1")).hasSize(1).isEqualTo(poster.posted("c2"));
        assertThat(poster.posted("c1").get(0))
                .contains("\"tick\":7,")
                .doesNotContain("\"tick\":6,")
                .contains("\"skipped\":{\"participant\":\"ann\",\"from\":4,\"to\":6,\"hash\":");
        assertThat(String.join("", poster.posted("c3")))
                .contains("\"tick\":4,")
                .contains("\"tick\":5,")
                .contains("\"tick\":6,")
                .contains("\"tick\":7,");
    }

    @Test
    void whoseMembershipIsOverGetsNothingThoughTheMembersWereReadBefore() {
        registry.listener("lobby", "c1").member("lobby", "c2", "p-c2", true, clock.millis() + 1_000);
        FanOut fanOut = fanOut(64, Runnable::run);
        fanOut.broadcast(request().addRooms(ticks("lobby", 1)).build());
        clock.advanceMs(1_000);

        BroadcastAnswer answer =
                fanOut.broadcast(request().addRooms(ticks("lobby", 2)).build());

        assertThat(answer.getRooms(0).getCounts()).isEqualTo(counts(1, 0, 0, 0));
        assertThat(poster.posted("c2")).hasSize(1);
    }

    @Test
    void theTickThatTellsOfAnExpiryIsNotPostedToWhomItIsAboutThoughThisClockIsBehind() {
        registry.listener("lobby", "c1").member("lobby", "c2", "p-c2", true, clock.millis() + 1_000);

        BroadcastAnswer answer = broadcast(request()
                .addRooms(RoomTicks.newBuilder()
                        .setRoom("lobby")
                        .setRosterVersion(1)
                        .addTicks(tick(1).setCloseTimeMs(clock.millis() + 1_000))));

        assertThat(answer.getRooms(0).getCounts()).isEqualTo(counts(1, 0, 0, 0));
        assertThat(poster.posted("c2")).isEmpty();
    }

    @Test
    void noTickIsPostedToWhoeverItSaysIsRemovedThoughItsRecordCameFirst() {
        registry.listener("lobby", "c1").listener("lobby", "c2");
        FanOut fanOut = fanOut(64, Runnable::run);
        fanOut.broadcast(request().addRooms(ticksAsOf(2, "lobby", 1)).build());
        long removal = registry.leave("lobby", "p-c2", "c2").orElseThrow();

        fanOut.broadcast(request().addRooms(ticksAsOf(removal, "lobby", 2)).build());
        fanOut.broadcast(request().addRooms(ticksAsOf(removal, "lobby", 3)).build());

        assertThat(poster.posted("c1")).hasSize(3);
        assertThat(poster.posted("c2")).hasSize(1);
    }

    @Test
    void noTickIsPostedToWhoeverWasRemovedThoughItsRecordComesAfterALaterOne() {
        registry.listener("lobby", "c1").listener("lobby", "c2");
        FanOut fanOut = fanOut(64, Runnable::run);
        fanOut.broadcast(request().addRooms(ticksAsOf(2, "lobby", 1)).build());
        long removal = registry.leave("lobby", "p-c2", "c2").orElseThrow();
        registry.listener("lobby", "c3");

        // The join of c3 overtakes the removal: its tick is not yet the one that tells of it.
        fanOut.broadcast(request().addRooms(ticksAsOf(removal + 1, "lobby", 2)).build());
        fanOut.broadcast(request().addRooms(ticksAsOf(removal + 1, "lobby", 3)).build());

        assertThat(poster.posted("c1")).hasSize(3);
        assertThat(poster.posted("c2")).hasSize(1);
        assertThat(poster.posted("c3")).hasSize(2);
    }

    @Test
    void whoIsRemovedIsToldWhyAndGetsNoTickOfThatCall() {
        registry.listener("lobby", "c1").listener("lobby", "c2");
        long removal = registry.leave("lobby", "p-c2", "c2").orElseThrow();

        broadcast(request()
                .addRooms(ticksAsOf(removal, "lobby", 2))
                .addPosts(DirectPost.newBuilder()
                        .setConnection("c2")
                        .setRoom("lobby")
                        .setParticipant("p-c2")
                        .setRemoved(Removed.newBuilder().setReason("kicked"))));

        assertThat(poster.posted("c2"))
                .containsExactly("{\"action\":\"removed\",\"room\":\"lobby\",\"reason\":\"kicked\"}");
    }

    @Test
    void aRequestPastItsTimeIsRefusedWhole() {
        registry.listener("lobby", "c1");

        BroadcastAnswer answer =
                broadcast(request().setDeliverBeforeMs(clock.millis()).addRooms(ticks("lobby", 1)));

        assertThat(answer.getExpired()).isTrue();
        assertThat(answer.getVersion()).isEqualTo(1);
        assertThat(poster.posted("c1")).isEmpty();
        assertThat(metrics.count(BroadcastMetrics.Counter.EXPIRED_REQUESTS)).isEqualTo(1);
    }

    @Test
    void whatIsNotPostedWhenTheTimePassesIsDroppedAndCounted() {
        registry.listener("lobby", "c1").listener("lobby", "c2").listener("lobby", "c3");
        poster.onPost(() -> clock.advanceMs(40_000));

        BroadcastAnswer answer = broadcast(request().addRooms(ticks("lobby", 1)));

        assertThat(answer.getExpired()).isFalse();
        assertThat(answer.getRooms(0).getCounts()).isEqualTo(counts(2, 0, 0, 1));
        assertThat(metrics.count(BroadcastMetrics.Counter.DROPPED)).isEqualTo(1);
    }

    @Test
    void aPostWithoutAnAnswerCountsAsDroppedWhenTheTimePasses() {
        registry.listener("lobby", "c1");
        poster.hold();

        BroadcastAnswer answer = broadcast(request()
                .setDeliverBeforeMs(clock.millis() + 20)
                .addRooms(ticks("lobby", 1))
                .addDisconnects(Disconnect.newBuilder().setConnection("c2")));

        assertThat(answer.getRooms(0).getCounts()).isEqualTo(counts(0, 0, 0, 1));
        assertThat(answer.getDisconnects()).isEqualTo(counts(0, 0, 0, 2));
        assertThat(poster.release()).as("a late answer changes nothing").isTrue();
    }

    @Test
    void aReadWithoutAnAnswerIsAFailedRoomWhenTheTimePasses() {
        FanOut fanOut = new FanOut(
                poster,
                registry,
                stream,
                clock,
                new BroadcastOptions(64, Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(300), 10),
                task -> {},
                Runnable::run,
                metrics,
                DeliveryObserver.NONE);

        BroadcastAnswer answer = fanOut.broadcast(request()
                .setDeliverBeforeMs(clock.millis() + 20)
                .addRooms(ticks("lobby", 1))
                .addDisconnects(Disconnect.newBuilder().setConnection("c2"))
                .build());

        assertThat(answer.getRooms(0).getFailed()).isTrue();
        assertThat(answer.getDisconnects()).isEqualTo(counts(0, 0, 0, 2));
    }

    @Test
    void anObserverLearnsWhatWasServedToHowManyAndHowLongEachPostTook() {
        registry.listener("lobby", "c1").listener("lobby", "c2");
        poster.onPost(() -> clock.advanceMs(3));
        long startUs = clock.millis() * 1_000;
        List<String> served = new ArrayList<>();
        List<Long> took = new ArrayList<>();
        FanOut fanOut = new FanOut(
                poster,
                registry,
                stream,
                clock,
                new BroadcastOptions(64, Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(300), 10),
                Runnable::run,
                Runnable::run,
                metrics,
                new DeliveryObserver() {
                    @Override
                    public void served(RoomTicks room, int listeners, long broadcastUs, long postUs) {
                        served.add(room.getRoom() + " " + room.getTicksCount() + " ticks to " + listeners);
                        assertThat(broadcastUs).isEqualTo(startUs);
                        assertThat(postUs).isEqualTo(startUs);
                    }

                    @Override
                    public void answered(long tookUs) {
                        took.add(tookUs);
                    }
                });

        fanOut.broadcast(request().addRooms(ticks("lobby", 1, 2)).build());

        assertThat(served).containsExactly("lobby 2 ticks to 2");
        assertThat(took).containsExactly(3_000L, 3_000L);
    }

    @Test
    void aRoomWhoseMembersCannotBeReadFailsAlone() {
        registry.listener("lobby", "c1").listener("attic", "c2");
        registry.breakRoom("attic");

        BroadcastAnswer answer = broadcast(request().addRooms(ticks("attic", 1)).addRooms(ticks("lobby", 1)));

        assertThat(answer.getRooms(0).getRoom()).isEqualTo("attic");
        assertThat(answer.getRooms(0).getFailed()).isTrue();
        assertThat(answer.getRooms(1).getFailed()).isFalse();
        assertThat(answer.getRooms(1).getCounts()).isEqualTo(counts(1, 0, 0, 0));
    }

    @Test
    void aThrottledOrFailedPostIsTriedOnceMore() {
        registry.listener("lobby", "c1").listener("lobby", "c2");
        poster.answer("c1", Outcome.THROTTLED, Outcome.POSTED).answer("c2", Outcome.FAILED, Outcome.THROTTLED);

        BroadcastAnswer answer = broadcast(request().addRooms(ticks("lobby", 1)));

        assertThat(answer.getRooms(0).getCounts()).isEqualTo(counts(1, 0, 2, 1));
        assertThat(metrics.count(BroadcastMetrics.Counter.THROTTLED)).isEqualTo(2);
        assertThat(poster.posted("c1")).hasSize(2);
        assertThat(poster.posted("c2")).as("no third try").hasSize(2);
    }

    @Test
    void aPostIsNotTriedAgainPastTheTime() {
        registry.listener("lobby", "c1");
        poster.answer("c1", Outcome.FAILED).onPost(() -> clock.advanceMs(60_000));

        BroadcastAnswer answer = broadcast(request().addRooms(ticks("lobby", 1)));

        assertThat(answer.getRooms(0).getCounts()).isEqualTo(counts(0, 0, 0, 1));
    }

    @Test
    void aPosterThatBreaksForOneConnectionServesTheOthers() {
        registry.listener("lobby", "c1").listener("lobby", "c2");
        poster.throwFor("c1");

        BroadcastAnswer answer = broadcast(request().addRooms(ticks("lobby", 1)));

        assertThat(answer.getRooms(0).getCounts()).isEqualTo(counts(1, 0, 1, 1));
    }

    @Test
    void aMessageThatIsTooLargeIsDroppedWithoutARetry() {
        registry.listener("lobby", "c1");
        poster.answer("c1", Outcome.TOO_LARGE);

        BroadcastAnswer answer = broadcast(request().addRooms(ticks("lobby", 1)));

        assertThat(answer.getRooms(0).getCounts()).isEqualTo(counts(0, 0, 0, 1));
        assertThat(metrics.count(BroadcastMetrics.Counter.TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void aGoneConnectionLeavesItsRoomAndGetsNothingMore() {
        registry.listener("lobby", "c1").listener("lobby", "c2").listener("attic", "c1");
        poster.answer("c1", Outcome.POSTED, Outcome.GONE);

        BroadcastAnswer answer = broadcast(request()
                .addPosts(refusal("c1", "lobby"))
                .addRooms(ticks("lobby", 1))
                .addRooms(ticks("attic", 1)));

        assertThat(answer.getPosts()).isEqualTo(counts(1, 0, 0, 0));
        assertThat(answer.getRooms(0).getCounts()).isEqualTo(counts(1, 1, 0, 0));
        assertThat(answer.getRooms(1).getCounts()).isEqualTo(counts(0, 1, 0, 0));
        assertThat(poster.posted("c1")).hasSize(2);
        assertThat(registry.forgotten()).as("once").containsExactly("c1");
        assertThat(stream.records()).hasSize(1);
        assertThat(stream.records().get(0).getControl().getKind()).isEqualTo(Control.Kind.LEAVE);
        assertThat(stream.records().get(0).getControl().getReason()).isEqualTo("gone");
        assertThat(stream.records().get(0).getParticipant()).isEqualTo("p-c1");
    }

    @Test
    void aGoneConnectionLeavesBesideThePostsButBeforeTheAnswer() throws Exception {
        registry.listener("lobby", "c1").listener("lobby", "c2");
        poster.answer("c1", Outcome.GONE);

        CompletableFuture<BroadcastAnswer> answer = inBackground(() -> fanOut(1, departures)
                .broadcast(request().addRooms(ticks("lobby", 1)).build()));
        while (departures.waiting() == 0 || poster.posted("c2").isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(answer).isNotDone();

        departures.runAll();
        assertThat(answer.get().getRooms(0).getCounts()).isEqualTo(counts(1, 1, 0, 0));
    }

    @Test
    void theNextTickIsNotPostedToAGoneConnection() {
        registry.listener("lobby", "c1").listener("lobby", "c2");
        registry.breakForgetting();
        poster.answer("c1", Outcome.GONE);
        FanOut fanOut = fanOut(64, Runnable::run);

        fanOut.broadcast(request().addRooms(ticks("lobby", 1)).build());
        BroadcastAnswer second =
                fanOut.broadcast(request().addRooms(ticks("lobby", 2)).build());

        assertThat(second.getRooms(0).getCounts()).isEqualTo(counts(1, 0, 0, 0));
        assertThat(metrics.count(BroadcastMetrics.Counter.DEPARTURES_FAILED)).isEqualTo(1);
    }

    @Test
    void onlySoManyGoneConnectionsLeaveWithOneRequest() {
        for (int i = 0; i < Delivery.MAX_DEPARTURES + 5; i++) {
            registry.listener("lobby", "c" + i);
            poster.answer("c" + i, Outcome.GONE, Outcome.GONE);
        }
        FanOut fanOut = fanOut(64, Runnable::run);

        fanOut.broadcast(request().addRooms(ticks("lobby", 1)).build());
        assertThat(registry.forgotten()).hasSize(Delivery.MAX_DEPARTURES);

        fanOut.broadcast(request().addRooms(ticks("lobby", 2)).build());
        assertThat(registry.forgotten()).hasSize(Delivery.MAX_DEPARTURES + 5).doesNotHaveDuplicates();
    }

    @Test
    void directPostsComeBeforeTheTicksAndTheClosingLast() {
        registry.listener("lobby", "c1");
        BroadcastRequest.Builder request = request()
                .addDisconnects(Disconnect.newBuilder().setConnection("c1").setReason("kicked"))
                .addRooms(ticks("lobby", 1))
                .addPosts(refusal("c1", "lobby"))
                .addPosts(DirectPost.newBuilder()
                        .setConnection("c1")
                        .setProbe(ProbeAnswer.newBuilder()
                                .setProbe(Probe.newBuilder().setId("p7"))));

        BroadcastAnswer answer = broadcast(request);

        List<String> posted = poster.posted("c1");
        assertThat(posted).hasSize(5);
        assertThat(posted.get(0)).contains("\"error\"");
        assertThat(posted.get(1)).contains("\"probe\"").contains("\"p7\"");
        assertThat(posted.get(2)).contains("\"tick\"");
        assertThat(posted.get(3)).isEqualTo("{\"action\":\"bye\",\"reason\":\"kicked\",\"reconnect\":false}");
        assertThat(posted.get(4)).isEqualTo(FakePoster.CLOSE);
        assertThat(answer.getPosts()).isEqualTo(counts(2, 0, 0, 0));
        assertThat(answer.getDisconnects()).isEqualTo(counts(2, 0, 0, 0));
    }

    @Test
    void postsOfAConnectionNeverOverlapAndOnlySoManyAreOnTheirWay() throws Exception {
        List<RoomTicks> rooms = new ArrayList<>();
        for (int room = 0; room < 5; room++) {
            rooms.add(ticks("room" + room, 1));
            for (int i = 0; i < 20; i++) {
                registry.listener("room" + room, "c" + i);
            }
        }
        poster.hold();

        CompletableFuture<BroadcastAnswer> answer = inBackground(() ->
                fanOut(4, Runnable::run).broadcast(request().addAllRooms(rooms).build()));
        // Let go of nothing before as many are held as may be: else the releases might outrun the posts.
        while (poster.heldNow() < 4) {
            Thread.onSpinWait();
        }
        while (!answer.isDone()) {
            poster.release();
        }

        assertThat(poster.overlapped()).isFalse();
        assertThat(poster.mostOnTheirWay()).isEqualTo(4);
        assertThat(answer.get().getRoomsList())
                .allMatch(room -> room.getCounts().getPosted() == 20);
    }

    @Test
    void aCrowdThatIsAnsweredAtOnceDoesNotPileUpTheStack() {
        for (int i = 0; i < 20_000; i++) {
            registry.listener("lobby", "c" + i);
        }

        BroadcastAnswer answer = broadcast(request().addRooms(ticks("lobby", 1)));

        assertThat(answer.getRooms(0).getCounts().getPosted()).isEqualTo(20_000);
    }

    private static <T> CompletableFuture<T> inBackground(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(work.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
