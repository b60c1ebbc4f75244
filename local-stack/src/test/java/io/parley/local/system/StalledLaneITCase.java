package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.core.tick.LiveFrames;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.Event;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.Tick;
import io.parley.job.JobMetrics;
import io.parley.job.live.LaneChoice;
import io.parley.local.edge.EdgeRequest;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The broadcast Lambda stalls for the rooms of one lane: only they miss something, they miss the oldest, they are told
 * nothing that is too old, and the log misses nothing at all.
 */
class StalledLaneITCase {

    private static final int LANES = 4;
    private static final int STALLED_LANE = 1;
    private static final int STALL_SECONDS = 3;
    private static final int MAX_WAITING_TICKS = 3;

    private final List<BroadcastRequest> held = new ArrayList<>();
    private final ConcurrentLinkedQueue<BroadcastRequest> holding = new ConcurrentLinkedQueue<>();

    @Test
    void aStallOfThreeSecondsHurtsTheRoomsOfItsLaneAloneAndNotTheLog() throws Exception {
        List<String> stalledRooms = rooms("stalled", true);
        List<String> otherRooms = rooms("other", false);
        StackOptions options = StackOptions.onFreePorts()
                .withArchive(ArchiveMode.SEGMENT, EventGranularity.CHUNK)
                .withJobSettings(Map.of(
                        "job.checkpoint-interval-ms",
                        "1000",
                        "broadcast.lanes",
                        String.valueOf(LANES),
                        "broadcast.max-waiting-ticks",
                        String.valueOf(MAX_WAITING_TICKS),
                        "broadcast.call-timeout-ms",
                        "800"))
                // Long enough for the pauses of a busy machine; the call's time-out is as short as by default.
                .withRoomSettings(Map.of("room.max-hold-ms", "2000", "room.playout-deadline-ms", "10000"));
        List<Player> speakers = new ArrayList<>();
        List<Player> listeners = new ArrayList<>();
        try (LocalStack stack = LocalStack.start(options)) {
            for (String room : join(stalledRooms, otherRooms)) {
                speakers.add(Player.joined(stack, "speaker-" + room, room));
                listeners.add(Player.joined(stack, "listener-" + room, room));
            }
            long releasedMs;
            List<Integer> saidBefore;
            try (Conversation conversation = Conversation.of(speakers)) {
                for (int i = 0; i < speakers.size(); i++) {
                    awaitMore(speakers.get(i), listeners.get(i), 0);
                }
                stack.faults("lambda").hold(this::isOfTheStalledLane);
                conversation.goOn(STALL_SECONDS);
                held.addAll(holding);
                releasedMs = System.currentTimeMillis();
                saidBefore = listeners.stream()
                        .map(listener -> listener.ear().frames())
                        .toList();
                stack.faults("lambda").mend();
                for (int i = 0; i < speakers.size(); i++) {
                    awaitMore(speakers.get(i), listeners.get(i), saidBefore.get(i));
                }
                conversation.goOn(1);
                conversation.end();
            }
            Archive archive = new Archive(stack);
            Set<String> refused = refused(releasedMs);
            assertThat(refused).as("ticks of calls that came too late").isNotEmpty();
            for (int i = 0; i < speakers.size(); i++) {
                Player speaker = speakers.get(i);
                Eventually.until(
                        "the tick log holds all that was said in " + speaker.room(),
                        () -> archive.framesInLog(speaker.room())
                                .equals(Map.of(speaker.participant(), speaker.said())));
                assertThat(archive.isWhole(speaker.room())).isTrue();
                if (stalledRooms.contains(speaker.room())) {
                    assertMissedWhatTheLaneDropped(archive, speaker, listeners.get(i), refused);
                } else {
                    assertHeardWhole(speaker, listeners.get(i));
                }
                assertUndisturbed(listeners.get(i).ear());
            }
            JobMeter meter = new JobMeter(stack);
            Eventually.until("what was dropped is counted", () -> meter.sum(JobMetrics.TICKS_DROPPED) > 0);
            assertThat(meter.sum(JobMetrics.CALLS_FAILED)).isPositive();
            stalledRooms.forEach(room -> assertThat(failures(stack, room)).isPositive());
            otherRooms.forEach(room -> assertThat(failures(stack, room)).isZero());
            System.out.println("stalled lane: " + held.size() + " calls held, " + meter.sum(JobMetrics.CALLS_FAILED)
                    + " given up, " + meter.sum(JobMetrics.TICKS_DROPPED) + " ticks dropped in the lane");
        } finally {
            speakers.forEach(Player::close);
            listeners.forEach(Player::close);
        }
    }

