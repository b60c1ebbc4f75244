package io.parley.benchmarks.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.parley.local.meter.UsageMeter;
import io.parley.local.ops.BillMeter;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LiveBillTest {

    private static final PriceList PRICES = PriceList.load();

    private final AtomicReference<Map<String, Double>> usage = new AtomicReference<>(Map.of());
    private final BillMeter bill = BillMeter.find(usage::get, 1, true).orElseThrow();

    @Test
    void aStackInWhichNothingHappensCostsWhatItsDeploymentDoes() {
        double standing = Bill.of(Deployment.ofModule(1, 1).perMonth(), PRICES).totalUsd() / Deployment.HOURS_A_MONTH;
        assertThat(bill.usdPerHour(0)).isEqualTo(standing, within(1e-9));
        assertThat(bill.usdPerHour(1_000)).isEqualTo(standing, within(1e-9));
    }

    @Test
    void whatWasPostedInTheLastHalfMinuteIsTakenForAnHour() {
        double standing = bill.usdPerHour(0);
        usage.set(Map.of(UsageMeter.POSTS, 1_000_000.0));
        bill.usdPerHour(1_000);
        for (int second = 2; second < 60; second++) {
            bill.usdPerHour(second * 1_000);
        }
        assertThat(bill.usdPerHour(60_000)).as("half a minute later").isEqualTo(standing, within(1e-9));

        usage.set(Map.of(UsageMeter.POSTS, 1_000_300.0));
        double messages = PRICES.price(Item.WEBSOCKET_MESSAGES).of(300 * 120);
        assertThat(bill.usdPerHour(61_000)).isBetween(standing + messages, standing + 2 * messages);
    }

    @Test
    void whoIsConnectedCostsByTheMinute() {
        double standing = bill.usdPerHour(0);
        usage.set(Map.of(UsageMeter.CONNECTIONS, 10.0));
        assertThat(bill.usdPerHour(1_000) - standing)
                .isEqualTo(PRICES.price(Item.WEBSOCKET_CONNECTION_MINUTES).of(600), within(1e-9));
    }
}
