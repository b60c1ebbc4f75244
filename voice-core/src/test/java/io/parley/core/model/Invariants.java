package io.parley.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.core.chunk.Chunk;
import io.parley.core.model.ModelFrames.Arrival;
import io.parley.core.model.ModelOutput.LiveFrame;
import io.parley.core.model.ModelOutput.LoggedFrame;
import io.parley.core.options.RoomOptions;
import io.parley.core.wire.Control;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.StreamOrigin;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tick;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What holds of a room's output whatever came in, judged without a model. */
final class Invariants {

    /** What went in, with how many outputs there had been before. */
    static final class Delivery {
        final Step step;
        final int outputsBefore;

        Delivery(Step step, int outputsBefore) {
            this.step = step;
            this.outputsBefore = outputsBefore;
        }
    }

    /** One tick as it left. */
    private static final class Left {
        final int at;
        final Tick tick;
        final ModelOutput read;

        Left(int at, RoomOutput output) {
            this.at = at;
            this.tick = output.getTick();
            this.read = ModelOutput.read(output);
        }

        boolean has(Event.Kind kind) {
            return tick.getEventsList().stream().anyMatch(event -> event.getKind() == kind);
        }
    }

    /** One numbering of a connection, as listeners and the log see it. */
    private static final class Stream {
        final StreamOrigin origin;
        boolean unnumbered;
        final List<Integer> played = new ArrayList<>();
        final Set<Integer> lost = new HashSet<>();

        Stream(StreamOrigin origin) {
            this.origin = origin;
        }
    }

    private final RoomOptions options;
    private final List<Delivery> deliveries;
    private final List<Left> ticks = new ArrayList<>();
    /** By the id in its payload: the first record that brought the frame. */
    private final Map<Integer, StreamRecord> records = new HashMap<>();

