package io.parley.benchmarks.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.parley.benchmarks.naive.NaiveStackProcess;
import io.parley.local.meter.UsageMeter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountedUsageTest {

    private static Usage hour(Map<String, Double> counts, boolean storesChunks) {
        // Half a minute of a room of ten.
        return new CountedUsage(counts, 30 / 3600.0, 10, storesChunks).perRoomHour();
    }

    @Test
    void countsOfSomeSecondsAreTakenForAnHour() {
        Usage usage = hour(
                Map.of(
                        UsageMeter.MESSAGES_IN,
                        600.0,
                        UsageMeter.POSTS,
                        3_000.0,
                        UsageMeter.KINESIS_PUT_UNITS,
                        600.0,
                        UsageMeter.EVENTS,
                        90.0,
                        UsageMeter.calls("kms", "GenerateDataKey"),
                        1.0,
                        UsageMeter.calls("kms", "Decrypt"),
                        2.0),
                false);
        assertThat(usage.of(Item.WEBSOCKET_MESSAGES)).isEqualTo(3_600 * 120, within(1e-6));
        assertThat(usage.of(Item.KINESIS_PUT_UNITS)).isEqualTo(600 * 120, within(1e-6));
        assertThat(usage.of(Item.EVENTS)).isEqualTo(90 * 120, within(1e-6));
        assertThat(usage.of(Item.KMS_REQUESTS)).isEqualTo(3 * 120, within(1e-6));
        assertThat(usage.of(Item.WEBSOCKET_CONNECTION_MINUTES)).isEqualTo(600, within(1e-6));
    }

    @Test
    void aFunctionCostsItsDeployedMemoryTimesTheTimeThatItIsAssumedToTake() {
        Map<String, Double> counts = Map.of(UsageMeter.invocations("parley-audio"), 100.0);
        assertThat(hour(counts, false).of(Item.LAMBDA_ARM_GB_SECONDS))
                .isEqualTo(100 * 120 * Talk.INGEST_SECONDS, within(1e-6));
        assertThat(hour(counts, true).of(Item.LAMBDA_ARM_GB_SECONDS))
                .as("where it waits for an object")
                .isEqualTo(100 * 120 * (Talk.INGEST_SECONDS + Talk.ARCHIVE_SECONDS), within(1e-6));
        assertThat(hour(Map.of(UsageMeter.invocations("parley-broadcast"), 100.0), true)
                        .of(Item.LAMBDA_ARM_GB_SECONDS))
                .isEqualTo(100 * 120 * Talk.BROADCAST_CALL_SECONDS * 1769 / 1024, within(1e-6));
    }

    @Test
    void aFunctionCanBeTakenAsItWasTimed() {
        Usage usage = new CountedUsage(Map.of(UsageMeter.billedMs(NaiveStackProcess.AUDIO), 2_000.0), 1, 10, true)
                .perRoomHourAsTimed();
        assertThat(usage.of(Item.LAMBDA_ARM_GB_SECONDS)).as("512 MB for 2 s").isEqualTo(1, within(1e-9));
    }
}