    /** What was heard is in order; it is what the log has, without the ticks that were missed. */
    private static void assertMissedWhatTheLaneDropped(
            Archive archive, Player speaker, Player listener, Set<String> refused) throws Exception {
        Ear ear = listener.ear();
        List<Integer> inTicksHeard = new ArrayList<>();
        Set<String> missed = new HashSet<>();
        int stream = -1;
        for (Tick tick : archive.ticksInLog(speaker.room())) {
            for (Event event : tick.getEventsList()) {
                stream = event.getKind() == Event.Kind.STREAM ? event.getStream() : stream;
            }
            String id = tick.getEpoch() + "/" + tick.getTick();
            if (!ear.ticks.containsKey(id)) {
                missed.add(speaker.room() + ":" + id);
                continue;
            }
            LiveFrames.Reader reader = new LiveFrames.Reader(tick.getFrames().toByteArray());
            while (reader.next()) {
                assertThat(reader.stream()).isEqualTo(stream);
                inTicksHeard.add(reader.sequence());
            }
        }
        assertThat(ear.heard(speaker.participant()))
                .isEqualTo(inTicksHeard)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(ear.missedTicks()).as("seen by the tick numbers").isPositive();
        assertThat(ear.losses()).as("nothing was lost before the lane").isZero();
        assertThat(missed)
                .as("nothing is heard of a call that was past its time")
                .containsAll(refused.stream()
                        .filter(id -> id.startsWith(speaker.room() + ":"))
                        .toList());
    }

    private static void assertHeardWhole(Player speaker, Player listener) throws Exception {
        Eventually.until(
                "all is heard in " + speaker.room(),
                () -> listener.ear().heard(speaker.participant()).equals(speaker.said()));
        assertThat(listener.ear().missedTicks()).isZero();
        assertThat(listener.ear().losses()).isZero();
    }

    private static void assertUndisturbed(Ear ear) {
        assertThat(ear.epochs).hasSize(1);
        assertThat(ear.chainBreaks()).isZero();
        assertThat(ear.altered).isEmpty();
        assertThat(ear.errors).isEmpty();
    }

    private static void awaitMore(Player speaker, Player listener, int frames) throws Exception {
        Eventually.until(speaker.room() + " is heard", () -> listener.ear().frames() > frames);
    }

    private static long failures(LocalStack stack, String room) {
        return stack.events().events().stream()
                .map(event -> event.detail())
                .filter(detail -> detail.path("status").asText().equals("FAILED")
                        && detail.path("reason").asText().equals("broadcast_failed")
                        && detail.path("message").path("room").asText().equals(room))
                .count();
    }

    /** The ticks of the calls that were past their time when they reached the function. */
    private Set<String> refused(long releasedMs) {
        Set<String> ticks = new HashSet<>();
        for (BroadcastRequest request : held) {
            if (request.getDeliverBeforeMs() <= releasedMs) {
                for (RoomTicks room : request.getRoomsList()) {
                    room.getTicksList()
                            .forEach(tick -> ticks.add(room.getRoom() + ":" + tick.getEpoch() + "/" + tick.getTick()));
                }
            }
        }
        return ticks;
    }

    private boolean isOfTheStalledLane(EdgeRequest call) {
        if (!call.http().path().contains("parley-broadcast")) {
            return false;
        }
        BroadcastRequest request;
        try {
            request = BroadcastRequest.parseFrom(
                    Base64.getDecoder().decode(call.tree().path("request").asText()));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the job sent what is no request", e);
        }
        boolean stalled =
                request.getRoomsList().stream().anyMatch(room -> LaneChoice.of(room.getRoom(), LANES) == STALLED_LANE);
        if (stalled) {
            holding.add(request);
        }
        return stalled;
    }

    /** Two names of rooms of the lane that stalls, or one of each of the others. */
    private static List<String> rooms(String prefix, boolean stalled) {
        if (stalled) {
            return names(prefix, STALLED_LANE).limit(2).toList();
        }
        return IntStream.range(0, LANES)
                .filter(lane -> lane != STALLED_LANE)
                .mapToObj(lane -> names(prefix, lane).findFirst().orElseThrow())
                .toList();
    }

    private static java.util.stream.Stream<String> names(String prefix, int lane) {
        return IntStream.range(0, 1_000)
                .mapToObj(number -> prefix + "-" + number)
                .filter(room -> LaneChoice.of(room, LANES) == lane);
    }

    private static List<String> join(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
