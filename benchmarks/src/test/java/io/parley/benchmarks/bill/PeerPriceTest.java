package io.parley.benchmarks.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PeerPriceTest {

    @Test
    void aPeerChargesByTheMinuteAndPerhapsByTheByte() {
        assertThat(PeerPrice.load()).hasSize(2).allSatisfy(peer -> {
            assertThat(peer.date()).matches("\\d{4}-\\d{2}");
            assertThat(peer.source()).isNotEmpty();
        });
        assertThat(PeerPrice.load().get(0).usdAParticipantHour(2)).isEqualTo(0.0594, within(1e-9));
        assertThat(PeerPrice.load().get(1).usdAParticipantHour(2)).isBetween(0.030, 0.035);
    }
}
