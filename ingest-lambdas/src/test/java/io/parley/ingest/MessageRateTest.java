package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.ingest.MessageRate.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageRateTest {

    private final MessageRate rate = new MessageRate(50);

    @Test
    void whoSendsAtTheAllowedRateIsNeverRefused() {
        assertThat(send("c1", 0, 10_000, 20)).containsOnly(Verdict.TAKE);
    }

    @Test
    void twoSecondsWorthMayComeAtOnce() {
        List<Verdict> verdicts = send("c1", 0, 101, 0);

        assertThat(verdicts.subList(0, 100)).containsOnly(Verdict.TAKE);
        assertThat(verdicts.get(100)).isEqualTo(Verdict.REFUSE);
    }

    @Test
    void whoSlowsDownIsTakenAgain() {
        send("c1", 0, 150, 0);

        assertThat(rate.judge("c1", 900)).isEqualTo(Verdict.REFUSE);
        assertThat(rate.judge("c1", 1_100)).isEqualTo(Verdict.TAKE);
    }

    @Test
    void aFloodIsAbuseOnceAndRefusedOtherwise() {
        List<Verdict> verdicts = send("c1", 0, 5_000, 1);

        assertThat(verdicts).containsOnlyOnce(Verdict.ABUSE);
        assertThat(verdicts.subList(verdicts.indexOf(Verdict.ABUSE) + 1, verdicts.size()))
                .containsOnly(Verdict.REFUSE);
    }

    @Test
    void whoFloodsAgainAfterAPauseIsAccusedAgain() {
        send("c1", 0, 2_000, 0);

        assertThat(send("c1", 60_000, 2_000, 0)).containsOnlyOnce(Verdict.ABUSE);
    }

    @Test
    void aFloodOfOneConnectionIsNobodyElsesMatter() {
        send("c1", 0, 5_000, 0);

        assertThat(rate.judge("c2", 0)).isEqualTo(Verdict.TAKE);
    }

    private List<Verdict> send(String connection, long fromMs, int count, long everyMs) {
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            verdicts.add(rate.judge(connection, fromMs + i * everyMs));
        }
        return verdicts;
    }
}
