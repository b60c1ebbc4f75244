package io.parley.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FrameLedgerTest {

    private final FrameLedger ledger = new FrameLedger();

    FrameLedgerTest() {
        for (int i = 0; i < 3; i++) {
            ledger.sent("ann", i, new byte[] {(byte) i});
        }
    }

    @Test
    void everyFrameOnceInOrderAndUnalteredIsPerfect() {
        for (int i = 0; i < 3; i++) {
            assertThat(ledger.isPerfect("bob")).isFalse();
            ledger.heard("bob", "ann", i, new byte[] {(byte) i});
        }
        assertThat(ledger.isPerfect("bob")).isTrue();
        assertThat(ledger.deliveredCount()).isEqualTo(3);
    }

    @Test
    void aFrameThatComesTwiceIsNotPerfect() {
        hearAll();
        ledger.heard("bob", "ann", 1, new byte[] {1});
        assertThat(ledger.isPerfect("bob")).isFalse();
        assertThat(ledger.account("bob").duplicated()).isEqualTo(1);
    }

    @Test
    void framesOutOfOrderAreNotPerfect() {
        for (int i : new int[] {0, 2, 1}) {
            ledger.heard("bob", "ann", i, new byte[] {(byte) i});
        }
        assertThat(ledger.isPerfect("bob")).isFalse();
        assertThat(ledger.account("bob").inOrder()).isEqualTo(2);
    }

    @Test
    void anAlteredOrUnknownFrameIsNotPerfect() {
        hearAll();
        ledger.heard("bob", "ann", 1, new byte[] {9});
        ledger.heard("bob", "eve", 1, new byte[] {1});
        assertThat(ledger.account("bob").altered()).isEqualTo(2);
        assertThat(ledger.isPerfect("bob")).isFalse();
    }

    @Test
    void aDeclaredLossIsNotPerfect() {
        hearAll();
        ledger.lost("bob", 1);
        assertThat(ledger.isPerfect("bob")).isFalse();
    }

    private void hearAll() {
        for (int i = 0; i < 3; i++) {
            ledger.heard("bob", "ann", i, new byte[] {(byte) i});
        }
    }
}
