package io.parley.core.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FindingTest {

    @Test
    void saysWhereItIsAsFarAsCanBeTold() {
        assertThat(finding(7, 3)).hasToString("missing-ticks: room lobby, epoch 7, tick 3: tick 3 is missing");
        assertThat(finding(7, Finding.NONE).place()).isEqualTo("epoch 7");
        assertThat(finding(Finding.NONE, Finding.NONE).place()).isEqualTo("a file");
        assertThat(finding(7, 3).object()).isEqualTo("a file");
    }

    @Test
    void aRuleSaysWhatItMayMeanWhereItIsBroken() {
        assertThat(Rule.values()).allSatisfy(rule -> assertThat(rule.meaning()).endsWith("."));
        assertThat(Rule.MISSING_TICKS.isNote()).isFalse();
        assertThat(Rule.TIME.isNote()).isTrue();
    }

    private static Finding finding(long epoch, long tick) {
        return new Finding(Rule.MISSING_TICKS, "lobby", epoch, tick, "a file", "tick 3 is missing");
    }
}
