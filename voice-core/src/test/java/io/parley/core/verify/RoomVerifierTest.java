package io.parley.core.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.ByteString;
import io.parley.core.envelope.ContentHash;
import io.parley.core.envelope.ObjectKeys;
import io.parley.core.tick.Unrecorded;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.Tick;
import io.parley.core.wire.TickLogSegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule is broken once in a log that is otherwise right, and that alone is found. */
class RoomVerifierTest {

    private static final ByteString OTHER_HASH = ByteString.copyFrom(
            new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
            });

    /** Ann speaks in two epochs, the first of which ended with a crash; ten ticks. */
    private static LogScript openLog() {
        return new LogScript()
                .epoch(100)
                .tick(t -> t.event(Event.Kind.JOINED).stream(0, "ann-1").frames(0, 5, 6))
                .tick(t -> t.frames(0, 7, 10, 11)
                        .lost(0, 8, 2)
                        .refused("ann-1", 7, Disposition.DUPLICATE)
                        .refused("ann-1", 8, Disposition.LATE))
                .tick(t -> t.frames(0, 12))
                .tick(t -> t.frames(0, 13))
                .epoch(200)
                .tick(t -> t.stream(0, "bob-1").stream(1, "ann-1").frames(0, 1).frames(1, 14))
                .tick(t -> t.frames(1, 15).frames(0, 2))
                .tick(t -> t.event(Event.Kind.LEFT));
    }

    private static LogScript log() {
        return openLog().closed();
    }

    private static void assertOnly(List<Finding> findings, Rule rule, long epoch, long tick) {
        assertThat(findings).as("findings").hasSize(1);
        Finding finding = findings.get(0);
        assertThat(finding.rule()).as(finding.toString()).isEqualTo(rule);
        assertThat(finding.epoch()).isEqualTo(epoch);
        assertThat(finding.tick()).isEqualTo(tick);
        assertThat(finding.room()).isEqualTo("lobby");
    }

    @Test
    void findsNothingInACorrectLogHoweverItIsCutIntoSegments() {
        assertThat(log().verify()).isEmpty();
        assertThat(LogScript.verify(log().segments(1))).isEmpty();
        assertThat(LogScript.verify(log().segments(3))).isEmpty();
    }

    @Test
    void countsWhatTheLogHas() {
        RoomVerifier verifier = new RoomVerifier("lobby", finding -> {});
        log().segments(3).forEach(segment -> verifier.accept("a file", segment.toByteArray()));
        LogCounts counts = verifier.counts();

        assertThat(counts.epochs()).isEqualTo(2);
        assertThat(counts.segments()).isEqualTo(4);
        assertThat(counts.ticks()).isEqualTo(10);
        assertThat(counts.framesPlayed()).isEqualTo(11);
        assertThat(counts.framesLost()).isEqualTo(2);
        assertThat(counts.framesNotPlayed())
                .containsOnly(entry(Disposition.LATE, 1L), entry(Disposition.DUPLICATE, 1L));
        assertThat(counts.firstMs()).isEqualTo(LogScript.START_MS + 100);
        assertThat(counts.lastMs()).isEqualTo(LogScript.START_MS + 1_000);
    }

    @Test
    void countsOfSeveralRoomsAddUp() {
        RoomVerifier verifier = new RoomVerifier("lobby", finding -> {});
        log().segments().forEach(segment -> verifier.accept("a file", segment.toByteArray()));
        LogCounts sum = new LogCounts();
        sum.add(verifier.counts());
        sum.add(verifier.counts());

        assertThat(sum.epochs()).isEqualTo(4);
        assertThat(sum.segments()).isEqualTo(4);
        assertThat(sum.ticks()).isEqualTo(20);
        assertThat(sum.framesPlayed()).isEqualTo(22);
        assertThat(sum.framesLost()).isEqualTo(4);
        assertThat(sum.framesNotPlayed()).containsOnly(entry(Disposition.LATE, 2L), entry(Disposition.DUPLICATE, 2L));
    }

    @Test
    void saysWhatIsWrongSoThatItCanBeLookedUp() {
        LogScript gap = log();
        gap.ticks().remove(2);
        assertThat(gap.verify()).extracting(Finding::what).containsExactly("tick 2 is missing");
        LogScript swapped = log();
        Collections.swap(swapped.ticks(), 7, 8);
        assertThat(swapped.verify())
                .extracting(Finding::what)
                .containsExactly("tick 2 is missing", "the tick comes after tick 3");
        LogScript exchanged = log().alter(3, tick -> tick.setFrames(ByteString.EMPTY));
        exchanged.ticks().set(3, exchanged.rehashed(exchanged.ticks().get(3)));
        assertSays(exchanged, "the tick does not follow on tick 3");
        assertSays(
                log().rewrite(5, tick -> tick.setPreviousHash(OTHER_HASH)),
                "an epoch's first tick follows on 32 zero bytes, but this one does not");
        assertSays(
                log().alter(2, Tick.Builder::clearLogOnly),
                "the log-only part is missing, though the tick has its hash");
        assertSays(
                new LogScript()
                        .epoch(100)
                        .tickAt(LogScript.START_MS - 900, t -> t.event(Event.Kind.JOINED))
                        .tickAt(LogScript.START_MS - 2_000, t -> t.event(Event.Kind.LEFT)),
                "the tick was closed 1100 ms before the tick before it");
        assertSays(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, 16, 18, 17)),
                "frame 17 of connection ann-1, numbering 1 is played after frame 18");
        assertSays(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, -2).refused("ann-1", -2, Disposition.STALE)),
                "frame 4294967294 of connection ann-1, numbering 1 is in the log as stale, though it was played");
        assertSays(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1").refused("ann-1", 16, Disposition.STALE))
                        .tick(t -> t.frames(0, 16)),
                "frame 16 of connection ann-1, numbering 1 is played, though the log has it as stale");
        assertSays(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1").lost(0, 16, 2)).tick(t -> t.frames(0, 16)),
                "frame 16 of connection ann-1, numbering 1 is played, though the log has it as lost");
        assertSays(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, 16).lost(0, 16, 1)),
                "frame 16 of connection ann-1, numbering 1 is declared lost, though one of them is played");
        assertSays(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, 16, 20))
                        .tick(t -> t.lost(0, 17, 3)),
                "frames 17 to 19 of connection ann-1, numbering 1 are declared lost behind what was played in earlier"
                        + " ticks");
        assertSays(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1", 0).origin(0, "bob-1", 2)),
                "stream 0 is said to be of connection bob-1, numbering 2, and was of connection ann-1 before");
    }

    private static void assertSays(LogScript log, String what) {
        assertThat(log.verify()).extracting(Finding::what).containsExactly(what);
    }

    @Test
    void erasedPayloadsOfFramesThatWereNotPlayedBreakNothing() {
        LogScript log = log().alter(2, tick -> {
            tick.getLogOnlyBuilder().getFramesBuilderList().forEach(frame -> frame.clearPayload());
            return tick;
        });

        assertThat(log.verify()).isEmpty();
    }

    @Test
    void ticksThatAreKeptWithoutWhatWasSaidAreAsConsistent() {
        LogScript log = log();
        for (int i = 0; i < log.ticks().size(); i++) {
            log.alter(i, tick -> Unrecorded.of(tick.build()).toBuilder());
        }

        assertThat(log.verify()).isEmpty();
        assertThat(log.ticks()).allSatisfy(tick -> {
            assertThat(tick.getFrames()).isEmpty();
            assertThat(tick.getLogOnly().getFramesList())
                    .allMatch(frame -> frame.getPayload().isEmpty());
        });
        RoomVerifier verifier = new RoomVerifier("lobby", finding -> {});
        log.segments().forEach(segment -> verifier.accept("a file", segment.toByteArray()));
        assertThat(verifier.counts().framesPlayed()).isEqualTo(11);
    }

    @Test
    void findsDigestsThatWereAltered() {
        LogScript log = log().alter(3, tick -> {
            Tick.Builder kept = Unrecorded.of(tick.build()).toBuilder();
            byte[] digests = kept.getDigests().toByteArray();
            digests[digests.length - 1] ^= 1;
            return kept.setDigests(ByteString.copyFrom(digests));
        });

        assertOnly(log.verify(), Rule.HASH, 100, 3);
    }

    @Test
    void findsDigestsThatAreNone() {
        LogScript log = log().alter(3, tick -> tick.setDigests(tick.getFrames()).clearFrames());

        assertOnly(log.verify(), Rule.LIVE_FRAMES, 100, 3);
    }

    // The objects

    @Test
    void findsAnObjectThatHoldsNoSegment() {
        List<Finding> findings = new ArrayList<>();
        TickLogSegment segment = log().segments().get(0);
        new RoomVerifier("lobby", findings::add).accept(LogScript.key(segment), new byte[] {10, 99, 1});

        assertThat(findings).extracting(Finding::rule).containsExactly(Rule.UNREADABLE);
        assertThat(findings.get(0).what()).contains(LogScript.key(segment).text());
    }

    @Test
    void findsAnObjectInThePlaceOfAnother() {
        List<TickLogSegment> segments = log().segments(2);
        List<Finding> findings = new ArrayList<>();
        RoomVerifier verifier = new RoomVerifier("lobby", findings::add);
        for (int i = 0; i < segments.size(); i++) {
            int content = i == 1 ? 2 : i == 2 ? 1 : i;
            verifier.accept(
                    LogScript.key(segments.get(i)), segments.get(content).toByteArray());
        }

        assertThat(findings).extracting(Finding::rule).containsExactly(Rule.KEY, Rule.KEY, Rule.TOMBSTONE);
    }

    @Test
    void findsContentThatIsNotWhatTheKeyTells() {
        TickLogSegment segment = log().segments().get(0);
        TickLogSegment other = segment.toBuilder()
                .setTicks(0, segment.getTicks(0).toBuilder().setRosterVersion(9))
                .build();
        List<Finding> findings = new ArrayList<>();
        new RoomVerifier("lobby", findings::add).accept(LogScript.key(segment), other.toByteArray());

        assertOnly(findings, Rule.KEY, 100, 0);
    }

    @Test
    void findsASegmentInTheFolderOfAnotherHour() {
        TickLogSegment segment = log().segments().get(0);
        SegmentKey moved = SegmentKey.parse(LogScript.key(segment).text().replace("2023/11/14/22", "2023/11/14/21"))
                .orElseThrow();
        List<Finding> findings = new ArrayList<>();
        new RoomVerifier("lobby", findings::add).accept(moved, segment.toByteArray());

        assertOnly(findings, Rule.KEY, 100, 0);
    }

    @Test
    void findsASegmentWhoseHeaderIsNotThatOfItsTicks() {
        List<TickLogSegment> segments = log().segments(2);
        segments.set(1, segments.get(1).toBuilder().setFirstTick(3).build());

        assertOnly(LogScript.verify(segments), Rule.SEGMENT, 100, 3);
    }

    @Test
    void findsATickOfAnotherRoomInASegment() {
        LogScript log = log().rewrite(9, tick -> tick.setRoom("lounge"));

        assertOnly(log.verify(), Rule.SEGMENT, 200, 4);
    }

    @Test
    void findsASegmentOfAnotherRoomOrWithoutATick() {
        TickLogSegment segment = log().segments().get(0);
        List<Finding> findings = new ArrayList<>();
        RoomVerifier verifier = new RoomVerifier("lobby", findings::add);
        verifier.accept("a", segment.toBuilder().setRoom("lounge").build().toByteArray());
        verifier.accept("b", segment.toBuilder().clearTicks().build().toByteArray());

        assertThat(findings).extracting(Finding::rule).containsExactly(Rule.SEGMENT, Rule.SEGMENT);
    }

    @Test
    void findsASegmentWithoutATickUnderItsKey() {
        TickLogSegment segment =
                log().segments().get(0).toBuilder().clearTicks().build();
        byte[] bytes = segment.toByteArray();
        String key = ObjectKeys.segment("lobby", 100, 0, LogScript.START_MS, ContentHash.of(bytes));
        List<Finding> findings = new ArrayList<>();
        new RoomVerifier("lobby", findings::add).accept(SegmentKey.parse(key).orElseThrow(), bytes);

        assertOnly(findings, Rule.SEGMENT, 100, Finding.NONE);
    }

    @Test
    void refusesWhatANewerVersionWrote() {
        List<TickLogSegment> segments = log().segments();
        segments.set(1, segments.get(1).toBuilder().setVersion(2).build());
        assertOnly(LogScript.verify(segments), Rule.VERSION, 200, Finding.NONE);

        assertOnly(log().alter(3, tick -> tick.setVersion(2)).verify(), Rule.VERSION, 100, 3);
        // It declares the stream that speaks in the ticks behind it.
        assertOnly(log().alter(1, tick -> tick.setVersion(2)).verify(), Rule.VERSION, 100, 1);
    }

    // The numbering

    @Test
    void findsAMissingSegment() {
        List<TickLogSegment> segments = log().segments(2);
        segments.remove(1);

        List<Finding> findings = LogScript.verify(segments);
        assertOnly(findings, Rule.MISSING_TICKS, 100, 2);
        assertThat(findings.get(0).what()).isEqualTo("ticks 2 to 3 are missing");
    }

    @Test
    void findsAMissingBeginningOfAnEpoch() {
        LogScript log = log();
        log.ticks().subList(0, 2).clear();

        assertOnly(log.verify(), Rule.MISSING_TICKS, 100, 0);
    }

    @Test
    void findsATickThatIsThereTwiceWithOtherContent() {
        LogScript log = log();
        Tick other = log.rehashed(
                log.ticks().get(4).toBuilder().setFrames(ByteString.EMPTY).build());
        log.ticks().add(5, other);

        assertOnly(log.verify(), Rule.REPEATED_TICK, 100, 4);
    }

    @Test
    void notesTicksThatAreThereTwiceAsTheyAre() {
        List<TickLogSegment> segments = log().segments(2);
        LogScript log = log();
        TickLogSegment overlap = segments.get(0).toBuilder()
                .setFirstTick(1)
                .clearTicks()
                .addTicks(log.ticks().get(1))
                .addTicks(log.ticks().get(2))
                .build();
        segments.add(1, overlap);

        List<Finding> findings = LogScript.verify(segments);
        assertThat(findings).extracting(Finding::rule).containsExactly(Rule.SAME_TICK_TWICE, Rule.SAME_TICK_TWICE);
        assertThat(findings)
                .extracting(Finding::what)
                .containsOnly("the tick is in two segments, with the same content");
        assertThat(findings).allMatch(finding -> finding.rule().isNote());
    }

    @Test
    void aTickWithErasedPayloadsIsTheSameAsTheOneWithThem() {
        LogScript log = log();
        Tick.Builder erased = log.ticks().get(2).toBuilder();
        erased.getLogOnlyBuilder().getFramesBuilderList().forEach(frame -> frame.clearPayload());
        log.ticks().add(3, erased.build());

        assertOnly(log.verify(), Rule.SAME_TICK_TWICE, 100, 2);
    }

    @Test
    void findsTicksOutOfTheirOrder() {
        LogScript log = log();
        // The epoch before has ticks of the same numbers.
        Collections.swap(log.ticks(), 7, 8);

        assertThat(log.verify()).extracting(Finding::rule).containsExactly(Rule.MISSING_TICKS, Rule.TICK_ORDER);
    }

    // The chain

    @Test
    void findsATickThatDoesNotFollowOnTheOneBefore() {
        // As if the tick before had been exchanged for another one, with its own right hash.
        LogScript log = log().alter(3, tick -> tick.setFrames(ByteString.EMPTY));
        log.ticks().set(3, log.rehashed(log.ticks().get(3)));

        assertOnly(log.verify(), Rule.CHAIN, 100, 4);
    }

    @Test
    void findsAFirstTickThatFollowsOnSomething() {
        LogScript log = log().rewrite(5, tick -> tick.setPreviousHash(OTHER_HASH));

        assertOnly(log.verify(), Rule.CHAIN, 200, 0);
    }

    @Test
    void findsAnAlteredTick() {
        LogScript log = log().alter(
                        1,
                        tick -> tick.setEvents(0, tick.getEvents(0).toBuilder().setName("Somebody else")));

        assertOnly(log.verify(), Rule.HASH, 100, 1);
    }

    @Test
    void findsAnAlteredByteOfAPlayedFrame() {
        LogScript log = log().alter(3, tick -> {
            byte[] frames = tick.getFrames().toByteArray();
            frames[frames.length - 1] ^= 1;
            return tick.setFrames(ByteString.copyFrom(frames));
        });

        assertOnly(log.verify(), Rule.HASH, 100, 3);
    }

    @Test
    void findsFramesThatAreCutOff() {
        LogScript log = log().alter(4, tick -> tick.setFrames(tick.getFrames().substring(0, 8)));

        assertOnly(log.verify(), Rule.LIVE_FRAMES, 100, 4);
    }

    @Test
    void findsAnAlteredOrMissingLogOnlyPart() {
        LogScript altered = log().alter(2, tick -> {
            tick.getLogOnlyBuilder().getFramesBuilder(0).setLevel(31).clearPayload();
            return tick;
        });
        assertOnly(altered.verify(), Rule.LOG_ONLY_HASH, 100, 2);

        assertOnly(log().alter(2, Tick.Builder::clearLogOnly).verify(), Rule.LOG_ONLY_HASH, 100, 2);
    }

    @Test
    void findsAPayloadThatIsNotThatOfItsDigest() {
        LogScript log = log().alter(2, tick -> {
            tick.getLogOnlyBuilder().getFramesBuilder(1).setPayload(ByteString.copyFromUtf8("other"));
            return tick;
        });

        assertOnly(log.verify(), Rule.PAYLOAD, 100, 2);
    }

    // The epochs

    @Test
    void findsEpochsThatFall() {
        LogScript log = log();
        List<TickLogSegment> segments = log.segments();
        segments.add(segments.remove(0));

        assertThat(LogScript.verify(segments))
                .extracting(Finding::rule)
                .containsExactly(Rule.EARLIER_EPOCH, Rule.EPOCH_ORDER);
    }

    @Test
    void findsAnEpochThatIsNotOpened() {
        LogScript log = log().rewrite(
                        0,
                        tick -> tick.setEvents(0, tick.getEvents(0).toBuilder().setKind(Event.Kind.SPEAKING)));

        assertOnly(log.verify().subList(0, 1), Rule.OPENING, 100, 0);
    }

    @Test
    void findsAnEpochThatIsOpenedInItsMidst() {
        assertOnly(
                new LogScript().epoch(100).tick(t -> t.event(Event.Kind.OPENED)).verify(), Rule.OPENING, 100, 1);
        assertOnly(
                new LogScript()
                        .epoch(100)
                        .rewrite(0, tick -> tick.addEvents(Event.newBuilder().setKind(Event.Kind.OPENED)))
                        .verify(),
                Rule.OPENING,
                100,
                0);
    }

    @Test
    void findsWhatStandsBehindTheEnd() {
        assertOnly(log().tick(t -> t.event(Event.Kind.JOINED)).verify(), Rule.CLOSING, 200, 5);
        assertOnly(
                new LogScript()
                        .epoch(100)
                        .tick(t -> t.event(Event.Kind.CLOSED).event(Event.Kind.LEFT))
                        .verify(),
                Rule.CLOSING,
                100,
                1);
    }

    @Test
    void lossesMayStandBehindTheEndSinceTheyComeLast() {
        assertThat(new LogScript()
                        .epoch(100)
                        .tick(t -> t.stream(0, "ann-1").frames(0, 1))
                        .tick(t -> t.event(Event.Kind.CLOSED).lost(0, 2, 1))
                        .verify())
                .isEmpty();
    }

    @Test
    void findsATombstoneThatIsNotTheEndOfTheEarlierEpoch() {
        LogScript cutOff = log();
        cutOff.ticks().remove(4);
        assertOnly(cutOff.verify(), Rule.TOMBSTONE, 200, 0);

        LogScript goesOn = new LogScript().epoch(100).tick(t -> t.event(Event.Kind.JOINED));
        Tick named = goesOn.last();
        goesOn.tick(t -> t.event(Event.Kind.LEFT)).epoch(200, 100, 1, named.getHash());
        assertOnly(goesOn.verify(), Rule.TOMBSTONE, 200, 0);

        LogScript exchanged =
                new LogScript().epoch(100).tick(t -> t.event(Event.Kind.JOINED)).epoch(200, 100, 1, OTHER_HASH);
        assertOnly(exchanged.verify(), Rule.TOMBSTONE, 200, 0);

        LogScript passedOver = new LogScript().epoch(100);
        Tick end = passedOver.last();
        passedOver.epoch(200).epoch(300, 100, 0, end.getHash());
        assertOnly(passedOver.verify(), Rule.TOMBSTONE, 300, 0);
    }

    @Test
    void findsAnEpochThatIsMissing() {
        LogScript log = new LogScript()
                .epoch(100)
                .closed()
                .epoch(200)
                .closed()
                .epoch(300)
                .closed();
        log.ticks().removeIf(tick -> tick.getEpoch() == 200);

        assertOnly(log.verify(), Rule.MISSING_EPOCH, 300, 0);
    }

    @Test
    void findsAnEpochThatNamesNoneThoughTheOneBeforeWasOpen() {
        assertOnly(
                new LogScript()
                        .epoch(100)
                        .tick(t -> t.event(Event.Kind.JOINED))
                        .anew(200)
                        .verify(),
                Rule.UNLINKED,
                200,
                0);
    }

    @Test
    void notesAChainThatBeginsAnewBehindAClosedEpoch() {
        List<Finding> findings =
                new LogScript().epoch(100).closed().anew(200).closed().verify();

        assertOnly(findings, Rule.CHAIN_BEGINS_ANEW, 200, 0);
        assertThat(findings.get(0).rule().isNote()).isTrue();
    }

    @Test
    void notesThatWhatWasBeforeIsNotHere() {
        LogScript log = log();
        log.ticks().removeIf(tick -> tick.getEpoch() == 100);

        List<Finding> findings = log.verify();
        assertOnly(findings, Rule.EARLIER_EPOCH, 200, 0);
        assertThat(findings.get(0).rule().isNote()).isTrue();
    }

    // The order

    @Test
    void findsAnEventBehindALoss() {
        assertOnly(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1")
                                .frames(0, 16)
                                .lost(0, 17, 1)
                                .eventBehindLosses(Event.Kind.SPEAKING))
                        .verify(),
                Rule.EVENT_ORDER,
                300,
                1);
    }

    @Test
    void findsFramesOfAStreamThatNoEventDeclared() {
        assertOnly(
                log().inAnotherEpoch(t -> t.origin(0, "ann-1", 0).frames(0, 16, 17, 18))
                        .verify(),
                Rule.UNDECLARED_STREAM,
                300,
                1);
        assertThat(log().inAnotherEpoch(t -> t.origin(0, "ann-1", 0).frames(0, 16))
                        .epoch(400)
                        .tick(t -> t.origin(0, "ann-1", 0).frames(0, 17))
                        .verify())
                .as("once in each epoch")
                .extracting(Finding::rule)
                .containsExactly(Rule.UNDECLARED_STREAM, Rule.UNDECLARED_STREAM);
    }

    @Test
    void findsAStreamOfWhichNothingSaysWhereItComesFrom() {
        assertOnly(log().inAnotherEpoch(t -> t.declare(0).frames(0, 16, 17)).verify(), Rule.ORIGIN, 300, 1);
    }

    @Test
    void findsAStreamThatChangesItsConnection() {
        assertOnly(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1").origin(0, "bob-1", 0))
                        .verify(),
                Rule.ORIGIN,
                300,
                1);
    }

    @Test
    void findsFramesThatGoBack() {
        assertOnly(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, 16, 18, 17))
                        .verify(),
                Rule.FRAME_ORDER,
                300,
                1);
    }

    @Test
    void framesGoOnWhereTheNumbersWrap() {
        assertThat(new LogScript()
                        .epoch(100)
                        .tick(t -> t.stream(0, "ann-1").frames(0, -2, -1, 0, 1))
                        .verify())
                .isEmpty();
        assertOnly(
                new LogScript()
                        .epoch(100)
                        .tick(t -> t.stream(0, "ann-1").frames(0, -2, 1, -1))
                        .verify(),
                Rule.FRAME_ORDER,
                100,
                1);
    }

    @Test
    void findsAFrameThatIsPlayedTwiceAlsoInALaterEpoch() {
        assertOnly(
                openLog()
                        .inAnotherEpoch(
                                t -> t.stream(0, "bob-1").stream(1, "ann-1").frames(1, 15, 16))
                        .verify(),
                Rule.PLAYED_TWICE,
                300,
                1);
    }

    @Test
    void aRoomThatWasClosedCountsItsSpeakerStreamsAnew() {
        assertThat(log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, 14, 15))
                        .verify())
                .isEmpty();
    }

    @Test
    void anotherNumberingOfTheConnectionMayBeginWithTheSameNumbers() {
        assertThat(log().inAnotherEpoch(t -> t.stream(0, "ann-1", 2).frames(0, 5, 6))
                        .verify())
                .isEmpty();
    }

    @Test
    void findsAFrameThatIsPlayedAndRefused() {
        for (Disposition disposition : List.of(
                Disposition.LATE, Disposition.STALE, Disposition.SUPPRESSED, Disposition.MUTED, Disposition.LIMITED)) {
            assertOnly(
                    log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, 16).refused("ann-1", 16, disposition))
                            .verify(),
                    Rule.PLAYED_AND_REFUSED,
                    300,
                    1);
            assertOnly(
                    log().inAnotherEpoch(t -> t.stream(0, "ann-1").refused("ann-1", 16, disposition))
                            .tick(t -> t.frames(0, 16))
                            .verify(),
                    Rule.PLAYED_AND_REFUSED,
                    300,
                    2);
        }
        assertThat(log().inAnotherEpoch(
                                t -> t.stream(0, "ann-1").frames(0, 16).refused("ann-1", 16, Disposition.DUPLICATE))
                        .verify())
                .isEmpty();
    }

    @Test
    void notesACopyOfAPlayedFrameThatCameWhenItsSpeakerWasMuted() {
        assertOnly(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, 16))
                        .tick(t -> t.refused("ann-1", 16, Disposition.MUTED))
                        .verify(),
                Rule.REFUSED_COPY,
                300,
                2);
    }

    @Test
    void aCopyThatIsTooOldForTheRoomToTellMayBeCalledLate() {
        int[] played = new int[400];
        Arrays.setAll(played, i -> 16 + i);
        LogScript log = log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, played));

        assertThat(log.tick(t -> t.refused("ann-1", 415 - 256, Disposition.LATE))
                        .verify())
                .isEmpty();
        assertOnly(
                log.tick(t -> t.refused("ann-1", 415 - 255, Disposition.LATE)).verify(),
                Rule.PLAYED_AND_REFUSED,
                300,
                3);
    }

    @Test
    void placesThatWereGivenUpMakeACopyTooOldAsWell() {
        assertThat(log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, 20).lost(0, 21, 256))
                        .tick(t -> t.refused("ann-1", 20, Disposition.LATE))
                        .verify())
                .isEmpty();
        assertOnly(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, 20).lost(0, 21, 255))
                        .tick(t -> t.refused("ann-1", 20, Disposition.LATE))
                        .verify(),
                Rule.PLAYED_AND_REFUSED,
                300,
                2);
    }

    @Test
    void whatWasNeverPlayedIsNotTakenForWhatWasPlayedManyFramesBefore() {
        int[] played = new int[1_024];
        Arrays.setAll(played, i -> 17 + i);
        LogScript log = log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, played))
                .tick(t -> t.refused("ann-1", 16, Disposition.SUPPRESSED))
                .tick(t -> t.frames(0, 4_000).refused("ann-1", 3_500, Disposition.SUPPRESSED));

        assertThat(log.verify()).isEmpty();
    }

    @Test
    void findsAFrameThatIsPlayedAndLost() {
        assertOnly(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, 16, 17).lost(0, 17, 1))
                        .verify(),
                Rule.PLAYED_AND_REFUSED,
                300,
                1);
        assertOnly(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1").lost(0, 16, 2))
                        .tick(t -> t.frames(0, 17))
                        .verify(),
                Rule.PLAYED_AND_REFUSED,
                300,
                2);
    }

    @Test
    void findsALossBehindWhatWasPlayedBefore() {
        assertOnly(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, 16, 18))
                        .tick(t -> t.lost(0, 17, 1))
                        .verify(),
                Rule.LOST_RANGE,
                300,
                2);
        assertOnly(
                log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, 16))
                        .tick(t -> t.lost(0, 16, 1))
                        .verify(),
                Rule.LOST_RANGE,
                300,
                2);
    }

    @Test
    void ticksThatWereClosedAtOnceTellTheirLossesInTheLastOne() {
        assertThat(log().inAnotherEpoch(t -> t.stream(0, "ann-1").frames(0, 16, 18))
                        .tickAtOnce(t -> t.frames(0, 19).lost(0, 17, 1))
                        .verify())
                .isEmpty();
    }

    // The times

    @Test
    void notesATickThatWasClosedBeforeTheOneBeforeIt() {
        List<Finding> findings = new LogScript()
                .epoch(100)
                .tickAt(LogScript.START_MS - 900, t -> t.event(Event.Kind.JOINED))
                .tickAt(LogScript.START_MS - 2_000, t -> t.event(Event.Kind.LEFT))
                .verify();

        assertOnly(findings, Rule.TIME, 100, 2);
        assertThat(findings.get(0).rule().isNote()).isTrue();
    }
}
