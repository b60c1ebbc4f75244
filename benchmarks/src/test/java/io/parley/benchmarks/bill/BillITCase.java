package io.parley.benchmarks.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.parley.benchmarks.bill.BillRun.Counted;
import io.parley.benchmarks.bill.BillRun.Scale;
import io.parley.local.meter.UsageMeter;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code parley bill} for a moment: what it counts is what was called. */
class BillITCase {

    private final BillRun run = new BillRun(new Scale(1, 4, 1, 3, 5), new PrintStream(OutputStream.nullOutputStream()));

    @Test
    void theNaiveDesignPaysForEachFrame() throws Exception {
        Counted counted = run.countNaive();

        Map<String, Double> usage = counted.usage().usage();
        double frames = usage.get(UsageMeter.invocations("naive-audio"));
        assertThat(frames).isGreaterThanOrEqualTo(90);
        assertThat(usage.get(UsageMeter.S3_PUTS)).as("an object").isEqualTo(frames);
        assertThat(usage.get(UsageMeter.calls("kms", "GenerateDataKey")))
                .as("a data key")
                .isEqualTo(frames);
        assertThat(usage.get(UsageMeter.EVENTS))
                .as("PENDING, PROCESSING, COMPLETED")
                .isEqualTo(3 * frames);
        assertThat(usage.get(UsageMeter.POSTS)).as("three others in the room").isEqualTo(3 * frames);
        assertThat(counted.posts()).isEqualTo(3 * 50 / 4.0, within(1e-6));
    }

    @Test
    void aListenerIsPostedNothingInSilenceAndNoMoreTheMoreSpeak() throws Exception {
        Map<Integer, Double> posts = run.postsBySpeakers(BillCase.BILLS.get(1), List.of(0, 10));

        assertThat(posts.get(0)).isZero();
        // A tick in 100 ms at most; on a busy machine some leave merged.
        assertThat(posts.get(10)).isPositive().isLessThan(10.5);
    }
}
