package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.job.JobMetrics;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** S3 is away for half a minute of speech: the voice notices nothing, and the tick log has no hole afterwards. */
class TickLogOutageITCase {

    private static final int OUTAGE_SECONDS = 30;
    private static final String ROOM = "tick-log-outage";

    @Test
    void halfAMinuteWithoutS3IsHeardByAllAndIsInTheTickLogAfterwards() throws Exception {
        StackOptions options = StackOptions.onFreePorts()
                .withArchive(ArchiveMode.BOTH, EventGranularity.UTTERANCE)
                .withJobSettings(Map.of("job.checkpoint-interval-ms", "1000"))
                // For the pauses of a busy machine.
                .withRoomSettings(Map.of("room.max-hold-ms", "3000", "room.playout-deadline-ms", "30000"));
        try (LocalStack stack = LocalStack.start(options);
                LogLines tickLog = LogLines.of("io.parley.job.log.SegmentSpool");
                Player listener = Player.joined(stack, "listener", ROOM);
                Player alice = Player.joined(stack, "alice", ROOM);
                Player bob = Player.joined(stack, "bob", ROOM)) {
            JobMeter meter = new JobMeter(stack);
            Archive archive = new Archive(stack);
            try (Conversation conversation = Conversation.of(alice, bob)) {
                Eventually.until(
                        "the tick log is written",
                        () -> !archive.ticksInLog(ROOM).isEmpty());
                stack.faults("s3").fail();
                conversation.goOn(OUTAGE_SECONDS);
                assertThat(tickLog.with("could not be stored")).isNotEmpty();
                Eventually.until("the spool's alarm would ring", () -> meter.sum(JobMetrics.SPOOL_BYTES) > 0);
                stack.faults("s3").mend();
                conversation.goOn(2);
                conversation.end();
            }

            assertHeardWhole(alice, listener, bob);
            assertHeardWhole(bob, listener, alice);
            assertThat(alice.said()).hasSizeGreaterThan(OUTAGE_SECONDS * 25);
            Map<String, ?> said = Map.of(alice.participant(), alice.said(), bob.participant(), bob.said());
            Eventually.until(
                    "the tick log holds all that was said",
                    () -> archive.framesInLog(ROOM).equals(said));
            assertThat(archive.isWhole(ROOM)).as("numbers and hashes").isTrue();
            Eventually.until("the spool is empty", () -> meter.sum(JobMetrics.SPOOL_BYTES) == 0);
            assertThat(meter.sum(JobMetrics.SEGMENT_UPLOADS_FAILED)).isPositive();
            assertThat(meter.sum(JobMetrics.SEGMENTS_STORED)).isEqualTo(meter.sum(JobMetrics.SEGMENTS_STAGED));
            assertThat(meter.sum(JobMetrics.SEGMENTS_DROPPED)).isZero();
            assertThat(meter.sum(JobMetrics.TICKS_UNLOGGED)).isZero();
        }
    }

    /** Frame for frame, and in one epoch, so the job has not been restarted. */
    private static void assertHeardWhole(Player speaker, Player... listeners) throws Exception {
        for (Player listener : listeners) {
            Ear ear = listener.ear();
            Eventually.until(
                    "all of " + speaker.participant() + " is heard",
                    () -> ear.heard(speaker.participant()).equals(speaker.said()));
            assertThat(ear.epochs).hasSize(1);
            assertThat(ear.missedTicks()).isZero();
            assertThat(ear.chainBreaks()).isZero();
            assertThat(ear.altered).isEmpty();
            assertThat(ear.errors).isEmpty();
        }
    }
}
