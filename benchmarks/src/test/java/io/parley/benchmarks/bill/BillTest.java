package io.parley.benchmarks.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.parley.core.options.ArchiveMode;
import org.junit.jupiter.api.Test;

class BillTest {

    private final PriceList prices = PriceList.load();

    @Test
    void addsUpWhatIsUsedByService() {
        Usage usage = Usage.none()
                .plus(Item.S3_PUTS, 2_000)
                .plus(Item.S3_GETS, 10_000)
                .plus(Item.EVENTS, 500_000)
                .plus(Item.S3_PUTS, 2_000);

        Bill bill = Bill.of(usage.times(2), prices);

        assertThat(bill.byService()).containsExactly(entry("S3", 0.048), entry("EventBridge", 1.0));
        assertThat(bill.totalUsd()).isCloseTo(1.048, within(1e-9));
    }

    @Test
    void refusesANegativeAmount() {
        assertThatThrownBy(() -> Usage.none().plus(Item.EVENTS, -1)).hasMessageContaining("events is -1.0");
    }

    @Test
    void someoneIsPostedEveryTickAndEachSpeakerSendsChunks() {
        Talk talk = new Talk(1, 10, 2, 100, 100, ArchiveMode.OFF, 1024, 1769, 16);

        assertThat(talk.perHour().of(Item.WEBSOCKET_MESSAGES)).isEqualTo((20 + 100) * 3600.0);
        assertThat(talk.perHour().of(Item.KINESIS_PUT_UNITS)).isEqualTo(20 * 3600.0);
        assertThat(talk.perHour().of(Item.S3_PUTS)).isZero();
    }

    @Test
    void keepsAnObjectForEachChunkOrForEachCheckpoint() {
        assertThat(new Talk(1, 10, 2, 100, 100, ArchiveMode.CHUNK, 1024, 1769, 16)
                        .perHour()
                        .of(Item.S3_PUTS))
                .isEqualTo(72_000);
        assertThat(new Talk(1, 10, 2, 100, 100, ArchiveMode.SEGMENT, 1024, 1769, 16)
                        .perHour()
                        .of(Item.S3_PUTS))
                .isEqualTo(360);
    }

    @Test
    void aDeploymentPaysForOneKpuMoreThanItHas() {
        assertThat(new Deployment(1, 2, 3, 0, 0).perMonth().of(Item.FLINK_KPU_HOURS))
                .isEqualTo(3 * 730.0);
    }
}
