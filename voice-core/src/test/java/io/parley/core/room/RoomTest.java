package io.parley.core.room;

import static io.parley.core.room.RoomDriver.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.Control;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.RoomState;
import io.parley.core.wire.Tick;
import io.parley.core.wire.Tombstone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RoomTest {

    private final RoomOptions options = RoomOptions.defaults();
    private final RoomDriver driver = new RoomDriver(options);

    @Test
    void theFirstFramesAfterSilenceLeaveAtOnce() {
        driver.join("ann", 1).advance(1_000);
        int before = driver.ticks().size();

        driver.speak("ann", 0, 0, 5);

        assertThat(driver.ticks()).hasSize(before + 1);
        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 5));
    }

    @Test
    void closesInTheMeanAtMostOneTickInATickPeriodHoweverManySpeak() {
        for (int i = 0; i < 10; i++) {
            for (int speaker = 0; speaker < 6; speaker++) {
                driver.speak("p" + speaker, i * 5, i * 5L, 5).advance(16);
            }
            driver.advance(4);
        }
        List<Tick> ticks = driver.ticks();
        for (int first = 0; first < ticks.size(); first++) {
            for (int i = first + 1; i < ticks.size(); i++) {
                // One may close half a period early, but those after it then do not come sooner.
                assertThat(ticks.get(i).getCloseTimeMs() - ticks.get(first).getCloseTimeMs())
                        .isGreaterThanOrEqualTo((i - first) * 100L - 50);
            }
        }
        driver.advance(200);
        assertThat(driver.played()).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    void silenceMakesNoTickAndNoTimerButThatOfTheNextMembershipToExpire() {
        driver.join("ann", 1).speak("ann", 0, 0, 5, Chunk.FLAG_END_OF_SPURT).advance(1_000);
        int ticks = driver.ticks().size();

        assertThat(driver.room.nextTimerMs()).isEqualTo(RoomDriver.START_MS + 130 * 60_000);
        driver.advance(3_600_000);
        assertThat(driver.ticks()).hasSize(ticks);
    }

    @Test
    void holdsFramesBehindAGapAndReleasesThemInOrderWhenItIsFilled() {
        driver.speak("ann", 0, 0, 5).advance(100);
        driver.speak("ann", 10, 10, 5).advance(100);
        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 5));

        driver.speak("ann", 5, 5, 5).advance(100);

        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 15));
        assertThat(driver.events(Event.Kind.LOST)).isEmpty();
    }

    @Test
    void givesUpAGapAfterTheHoldAndDeclaresWhatIsLost() {
        driver.speak("ann", 0, 0, 5).advance(100);
        driver.speak("ann", 10, 10, 5);
        driver.advance(options.maxHoldMs() - 1);
        assertThat(driver.events(Event.Kind.LOST)).isEmpty();

        driver.advance(1);

        List<String> expected = sequence("ann", 0, 5);
        expected.addAll(sequence("ann", 10, 5));
        assertThat(driver.played()).isEqualTo(expected);
        assertThat(driver.events(Event.Kind.LOST)).singleElement().satisfies(lost -> {
            assertThat(lost.getFirstSequence()).isEqualTo(5);
            assertThat(lost.getCount()).isEqualTo(5);
        });
    }

    @Test
    void givesUpAGapWhenTooManyFramesWaitBehindIt() {
        driver.speak("ann", 0, 0, 5);
        for (int i = 0; i < 6; i++) {
            driver.speak("ann", 10 + i * 10, 10 + i * 10L, 10);
        }
        driver.advance(100);

        assertThat(driver.played()).hasSize(65);
        assertThat(driver.events(Event.Kind.LOST)).hasSize(1);
    }

    @Test
    void waitsForFramesOfASpurtBeforeTheFirstChunkSeenOfIt() {
        driver.speak("ann", 105, 5, 5).advance(50);
        assertThat(driver.played()).isEmpty();

        driver.speak("ann", 100, 0, 5).advance(100);

        assertThat(driver.played()).isEqualTo(sequence("ann", 100, 10));
    }

    @Test
    void doesNotWaitForASpurtThatWasJoinedInTheMiddle() {
        driver.speak("ann", 5_000, 400, 5);

        assertThat(driver.played()).isEqualTo(sequence("ann", 5_000, 5));
        assertThat(driver.events(Event.Kind.LOST)).isEmpty();
    }

    @Test
    void playsADuplicateOnceAndLogsItWithoutItsPayload() {
        driver.speak("ann", 0, 0, 5).speak("ann", 0, 0, 5);
        driver.speak("ann", 5, 5, 5).advance(100);

        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 10));
        assertThat(driver.logged()).hasSize(5).allSatisfy(frame -> {
            assertThat(frame.getDisposition()).isEqualTo(Disposition.DUPLICATE);
            assertThat(frame.getPayload()).isEmpty();
            assertThat(frame.getDigest().size()).isEqualTo(32);
        });
        assertThat(driver.failed()).isEmpty();
    }

    @Test
    void aFrameHeldBehindAGapIsADuplicateWhenItComesAgain() {
        driver.speak("ann", 0, 0, 5).speak("ann", 10, 10, 5).speak("ann", 10, 10, 5);
        driver.speak("ann", 5, 5, 5).advance(200);

        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 15));
        assertThat(driver.logged()).extracting(LogFrame::getDisposition).containsOnly(Disposition.DUPLICATE);
    }

    @Test
    void neverPlaysWhatComesAfterItsPlaceWasGivenUp() {
        driver.speak("ann", 0, 0, 5).speak("ann", 10, 10, 5).advance(400);
        driver.speak("ann", 5, 5, 5).speak("ann", 15, 15, 5).advance(200);

        assertThat(driver.played()).doesNotContain("ann:5").contains("ann:15");
        assertThat(driver.logged()).hasSize(5).allSatisfy(frame -> {
            assertThat(frame.getDisposition()).isEqualTo(Disposition.LATE);
            assertThat(frame.getPayload()).isNotEmpty();
        });
        assertThat(driver.failed())
                .singleElement()
                .satisfies(failed -> assertThat(failed.getReason()).isEqualTo("late"));
    }

    @Test
    void numbersWrapAround() {
        driver.speak("ann", -7, 0, 5)
                .speak("ann", 3, 10, 5)
                .speak("ann", -2, 5, 5)
                .advance(200);

        assertThat(driver.played()).isEqualTo(sequence("ann", -7, 15));
        assertThat(driver.events(Event.Kind.LOST)).isEmpty();
    }

    @Test
    void whatArrivedTooLongAgoIsStaleAndItsPlaceIsDeclaredLost() {
        driver.speak("ann", 0, 0, 5);
        driver.speakAs("ann", 5, 5, 5, driver.nowMs - options.playoutDeadlineMs() - 1, 1);
        driver.speak("ann", 10, 10, 5).advance(100);

        List<String> expected = sequence("ann", 0, 5);
        expected.addAll(sequence("ann", 10, 5));
        assertThat(driver.played()).isEqualTo(expected);
        assertThat(driver.logged()).extracting(LogFrame::getDisposition).containsOnly(Disposition.STALE);
        assertThat(driver.events(Event.Kind.LOST)).singleElement().satisfies(lost -> {
            assertThat(lost.getFirstSequence()).isEqualTo(5);
            assertThat(lost.getCount()).isEqualTo(5);
        });
        assertThat(driver.failed()).extracting(f -> f.getReason()).containsExactly("stale");
    }

    @Test
    void ordersSpeakersByRoomTimeAndNotByArrival() {
        driver.join("ann", 1).join("bob", 2).advance(1_000);
        long start = driver.nowMs;
        // Both begin to speak in time with each other; a first chunk of each tells how far away they are.
        driver.speakAs("ann", 0, 0, 5, start, 1).speakAs("bob", 0, 0, 5, start + 10, 2);
        driver.advance(90);
        // Bob's next chunk comes in time, Ann's is delayed on the way.
        driver.speakAs("bob", 5, 5, 5, start + 110, 2).speakAs("ann", 5, 5, 5, start + 130, 1);
        driver.advance(200);

        assertThat(driver.played().subList(10, 20))
                .containsExactly(
                        "ann:5", "bob:5", "ann:6", "bob:6", "ann:7", "bob:7", "ann:8", "bob:8", "ann:9", "bob:9");
    }

    @Test
    void twoConnectionsOfOneParticipantAreTwoStreams() {
        driver.speak("ann", 0, 0, 5).speak("bob", 0, 0, 5).advance(100);

        assertThat(driver.events(Event.Kind.STREAM))
                .extracting(Event::getStream)
                .containsExactly(0, 1);
    }

    @Test
    void tellsWhoSpeaksAndWhoHasStopped() {
        driver.speak("ann", 0, 0, 5).advance(100).speak("ann", 5, 5, 5, Chunk.FLAG_END_OF_SPURT);
        driver.advance(100).speak("bob", 0, 0, 5).advance(options.speakerTimeoutMs() + 200);

        assertThat(driver.events(Event.Kind.SPEAKING))
                .extracting(Event::getParticipant)
                .containsExactly("ann", "bob");
        assertThat(driver.events(Event.Kind.STOPPED))
                .extracting(Event::getParticipant)
                .containsExactly("ann", "bob");
    }

    @Test
    void answersAJoinWithTheTickThatOrdersIt() {
        driver.join("ann", 1).advance(200).speak("ann", 0, 0, 5).advance(200).join("bob", 2);

        DirectPost post = driver.posts().get(1);
        Tick last = driver.ticks().get(driver.ticks().size() - 1);
        assertThat(post.getConnection()).isEqualTo("bob-1");
        assertThat(post.getJoined().getTick()).isEqualTo(last.getTick());
        assertThat(post.getJoined().getHash()).isEqualTo(last.getHash());
        assertThat(post.getJoined().getMembersList())
                .extracting(m -> m.getParticipant())
                .containsExactly("ann", "bob");
        assertThat(post.getJoined().getStreamsList())
                .singleElement()
                .satisfies(stream -> assertThat(stream.getParticipant()).isEqualTo("ann"));
        assertThat(last.getEventsList()).anySatisfy(event -> {
            assertThat(event.getKind()).isEqualTo(Event.Kind.JOINED);
            assertThat(event.getParticipant()).isEqualTo("bob");
        });
        assertThat(last.getRosterVersion()).isEqualTo(2);
    }

    @Test
    void aLeaveThatComesBeforeItsJoinWins() {
        driver.leave("ann", 2).join("ann", 1).advance(200);

        assertThat(driver.posts()).isEmpty();
        assertThat(driver.events(Event.Kind.JOINED)).isEmpty();
    }

    @Test
    void whatALeaverHadInFlightIsNotPlayed() {
        driver.join("ann", 1).join("bob", 2).advance(200).speak("ann", 0, 0, 5).advance(100);
        driver.leave("ann", 3).speakAs("ann", 5, 5, 5, driver.nowMs, 1).advance(200);
        driver.control(Control.Kind.SAY, "bob", 4, true);

        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 5));
        assertThat(driver.logged()).hasSize(5).allSatisfy(frame -> {
            assertThat(frame.getDisposition()).isEqualTo(Disposition.MUTED);
            assertThat(frame.getPayload()).isEmpty();
        });
    }

    @Test
    void obeysTheNewerOfTheRecordsPermissionsAndItsOwn() {
        driver.join("ann", 1).join("bob", 2).advance(200);
        driver.control(Control.Kind.MUTE, "ann", 5, false);
        driver.speakAs("ann", 0, 0, 5, driver.nowMs, 1).advance(200);
        assertThat(driver.played()).isEmpty();

        driver.speakAs("ann", 5, 5, 5, driver.nowMs, 6).advance(400);

        assertThat(driver.played()).isEqualTo(sequence("ann", 5, 5));
        assertThat(driver.events(Event.Kind.MUTED)).hasSize(1);
    }

    @Test
    void aLeaverEndsItsSpeechWithWhatWasHeld() {
        driver.join("ann", 1).join("bob", 2).speak("ann", 0, 0, 5).speak("ann", 10, 10, 5);
        driver.leave("ann", 3).advance(200);

        assertThat(driver.played()).hasSize(10);
        assertThat(driver.events(Event.Kind.LOST)).hasSize(1);
        assertThat(driver.events(Event.Kind.STOPPED)).hasSize(1);
        assertThat(driver.events(Event.Kind.LEFT)).extracting(Event::getText).containsExactly("left");
    }

    @Test
    void ticksAreNumberedWithoutGapsAndChained() {
        driver.join("ann", 1);
        for (int i = 0; i < 20; i++) {
            driver.speak("ann", i * 5, i * 5L, 5).speak("ann", i * 5, i * 5L, 5).advance(100);
        }
        assertChained(driver.ticks());
    }

    @Test
    void aRoomThatAllHaveLeftEndsWithAClosedTickAndLeavesATombstone() {
        driver.join("ann", 1).speak("ann", 0, 0, 5).leave("ann", 2).advance(options.speakerTimeoutMs() + 200);

        assertThat(driver.room.isClosed()).isTrue();
        assertThat(driver.room.nextTimerMs()).isEqualTo(Long.MAX_VALUE);
        Tick last = driver.ticks().get(driver.ticks().size() - 1);
        assertThat(last.getEvents(last.getEventsCount() - 1).getKind()).isEqualTo(Event.Kind.CLOSED);
        assertThat(driver.room.tombstone().getHash()).isEqualTo(last.getHash());
        assertThat(driver.room.tombstone().getTick()).isEqualTo(last.getTick());

        RoomDriver next = new RoomDriver(options, driver.room.tombstone());
        next.join("ann", 3);
        Event opened = next.events(Event.Kind.OPENED).get(0);
        assertThat(opened.getTombstoneHash()).isEqualTo(last.getHash());
        assertThat(next.ticks().get(0).getEpoch()).isGreaterThan(last.getEpoch());
    }

    @Test
    void aRoomRemembersWhoLeftForAsLongAsWhatTheySaidMayBeOnItsWay() {
        RoomDriver quick = new RoomDriver(RoomOptions.of(Map.of("room.speaker-timeout-ms", "100")));
        quick.join("ann", 1).advance(100).leave("ann", 2).advance(500);
        quick.chunk("ann").at(0, 0).version(1).now().advance(500);

        assertThat(quick.played()).isEmpty();
        assertThat(quick.events(Event.Kind.OPENED)).hasSize(1);
    }

    @Test
    void theLastTickOfARoomIsTheOneThatSaysSoHoweverMuchWaits() {
        RoomDriver small = new RoomDriver(RoomOptions.of(Map.of(
                "room.max-tick-bytes", "4096",
                "room.tick-period-ms", "200",
                "room.speaker-timeout-ms", "100",
                "room.playout-deadline-ms", "300",
                "room.loudest", "64",
                "room.max-speakers", "64")));
        for (int i = 0; i < 60; i++) {
            small.speak("p" + i, 0, 0, 1);
        }
        // As late as a timer is on a busy machine: the room is at its end when it is asked.
        small.nowMs += 300;
        small.room.onTimer(small.nowMs * 1_000, small.outputs::add);

        List<Tick> ticks = small.ticks();
        Tick last = ticks.get(ticks.size() - 1);
        assertThat(last.getEvents(last.getEventsCount() - 1).getKind()).isEqualTo(Event.Kind.CLOSED);
        assertThat(last.getFrames()).isEmpty();
        assertThat(small.events(Event.Kind.CLOSED)).hasSize(1);
        assertThat(small.played()).hasSize(60);
        assertChained(ticks);
    }

    @Test
    void aNewRunOpensANewEpochThatNamesWhereTheOldOneStopped() {
        driver.join("ann", 1).speak("ann", 0, 0, 5).advance(200);
        Tick last = driver.ticks().get(driver.ticks().size() - 1);

        driver.restart(2_000).speak("ann", 5, 5, 5).advance(200);

        Tick opening = driver.ticks().get(last.getTick() >= 0 ? indexOfEpochAfter(last.getEpoch()) : 0);
        assertThat(opening.getTick()).isZero();
        assertThat(opening.getEvents(0).getKind()).isEqualTo(Event.Kind.OPENED);
        assertThat(opening.getEvents(0).getTombstoneHash()).isEqualTo(last.getHash());
        assertThat(opening.getEvents(1).getKind()).isEqualTo(Event.Kind.STREAM);
        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 10));
    }

    @Test
    void anOpeningTickDeclaresEachStreamOnceAlsoOneThatHadNotBeenDeclaredBefore() {
        driver.join("ann", 1).advance(10);
        driver.speak("ann", 0, 0, 5)
                .restart(500)
                .advance(1)
                .speak("ann", 5, 5, 5)
                .advance(200);

        List<Tick> ticks = driver.ticks();
        Tick opening = ticks.get(ticks.size() - 2);
        assertThat(opening.getEventsList())
                .extracting(Event::getKind)
                .containsOnlyOnce(Event.Kind.OPENED, Event.Kind.STREAM);
        assertThat(opening.getLogOnly().getOriginsCount()).isEqualTo(1);
    }

    @Test
    void anEpochInWhichNoTickWasClosedIsNotNamedByTheNext() {
        driver.join("ann", 1);
        Tick last = driver.ticks().get(0);
        driver.restart(20)
                .speak("ann", 0, 0, 5)
                .restart(20)
                .speak("ann", 5, 5, 5)
                .advance(200);

        List<Event> opened = driver.events(Event.Kind.OPENED);
        assertThat(opened).hasSize(2);
        assertThat(opened.get(1).getTombstoneHash()).isEqualTo(last.getHash());
        assertThat(opened.get(1).getTombstoneTick()).isEqualTo(last.getTick());
    }

    @Test
    void aGapIsHeldAnewAfterARestart() {
        driver.join("ann", 1).join("bob", 2).speak("ann", 0, 0, 5).speak("ann", 10, 10, 5);
        driver.restart(800).speak("bob", 0, 0, 5).speak("ann", 5, 5, 5).advance(200);

        assertThat(driver.events(Event.Kind.LOST)).isEmpty();
        assertThat(driver.played()).containsAll(sequence("ann", 0, 15));
    }

    @Test
    void aDesertedRoomThatHoldsAGapAtARestartWaitsForItAndThenCloses() {
        driver.speak("ann", 0, 0, 5).speak("ann", 10, 10, 5);
        driver.restart(30_000).advance(options.speakerTimeoutMs() + 1_000);

        assertThat(driver.events(Event.Kind.LOST)).hasSize(1);
        assertThat(driver.room.isClosed()).isTrue();
    }

    @Test
    void stateGoesThroughBytesBetweenAnyTwoEventsUnchanged() {
        RoomDriver other = new RoomDriver(options);
        for (RoomDriver each : List.of(driver, other)) {
            boolean through = each == other;
            for (int step = 0; step < 200; step++) {
                int i = step * 7 % 40;
                if (step % 11 == 0) {
                    each.join("p" + step % 3, step + 1);
                } else if (step % 37 == 0) {
                    each.leave("p" + step % 3, step + 1);
                } else {
                    each.speakAs("p" + step % 3, i * 5, i * 5L, 5, each.nowMs, step + 1);
                }
                each.advance(step % 5 * 20);
                if (through) {
                    each.throughState();
                }
            }
            each.advance(10_000);
        }
        assertThat(other.outputs).isEqualTo(driver.outputs);
    }

    @Test
    void refusesTheStateOfAVersionOfTheFuture() {
        RoomState future = driver.room.state().setVersion(9).build();

        assertThatThrownBy(() -> Room.restore(future, options)).hasMessageContaining("version 9, known is 2");
    }

    @Test
    void splitsWhatIsTooLargeForOneTick() {
        RoomOptions small =
                RoomOptions.of(Map.of("room.max-tick-bytes", "4096", "room.loudest", "64", "room.max-speakers", "64"));
        RoomDriver crowded = new RoomDriver(small);
        crowded.join("ann", 1);
        for (int i = 0; i < 60; i++) {
            crowded.speak("p" + i, 0, 0, 5);
        }
        crowded.advance(100);

        assertThat(crowded.played()).hasSize(300);
        assertThat(crowded.ticks())
                .hasSizeGreaterThan(3)
                .allSatisfy(tick -> assertThat(tick.getFrames().size() / 3 * 4).isLessThan(4 * 1024));
        assertChained(crowded.ticks());
    }

    @Test
    void reportsAChunkWithTheTickThatItsFirstFrameLeavesWith() {
        driver.speak("ann", 0, 0, 5)
                .speak("ann", 10, 10, 5)
                .speak("ann", 5, 5, 5)
                .advance(100);

        List<String> reported = new ArrayList<>();
        for (RoomOutput output : driver.outputs) {
            output.getSequencedList().forEach(r -> reported.add(r.getRequestId()));
        }
        assertThat(reported).containsExactly("ann0", "ann5", "ann10");
    }

    @Test
    void answersAProbeAtOnceAndOpensNoRoomForIt() {
        driver.probe("ann");

        assertThat(driver.posts()).singleElement().satisfies(post -> {
            assertThat(post.getProbe().getProbe().getId()).isEqualTo("p1");
            assertThat(post.getProbe().getTrace().getJobUs()).isEqualTo(driver.nowMs * 1000);
        });
        assertThat(driver.room.isClosed()).isTrue();
        assertThat(driver.ticks()).isEmpty();
    }

    @Test
    void carriesHopTimesOfChunksThatAskForThem() {
        driver.speak("ann", 0, 0, 5, Chunk.FLAG_TRACE).speak("ann", 5, 5, 5).advance(100);

        assertThat(driver.ticks().get(0).getTracesList()).singleElement().satisfies(trace -> {
            assertThat(trace.getSequence()).isZero();
            assertThat(trace.getTrace().getTickUs()).isEqualTo(RoomDriver.START_MS * 1000);
        });
        assertThat(driver.ticks().get(1).getTracesCount()).isZero();
    }

    @Test
    void theTickAfterThoseThatCarriedOneVoiceAloneNamesThem() {
        driver.join("bob", 1).advance(200);
        for (int i = 0; i < 5; i++) {
            driver.speak("ann", i * 5, i * 5L, 5).advance(100);
        }
        driver.throughState();
        driver.speak("ann", 25, 25, 5).speak("bob", 0, 0, 5).advance(200);

        List<Tick> ticks = driver.ticks();
        Tick naming = ticks.stream().filter(Tick::hasSkipped).findFirst().orElseThrow();
        assertThat(naming.getSkipped().getParticipant()).isEqualTo("ann");
        int from = (int) naming.getSkipped().getFrom();
        assertThat(from)
                .as("the ticks before tell that bob joins and ann begins")
                .isEqualTo(2);
        assertThat(ticks.subList(from, (int) naming.getTick()))
                .hasSizeGreaterThan(3)
                .extracting(Tick::getSoleSpeaker)
                .containsOnly("ann");
        assertThat(naming.getEventsList()).extracting(Event::getKind).contains(Event.Kind.SPEAKING);
        assertThat(ticks).filteredOn(Tick::hasSkipped).hasSize(1);
    }

    @Test
    void theEpochOfARoomThatReopensIsAlwaysLater() {
        Tombstone ahead = Tombstone.newBuilder()
                .setEpoch(RoomDriver.START_MS + 500_000)
                .setHash(ByteString.copyFrom(new byte[32]))
                .build();
        RoomDriver later = new RoomDriver(options, ahead);
        later.join("ann", 1);

        assertThat(later.ticks().get(0).getEpoch()).isEqualTo(RoomDriver.START_MS + 500_001);
    }

    @Test
    void epochsNeverGoBackThoughTheClockDoes() {
        Tombstone ahead = Tombstone.newBuilder()
                .setEpoch(RoomDriver.START_MS + 500_000)
                .setHash(ByteString.copyFrom(new byte[32]))
                .build();
        RoomDriver later = new RoomDriver(options, ahead);
        later.join("ann", 1).advance(100).restart(1_000).leave("ann", 2).advance(10_000);
        assertThat(later.room.isClosed()).isTrue();
        later.join("ann", 3).advance(100);

        assertThat(later.ticks().stream().map(Tick::getEpoch).distinct())
                .containsExactly(
                        RoomDriver.START_MS + 500_001, RoomDriver.START_MS + 500_002, RoomDriver.START_MS + 500_003);
    }

    @Test
    void whatWaitedToBeToldIsToldInTheNextEpoch() {
        driver.join("ann", 1).join("bob", 2).restart(20).advance(1);
        driver.join("cid", 3).advance(200);

        assertThat(driver.events(Event.Kind.OPENED)).hasSize(2);
        assertThat(driver.events(Event.Kind.JOINED))
                .extracting(Event::getParticipant)
                .containsExactly("ann", "bob", "cid");
    }

    @Test
    void aRoomThatOpensAgainInPlaceKnowsNothingOfItsStreams() {
        driver.speak("ann", 0, 0, 5).speak("bob", 0, 0, 5).advance(options.speakerTimeoutMs() + 200);
        assertThat(driver.room.isClosed()).isTrue();
        int before = driver.ticks().size();
        driver.speak("ann", 5, 5, 5).advance(100);

        Tick opening = driver.ticks().get(before);
        assertThat(opening.getEventsList())
                .extracting(Event::getKind)
                .startsWith(Event.Kind.OPENED, Event.Kind.STREAM)
                .containsOnlyOnce(Event.Kind.STREAM);
        assertThat(opening.getLogOnly().getOriginsList())
                .singleElement()
                .satisfies(origin -> assertThat(origin.getNumbering()).isEqualTo(1));
    }

    @Test
    void aStreamThatEndedBeforeACheckpointIsNotDeclaredAfterIt() {
        driver.join("ann", 1).join("bob", 2).advance(200);
        driver.speak("ann", 0, 0, 5).leave("ann", 3).throughState().advance(200);
        driver.restart(20).join("cid", 4).advance(200);

        assertThat(driver.events(Event.Kind.OPENED)).hasSize(2);
        assertThat(driver.events(Event.Kind.STREAM)).hasSize(1);
    }

    @Test
    void anEpochThatIsFollowedByAnotherTellsItsLossesItself() {
        Tombstone ahead = Tombstone.newBuilder()
                .setEpoch(RoomDriver.START_MS + 500_000)
                .setHash(ByteString.copyFrom(new byte[32]))
                .build();
        RoomDriver later = new RoomDriver(options, ahead);
        later.join("bob", 1).advance(100).speak("zed", 0, 0, 5).advance(100);
        later.leave("zed", 2).advance(100).speak("bob", 0, 0, 5).advance(100);
        // Nearly all stream indexes are used up.
        later.room = Room.restore(later.room.state().setNextStream(0xFFFE).build(), options);
        later.speakAs("bob", 5, 5, 5, later.nowMs - options.playoutDeadlineMs() - 1, 1);
        later.speak("bob", 10, 10, 5).speakAs("bob", 15, 15, 5, later.nowMs - options.playoutDeadlineMs() - 1, 1);
        later.speak("ann", 0, 0, 5).advance(200);

        List<Tick> ticks = later.ticks();
        Tick opening = ticks.stream()
                .filter(tick -> tick.getEpoch() == RoomDriver.START_MS + 500_002)
                .findFirst()
                .orElseThrow();
        assertThat(opening.getEventsList().subList(1, 3))
                .extracting(Event::getKind, Event::getParticipant, Event::getStream)
                .containsExactly(tuple(Event.Kind.STREAM, "bob", 0), tuple(Event.Kind.STREAM, "ann", 1));
        assertThat(ticks.subList(ticks.indexOf(opening), ticks.size()))
                .noneMatch(tick -> tick.getEventsList().stream().anyMatch(event -> event.getKind() == Event.Kind.LOST));
        assertThat(later.events(Event.Kind.LOST)).hasSize(2).allMatch(lost -> lost.getStream() == 1);
    }

    @Test
    void aStreamIsDeclaredAnewEveryTwoSecondsThatItSpeaksForWhoMissedTheTickBefore() {
        driver.join("ann", 1).join("bob", 2).advance(200);
        for (int i = 0; i < 50; i++) {
            driver.speak("ann", i * 5, i * 5L, 5).advance(100);
        }

        List<Tick> declaring = driver.ticks().stream()
                .filter(tick -> tick.getEventsList().stream().anyMatch(event -> event.getKind() == Event.Kind.STREAM))
                .collect(Collectors.toList());
        assertThat(declaring).hasSize(3);
        for (int i = 1; i < declaring.size(); i++) {
            Tick again = declaring.get(i);
            assertThat(again.getCloseTimeMs() - declaring.get(i - 1).getCloseTimeMs())
                    .isBetween(2_000L, 2_200L);
            assertThat(again.getEventsList())
                    .containsExactly(driver.events(Event.Kind.STREAM).get(0));
            assertThat(again.getFrames().isEmpty()).isFalse();
            assertThat(again.getSoleSpeaker())
                    .as("nothing that is new to its speaker")
                    .isEqualTo("ann");
        }
    }

    @Test
    void aStreamThatWasSilentIsDeclaredWithItsNextFrames() {
        driver.join("ann", 1).speak("ann", 0, 0, 5, Chunk.FLAG_END_OF_SPURT).advance(2_500);
        driver.speak("ann", 5, 0, 5).advance(100);

        assertThat(driver.events(Event.Kind.STREAM)).hasSize(2);
        driver.speak("ann", 10, 5, 5).advance(100);
        assertThat(driver.events(Event.Kind.STREAM)).hasSize(2);
    }

    @Test
    void whenAStreamIsDeclaredAnewOutlivesACheckpoint() {
        driver.join("ann", 1);
        for (int i = 0; i < 15; i++) {
            driver.speak("ann", i * 5, i * 5L, 5).advance(100).throughState();
        }

        assertThat(driver.events(Event.Kind.STREAM)).hasSize(1);
    }

    private int indexOfEpochAfter(long epoch) {
        List<Tick> ticks = driver.ticks();
        for (int i = 0; i < ticks.size(); i++) {
            if (ticks.get(i).getEpoch() > epoch) {
                return i;
            }
        }
        throw new AssertionError("no epoch after " + epoch);
    }

    private static void assertChained(List<Tick> ticks) {
        TickHash hash = new TickHash();
        ByteString previous = TickHash.ZERO;
        for (int i = 0; i < ticks.size(); i++) {
            Tick tick = ticks.get(i);
            assertThat(tick.getTick()).isEqualTo(i);
            assertThat(tick.getPreviousHash()).isEqualTo(previous);
            assertThat(hash.hash(tick)).isEqualTo(tick.getHash());
            Tick withoutLog = tick.toBuilder().clearLogOnly().build();
            assertThat(hash.hash(withoutLog)).isEqualTo(tick.getHash());
            previous = tick.getHash();
        }
    }
}