    Invariants(RoomOptions options, List<Delivery> deliveries, List<RoomOutput> outputs) {
        this.options = options;
        this.deliveries = deliveries;
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i).hasTick()) {
                ticks.add(new Left(i, outputs.get(i)));
            }
        }
        for (Delivery delivery : deliveries) {
            if (delivery.step.record.hasChunk()) {
                Arrival arrival = arrival(delivery);
                for (int i = 0; i < arrival.count(); i++) {
                    records.putIfAbsent(frameId(arrival.payload(i)), arrival.record);
                }
            }
        }
    }

    private static Arrival arrival(Delivery delivery) {
        return new Arrival(delivery.step.record, delivery.step.chunk(), delivery.step.atMs);
    }

    static int frameId(byte[] payload) {
        return ByteBuffer.wrap(payload).getInt(1);
    }

    void check() {
        ticksAreNumberedAndChained();
        streamsAscendAndSayWhatTheyLack();
        everyFrameIsAccountedForOnce();
        ticksKeepTheirDistance();
        ticksKeepTheirSize();
        speakersAreToldApart();
        skippedTicksAreNamed();
        nobodyIsHeardWhoMayNot();
        nobodyIsHeardAsTheRoomMayNotBeSpokenIn();
    }

    private void ticksAreNumberedAndChained() {
        Left before = null;
        for (Left left : ticks) {
            Tick tick = left.tick;
            boolean first = before == null || tick.getEpoch() != before.tick.getEpoch();
            if (first) {
                assertThat(tick.getTick()).as("the first tick's number").isZero();
                assertThat(tick.getPreviousHash().toByteArray()).isEqualTo(ChainHash.ZERO);
                assertThat(tick.getEvents(0).getKind()).isEqualTo(Event.Kind.OPENED);
                if (before != null) {
                    assertThat(tick.getEpoch()).isGreaterThan(before.tick.getEpoch());
                    assertThat(tick.getEvents(0).getTombstoneEpoch()).isEqualTo(before.tick.getEpoch());
                    assertThat(tick.getEvents(0).getTombstoneTick()).isEqualTo(before.tick.getTick());
                    assertThat(tick.getEvents(0).getTombstoneHash()).isEqualTo(before.tick.getHash());
                }
            } else {
                assertThat(tick.getTick()).isEqualTo(before.tick.getTick() + 1);
                assertThat(tick.getPreviousHash()).isEqualTo(before.tick.getHash());
                assertThat(left.has(Event.Kind.OPENED)).isFalse();
                assertThat(before.has(Event.Kind.CLOSED))
                        .as("an epoch goes on after it was closed")
                        .isFalse();
            }
            assertThat(tick.getHash().toByteArray())
                    .as("hash of tick " + tick.getTick())
                    .isEqualTo(ChainHash.tick(tick.getPreviousHash().toByteArray(), Script.ROOM, left.read));
            boolean logs =
                    tick.getLogOnly().getFramesCount() + tick.getLogOnly().getOriginsCount() > 0;
            assertThat(tick.getLogOnlyHash())
                    .isEqualTo(logs ? ByteString.copyFrom(ChainHash.logOnly(left.read)) : ByteString.EMPTY);
            before = left;
        }
    }

    private void streamsAscendAndSayWhatTheyLack() {
        Map<Integer, Stream> byIndex = new HashMap<>();
        List<Stream> all = new ArrayList<>();
        Map<String, Set<Integer>> heldBack = new HashMap<>();
        Set<Integer> declared = new HashSet<>();
        boolean closed = false;
        for (Left left : ticks) {
            if (left.has(Event.Kind.OPENED)) {
                declared.clear();
                if (closed) {
                    byIndex.clear();
                    closed = false;
                }
            }
            for (StreamOrigin origin : left.read.origins) {
                Stream known = byIndex.get(origin.getStream());
                if (known == null || !known.origin.equals(origin)) {
                    Stream begun = new Stream(origin);
                    byIndex.put(origin.getStream(), begun);
                    all.add(begun);
                }
            }
            for (Event event : left.read.events) {
                if (event.getKind() == Event.Kind.STREAM) {
                    declared.add(event.getStream());
                    assertThat(byIndex).as("a stream has an origin").containsKey(event.getStream());
                }
                if (event.getKind() == Event.Kind.LOST) {
                    assertThat(declared).contains(event.getStream());
                    assertThat(event.getCount()).isPositive();
                    for (int i = 0; i < event.getCount(); i++) {
                        boolean once = byIndex.get(event.getStream()).lost.add(event.getFirstSequence() + i);
                        assertThat(once).as("lost once").isTrue();
                    }
                }
            }
            for (LiveFrame frame : left.read.frames) {
                assertThat(declared).as("streams with a frame").contains(frame.stream);
                Stream stream = byIndex.get(frame.stream);
                StreamRecord record = records.get(frameId(frame.payload));
                assertThat(record.getConnection()).isEqualTo(stream.origin.getConnection());
                stream.unnumbered = record.getUnnumbered();
                if (!stream.played.isEmpty()) {
                    int last = stream.played.get(stream.played.size() - 1);
                    assertThat(frame.sequence - last)
                            .as("frames of stream " + frame.stream + " ascend")
                            .isPositive();
                }
                stream.played.add(frame.sequence);
            }
            for (LoggedFrame frame : left.read.logOnly) {
                if (frame.disposition == Disposition.SUPPRESSED || frame.disposition == Disposition.MUTED) {
                    heldBack.computeIfAbsent(frame.connection + "/" + frame.numbering, k -> new HashSet<>())
                            .add(frame.sequence);
                }
            }
            // What a closing that is split gives comes in several ticks, the first of which says so.
            closed |= left.has(Event.Kind.CLOSED);
        }
        for (Stream stream : all) {
            Set<Integer> both = new HashSet<>(stream.played);
            both.retainAll(stream.lost);
            assertThat(both).as("played and lost").isEmpty();
            Set<Integer> told =
                    heldBack.getOrDefault(stream.origin.getConnection() + "/" + stream.origin.getNumbering(), Set.of());
            for (int i = 1; i < stream.played.size() && !stream.unnumbered; i++) {
                for (int s = stream.played.get(i - 1) + 1; s != stream.played.get(i); s++) {
                    assertThat(stream.lost.contains(s) || told.contains(s))
                            .as("#" + Integer.toUnsignedString(s) + " of " + stream.origin
                                    + " is played, lost, suppressed or muted")
                            .isTrue();
                }
            }
        }
    }

    private void everyFrameIsAccountedForOnce() {
        Map<Integer, Integer> owed = new HashMap<>();
        Map<String, Integer> byDigest = new HashMap<>();
        for (Delivery delivery : deliveries) {
            if (!delivery.step.record.hasChunk()) {
                continue;
            }
            Arrival arrival = arrival(delivery);
            for (int i = 0; i < arrival.count(); i++) {
                byte[] payload = arrival.payload(i);
                int id = frameId(payload);
                owed.merge(id, 1, Integer::sum);
                int level = arrival.chunk.level(i);
                byte[] digest = ChainHash.digest(ChainHash.NEVER_PLAYED, arrival.chunk.sequence() + i, level, payload);
                byDigest.put(ByteString.copyFrom(digest).toString(), id);
                byDigest.put(key(digest), id);
            }
        }
        for (Left left : ticks) {
            for (LiveFrame frame : left.read.frames) {
                int id = frameId(frame.payload);
                owed.merge(id, -1, Integer::sum);
            }
            for (LoggedFrame frame : left.read.logOnly) {
                Integer id = byDigest.get(key(frame.digest));
                assertThat(id).as("a logged frame is one that came").isNotNull();
                boolean keeps = frame.disposition != Disposition.MUTED && frame.disposition != Disposition.DUPLICATE;
                assertThat(frame.payload != null)
                        .as("payload of a " + frame.disposition)
                        .isEqualTo(keeps);
                assertThat(keeps ? frameId(frame.payload) : id).isEqualTo(id);
                owed.merge(id, -1, Integer::sum);
            }
        }
        owed.values().removeIf(count -> count == 0);
        assertThat(owed).as("frames that are missing, or are there too often").isEmpty();
    }

    private static String key(byte[] digest) {
        return ByteBuffer.wrap(digest).getLong() + "/" + ByteBuffer.wrap(digest).getLong(8);
    }

    private void ticksKeepTheirDistance() {
        List<Long> closings = new ArrayList<>();
        for (Left left : ticks) {
            boolean forced = encoded(left) + 4_096 >= options.maxTickBytes();
            if (forced || left.has(Event.Kind.CLOSED)) {
                closings.clear();
                continue;
            }
            long closeMs = left.tick.getCloseTimeMs();
            if (closings.isEmpty() || closings.get(closings.size() - 1) != closeMs) {
                closings.add(closeMs);
            }
            int last = closings.size() - 1;
            for (int i = Math.max(0, last - 20); i < last; i++) {
                assertThat(closeMs - closings.get(i))
                        .as("ms of " + (last - i) + " tick periods")
                        .isGreaterThanOrEqualTo(
                                (long) (last - i) * options.tickPeriodMs() - options.tickPeriodMs() / 2);
            }
        }
    }

    private static int encoded(Left left) {
        int size = (left.tick.getFrames().size() + 2) / 3 * 4;
        for (Event event : left.read.events) {
            size += event.getText().length() + 60;
        }
        return size + left.read.traces.size() * 100;
    }

    private void ticksKeepTheirSize() {
        for (Left left : ticks) {
            if (left.read.frames.size() + left.read.events.size() > 2) {
                assertThat(encoded(left)).as("bytes of a tick").isLessThanOrEqualTo(options.maxTickBytes());
            }
        }
    }

    private void speakersAreToldApart() {
        Set<String> speaking = new HashSet<>();
        Set<String> present = new HashSet<>();
        Map<Integer, Long> declaredMs = new HashMap<>();
        long epoch = -1;
        for (Left left : ticks) {
            if (left.tick.getEpoch() != epoch) {
                epoch = left.tick.getEpoch();
                declaredMs.clear();
            }
            Set<String> spoke = new HashSet<>(speaking);
            boolean losses = false;
            boolean news = false;
            for (Event event : left.read.events) {
                String participant = event.getParticipant();
                assertThat(losses && event.getKind() != Event.Kind.LOST)
                        .as("losses come last")
                        .isFalse();
                news |= event.getKind() != Event.Kind.STREAM || !declaredMs.containsKey(event.getStream());
                switch (event.getKind()) {
                    case STREAM:
                        declaredMs.put(event.getStream(), left.tick.getCloseTimeMs());
                        break;
                    case SPEAKING:
                        assertThat(speaking.add(participant)).as("begins once").isTrue();
                        spoke.add(participant);
                        break;
                    case STOPPED:
                        assertThat(speaking.remove(participant))
                                .as("stops once")
                                .isTrue();
                        break;
                    case JOINED:
                        assertThat(present.add(participant)).as("joins once").isTrue();
                        break;
                    case LEFT:
                        assertThat(present.remove(participant))
                                .as("leaves once")
                                .isTrue();
                        break;
                    case LOST:
                        losses = true;
                        break;
                    default:
                        break;
                }
                assertThat(speaking.size()).as("speakers at a time").isLessThanOrEqualTo(options.loudest());
            }
            Set<String> heard = left.read.frames.stream()
                    .map(frame -> records.get(frameId(frame.payload)).getParticipant())
                    .collect(Collectors.toSet());
            // A closing that is split has its events in the first of its ticks.
            Left first = left;
            for (Left other : ticks) {
                if (other.tick.getCloseTimeMs() == left.tick.getCloseTimeMs()
                        && other.tick.getEpoch() == left.tick.getEpoch()) {
                    for (Event event : other.read.events) {
                        if (event.getKind() == Event.Kind.SPEAKING || event.getKind() == Event.Kind.STOPPED) {
                            spoke.add(event.getParticipant());
                        }
                    }
                }
            }
            assertThat(spoke).as("those who are heard are said to speak").containsAll(heard);
            for (LiveFrame frame : left.read.frames) {
                assertThat(left.tick.getCloseTimeMs() - declaredMs.get(frame.stream))
                        .as("since stream " + frame.stream + " was declared, for who missed that")
                        .isLessThan(2_000);
            }
            boolean nothingElse = !news
                    && left.read.traces.isEmpty()
                    && left.read.posts.stream().noneMatch(DirectPost::hasJoined);
            assertThat(left.tick.getSoleSpeaker())
                    .isEqualTo(
                            heard.size() == 1 && nothingElse ? heard.iterator().next() : "");
            if (first.has(Event.Kind.CLOSED)) {
                assertThat(present).as("who is there when it closes").isEmpty();
                speaking.clear();
            }
        }
    }

    /** Of the ticks that a participant is not posted, it is told with the next one that it is. */
    private void skippedTicksAreNamed() {
        Map<String, Long> last = new HashMap<>();
        long epoch = -1;
        for (Left left : ticks) {
            if (left.tick.getEpoch() != epoch) {
                epoch = left.tick.getEpoch();
                last.clear();
            }
            for (String participant : List.of("ann", "bob", "cid", "dot", "eve")) {
                if (left.tick.getSoleSpeaker().equals(participant)) {
                    continue;
                }
                long expected = last.getOrDefault(participant, -1L) + 1;
                boolean named = left.tick.getSkipped().getParticipant().equals(participant);
                assertThat(named ? left.tick.getSkipped().getFrom() : left.tick.getTick())
                        .as("what follows for " + participant + " on tick " + (expected - 1))
                        .isEqualTo(expected);
                last.put(participant, left.tick.getTick());
            }
        }
    }

    private void nobodyIsHeardWhoMayNot() {
        for (Delivery delivery : deliveries) {
            StreamRecord record = delivery.step.record;
            Control control = record.getControl();
            switch (control.getKind()) {
                case LEAVE:
                    if (isNewest(record, Set.of(Control.Kind.JOIN))) {
                        nothingLeavesOf(record, delivery.outputsBefore, false);
                    }
                    break;
                case KICK:
                case BAN:
                case REVOKE:
                case SUSPEND:
                    if (isNewest(record, Set.of(Control.Kind.JOIN))) {
                        nothingLeavesOf(record, delivery.outputsBefore, true);
                    }
                    break;
                case MUTE:
                case PRESENCE:
                    Set<Control.Kind> undo =
                            Set.of(Control.Kind.JOIN, Control.Kind.MUTE, Control.Kind.UNMUTE, Control.Kind.PRESENCE);
                    if (!control.getPermissions().getSpeak() && isNewest(record, undo)) {
                        nothingLeavesOf(record, delivery.outputsBefore, true);
                    }
                    break;
                default:
                    break;
            }
        }
    }

    /** Whether no newer change of one of those kinds is about the same participant. */
    private boolean isNewest(StreamRecord change, Set<Control.Kind> kinds) {
        return deliveries.stream()
                .map(delivery -> delivery.step.record)
                .noneMatch(other -> kinds.contains(other.getControl().getKind())
                        && other.getControl()
                                .getParticipant()
                                .equals(change.getControl().getParticipant())
                        && other.getControlVersion() > change.getControlVersion());
    }

    private void nobodyIsHeardAsTheRoomMayNotBeSpokenIn() {
        Delivery last = null;
        for (Delivery delivery : deliveries) {
            Control.Kind kind = delivery.step.record.getControl().getKind();
            boolean tells = kind == Control.Kind.SETTINGS || kind == Control.Kind.JOIN;
            if (tells
                    && (last == null
                            || last.step.record.getControlVersion() < delivery.step.record.getControlVersion())) {
                last = delivery;
            }
        }
        if (last == null || last.step.record.getControl().getKind() == Control.Kind.JOIN) {
            return; // it may not have counted
        }
        Control settings = last.step.record.getControl();
        for (LiveFrame frame : framesAfterThatIsTold(last.outputsBefore)) {
            StreamRecord of = records.get(frameId(frame.payload));
            if (settings.getRoomMuted()) {
                assertThat(of.getParticipant())
                        .as("who is heard in a muted room")
                        .isEqualTo(Script.MODERATOR);
            }
            if (settings.getPushToTalk()) {
                assertThat(Chunk.parse(of.getChunk().toByteArray()).isPushToTalk())
                        .as("asked to be heard")
                        .isTrue();
            }
        }
    }

    private List<LiveFrame> framesAfterThatIsTold(int outputsBefore) {
        List<LiveFrame> frames = new ArrayList<>();
        long tellingMs = -1;
        boolean closed = false;
        for (Left left : ticks) {
            if (left.at < outputsBefore) {
                continue;
            }
            tellingMs = tellingMs < 0 ? left.tick.getCloseTimeMs() : tellingMs;
            if (left.has(Event.Kind.OPENED) && closed) {
                return frames; // a room that has closed has forgotten it
            }
            closed |= left.has(Event.Kind.CLOSED);
            if (left.tick.getCloseTimeMs() != tellingMs) {
                frames.addAll(left.read.frames);
            }
        }
        return frames;
    }

    private void nothingLeavesOf(StreamRecord change, int outputsBefore, boolean ofAllConnections) {
        long tellingMs = -1;
        boolean closed = false;
        for (Left left : ticks) {
            if (left.at < outputsBefore) {
                continue;
            }
            if (tellingMs < 0) {
                tellingMs = left.tick.getCloseTimeMs(); // the closing that tells of the change
                closed = ticks.stream()
                        .anyMatch(other -> other.at >= outputsBefore
                                && other.tick.getCloseTimeMs() == left.tick.getCloseTimeMs()
                                && other.has(Event.Kind.CLOSED));
            }
            if (left.tick.getCloseTimeMs() == tellingMs) {
                continue;
            }
            if (left.has(Event.Kind.OPENED) && closed) {
                return; // a room that has closed has forgotten who left it
            }
            closed |= left.has(Event.Kind.CLOSED);
            for (LiveFrame frame : left.read.frames) {
                StreamRecord of = records.get(frameId(frame.payload));
                boolean isTheirs = ofAllConnections
                        ? of.getParticipant().equals(change.getControl().getParticipant())
                        : of.getConnection().equals(change.getControl().getConnection());
                if (isTheirs) {
                    assertThat(of.getControlVersion())
                            .as("version of a frame that is heard after "
                                    + change.getControl().getKind())
                            .isGreaterThan(change.getControlVersion());
                }
            }
        }
    }
}
