package io.parley.job.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.core.error.ErrorCode;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Disconnect;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogOnly;
import io.parley.core.wire.RoomAnswer;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.SeedSpeaker;
import io.parley.core.wire.Tick;
import io.parley.job.JobMetrics;
import io.parley.job.ManualClock;
import io.parley.job.MemoryMetrics;
import io.parley.job.Settings;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LaneTest {

    private static final long START = 1_790_000_000_000L;
    private static final int DEADLINE_MS = 1_000;
    private static final int LONG_MS = 600_000;

    private final ManualClock clock = new ManualClock(START);
    private final HandBroadcaster broadcaster = new HandBroadcaster();
    private final MemoryEventPublisher events = new MemoryEventPublisher();
    private final MemoryMetrics metrics = new MemoryMetrics();

    @Test
    void callsAtOnceAndHasOneCallInFlight() {
        Lane lane = lane(LONG_MS, 100);
        lane.offer(tick("room", 0));
        lane.offer(tick("room", 1));
        lane.offer(tick("other", 0));
        assertThat(broadcaster.calls()).isEqualTo(1);

        broadcaster.answer(0);
        assertThat(broadcaster.calls()).isEqualTo(2);
    }

    @Test
    void mergesWhatWaitsByRoomInOrder() {
        Lane lane = lane(LONG_MS, 100);
        lane.offer(tick("room", 0));
        lane.offer(tick("room", 1));
        lane.offer(tick("other", 7));
        lane.offer(tick("room", 2));
        broadcaster.answer(0);

        BroadcastRequest request = broadcaster.request(1);
        assertThat(request.getRoomsList()).extracting(RoomTicks::getRoom).containsExactly("room", "other");
        assertThat(request.getRooms(0).getTicksList()).extracting(Tick::getTick).containsExactly(1L, 2L);
        assertThat(request.getRooms(0).getRosterVersion()).isEqualTo(2);
        assertThat(request.getRooms(1).getTicksList()).extracting(Tick::getTick).containsExactly(7L);
    }

    @Test
    void mustBeDeliveredBeforeItsOldestTickIsTooOld() {
        Lane lane = lane(LONG_MS, 100);
        lane.offer(tick("room", 0));
        assertThat(broadcaster.request(0).getDeliverBeforeMs()).isEqualTo(START + DEADLINE_MS);
        lane.offer(tick("room", 1));
        clock.setMs(START + 300);
        lane.offer(tick("room", 2));
        broadcaster.answer(0);

        assertThat(broadcaster.request(1).getDeliverBeforeMs()).isEqualTo(START + DEADLINE_MS);
    }

    @Test
    void doesNotSendWhatWouldComeTooLate() throws Exception {
        Lane lane = lane(LONG_MS, 100);
        lane.offer(tick("room", 0));
        lane.offer(tick("room", 1));
        clock.setMs(START + DEADLINE_MS);
        lane.offer(tick("room", 2));
        broadcaster.answer(0);

        assertThat(broadcaster.request(1).getRooms(0).getTicksList())
                .extracting(Tick::getTick)
                .containsExactly(2L);
        assertThat(metrics.count(JobMetrics.TICKS_DROPPED)).isEqualTo(1);
        assertThat(events.statuses()).containsExactly("COMPLETED room-0", "FAILED room-1");
    }

    @Test
    void dropsTheOldestWhenTooManyWait() {
        Lane lane = lane(LONG_MS, 3);
        for (int tick = 0; tick <= 5; tick++) {
            lane.offer(tick("room", tick));
        }
        broadcaster.answer(0);

        assertThat(broadcaster.request(1).getRooms(0).getTicksList())
                .extracting(Tick::getTick)
                .containsExactly(3L, 4L, 5L);
        assertThat(metrics.count(JobMetrics.TICKS_DROPPED)).isEqualTo(2);
        assertThat(events.statuses()).containsExactly("FAILED room-1", "FAILED room-2", "COMPLETED room-0");
    }

    @Test
    void dropsWhatHasWaitedLongestWhateverItsRoom() {
        Lane lane = lane(LONG_MS, 2);
        lane.offer(tick("called", 0));
        lane.offer(tick("first", 0));
        lane.offer(tick("busy", 0));
        lane.offer(tick("busy", 1));
        lane.offer(tick("first", 1));
        broadcaster.answer(0);

        assertThat(events.statuses()).containsExactly("FAILED first-0", "FAILED busy-0", "COMPLETED called-0");
        assertThat(broadcaster.request(1).getRoomsList())
                .extracting(room -> room.getRoom() + "-" + room.getTicks(0).getTick())
                .containsExactly("busy-1", "first-1");
    }

    @Test
    void keepsThePostsOfWhatItDrops() {
        Lane lane = lane(LONG_MS, 1);
        lane.offer(tick("room", 0));
        lane.offer(tick("room", 1).toBuilder()
                .addPosts(DirectPost.newBuilder().setConnection("a"))
                .addDisconnects(Disconnect.newBuilder().setConnection("b"))
                .build());
        lane.offer(tick("room", 2));
        broadcaster.answer(0);

        assertThat(broadcaster.request(1).getRooms(0).getTicksList())
                .extracting(Tick::getTick)
                .containsExactly(2L);
        assertThat(broadcaster.request(1).getPosts(0).getConnection()).isEqualTo("a");
        assertThat(broadcaster.request(1).getDisconnects(0).getConnection()).isEqualTo("b");
    }

    @Test
    void dropsTheOldestPostsWhenTooManyWait() {
        Lane lane = lane(LONG_MS, 100);
        lane.offer(tick("room", 0));
        for (int post = 0; post <= 1_000; post++) {
            lane.offer(RoomOutput.newBuilder()
                    .setRoom("room")
                    .addPosts(DirectPost.newBuilder().setConnection("connection-" + post))
                    .build());
        }
        broadcaster.answer(0);

        assertThat(broadcaster.request(1).getPostsCount()).isEqualTo(1_000);
        assertThat(broadcaster.request(1).getPosts(0).getConnection()).isEqualTo("connection-1");
        assertThat(metrics.count(JobMetrics.POSTS_DROPPED)).isEqualTo(1);
    }

    @Test
    void asksForNothingAfterItHasGivenTheCallUp() {
        Lane lane = lane(800, 100);
        lane.offer(tick("room", 0));

        assertThat(broadcaster.request(0).getDeliverBeforeMs()).isEqualTo(START + 700);
    }

    @Test
    void makesNoFailedCallAgainAndGoesOn() {
        Lane lane = lane(LONG_MS, 100);
        lane.offer(tick("room", 0));
        lane.offer(tick("room", 1));
        broadcaster.fail(0, new IllegalStateException("throttled"));

        assertThat(broadcaster.request(1).getRooms(0).getTicksList())
                .extracting(Tick::getTick)
                .containsExactly(1L);
        assertThat(metrics.count(JobMetrics.CALLS_FAILED)).isEqualTo(1);
        assertThat(events.events()).singleElement().satisfies(event -> {
            assertThat(event.requestId()).isEqualTo("room-0");
            assertThat(event.reason()).isEqualTo(ErrorCode.BROADCAST_FAILED);
        });
    }

    @Test
    void givesUpACallThatTakesTooLongAndIgnoresItsAnswer() throws Exception {
        Lane lane = lane(1, 100);
        lane.offer(tick("room", 0));
        lane.drained().get(1, TimeUnit.MINUTES);
        broadcaster.answer(0);

        assertThat(events.statuses()).containsExactly("FAILED room-0");
        assertThat(metrics.count(JobMetrics.CALLS_FAILED)).isEqualTo(1);
        lane.offer(tick("room", 1));
        assertThat(broadcaster.calls()).isEqualTo(2);
    }

    @Test
    void survivesABroadcasterThatThrows() {
        Lane lane = new Lane(
                request -> {
                    throw new IllegalArgumentException("no such function");
                },
                statuses(),
                new LaneSettings(LONG_MS, DEADLINE_MS, 100, clock),
                new LaneMeter(metrics, clock));
        lane.offer(tick("room", 0));
        lane.offer(tick("room", 1));

        assertThat(events.statuses()).containsExactly("FAILED room-0", "FAILED room-1");
        assertThat(lane.drained()).isDone();
    }

    @Test
    void reportsFailureWhereTheWholeCallCameTooLate() {
        Lane lane = lane(LONG_MS, 100);
        lane.offer(tick("room", 0));
        broadcaster.answer(0, BroadcastAnswer.newBuilder().setExpired(true).build());

        assertThat(events.statuses()).containsExactly("FAILED room-0");
        assertThat(metrics.count(JobMetrics.CALLS_EXPIRED)).isEqualTo(1);
    }

    @Test
    void reportsFailureOfTheOneRoomThatFailed() {
        Lane lane = lane(LONG_MS, 100);
        lane.offer(tick("first", 0));
        lane.offer(tick("room", 0));
        lane.offer(tick("other", 0));
        broadcaster.answer(0);
        broadcaster.answer(
                1,
                BroadcastAnswer.newBuilder()
                        .addRooms(RoomAnswer.newBuilder().setRoom("room").setFailed(true))
                        .addRooms(RoomAnswer.newBuilder().setRoom("other"))
                        .build());

        assertThat(events.statuses())
                .containsExactlyInAnyOrder("COMPLETED first-0", "FAILED room-0", "COMPLETED other-0");
    }

    @Test
    void tellsListenersNothingThatIsForTheLogOnly() {
        Lane lane = lane(LONG_MS, 100);
        RoomOutput output = tick("room", 0);
        ByteString hash = ByteString.copyFromUtf8("hash of the log-only part");
        Tick tick = output.getTick().toBuilder()
                .setLogOnly(LogOnly.newBuilder().addFrames(LogFrame.newBuilder().setConnection("secret")))
                .setLogOnlyHash(hash)
                .build();
        lane.offer(output.toBuilder().setTick(tick).build());

        Tick sent = broadcaster.request(0).getRooms(0).getTicks(0);
        assertThat(sent.hasLogOnly()).isFalse();
        assertThat(sent.getLogOnlyHash()).isEqualTo(hash);
    }

    @Test
    void tellsWithTheTickWhoIsHeardByClientsOfTheOriginalProtocol() {
        Lane lane = lane(LONG_MS, 100);
        SeedSpeaker speaker =
                SeedSpeaker.newBuilder().setStream(3).setParticipant("ann").build();
        lane.offer(tick("room", 0).toBuilder().addSeedSpeakers(speaker).build());

        assertThat(broadcaster.request(0).getRooms(0).getTicks(0).getSeedSpeakersList())
                .containsExactly(speaker);
    }

    @Test
    void sendsPostsAndDisconnectsAlong() {
        Lane lane = lane(LONG_MS, 100);
        lane.offer(RoomOutput.newBuilder()
                .setRoom("room")
                .addPosts(DirectPost.newBuilder().setConnection("a"))
                .addDisconnects(Disconnect.newBuilder().setConnection("b"))
                .build());

        BroadcastRequest request = broadcaster.request(0);
        assertThat(request.getRoomsCount()).isZero();
        assertThat(request.getPosts(0).getConnection()).isEqualTo("a");
        assertThat(request.getDisconnects(0).getConnection()).isEqualTo("b");
        assertThat(request.getDeliverBeforeMs()).isEqualTo(START + DEADLINE_MS);
    }

    @Test
    void splitsWhatIsTooLargeForOneCall() {
        Lane lane = lane(LONG_MS, 100);
        lane.offer(tick("room", 0));
        for (int tick = 1; tick <= 40; tick++) {
            RoomOutput output = tick("room", tick);
            lane.offer(output.toBuilder()
                    .setTick(output.getTick().toBuilder().setFrames(ByteString.copyFrom(new byte[96 * 1024])))
                    .build());
        }
        broadcaster.answer(0);
        broadcaster.answer(1);

        assertThat(broadcaster.request(1).getSerializedSize()).isBetween(3 << 20, (3 << 20) + 200_000);
        assertThat(broadcaster.request(1).getRooms(0).getTicksCount()
                        + broadcaster.request(2).getRooms(0).getTicksCount())
                .isEqualTo(40);
    }

    @Test
    void isDrainedOnceNothingWaitsOrIsInFlight() {
        Lane lane = lane(LONG_MS, 100);
        assertThat(lane.drained()).isDone();
        lane.offer(tick("room", 0));
        lane.offer(tick("room", 1));
        broadcaster.answer(0);
        assertThat(lane.drained()).isNotDone();
        broadcaster.answer(1);
        assertThat(lane.drained()).isDone();
        assertThat(lane.waitingTicks()).isZero();
    }

    @Test
    void givesARoomAlwaysTheSameLane() {
        assertThat(LaneChoice.of("room", 16))
                .isEqualTo(LaneChoice.of("room", 16))
                .isBetween(0, 15);
    }

    private Lane lane(int callTimeoutMs, int maxWaitingTicks) {
        return new Lane(
                broadcaster,
                statuses(),
                new LaneSettings(callTimeoutMs, DEADLINE_MS, maxWaitingTicks, clock),
                new LaneMeter(metrics, clock));
    }

    private StatusReporter statuses() {
        return new StatusReporter(events, new Settings().options(), clock, metrics);
    }

    /** A tick closed now, with one chunk whose request id says which. */
    private RoomOutput tick(String room, long tick) {
        return RoomOutput.newBuilder()
                .setRoom(room)
                .setTick(Tick.newBuilder()
                        .setVersion(1)
                        .setRoom(room)
                        .setTick(tick)
                        .setRosterVersion(tick)
                        .setCloseTimeMs(clock.nowMs()))
                .addSequenced(ChunkReference.newBuilder().setRequestId(room + "-" + tick))
                .build();
    }
}
