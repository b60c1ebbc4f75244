package io.parley.benchmarks.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.parley.benchmarks.bill.Bill;
import io.parley.benchmarks.bill.PriceList;
import io.parley.benchmarks.constants.Constants;
import io.parley.benchmarks.constants.RegionLimits;
import io.parley.core.options.ArchiveMode;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizeTest {

    private static final Demand HUNDRED = new Demand(100, 10, 2, 100, 100, ArchiveMode.CHUNK);

    private final Constants constants = Constants.load();

    @Test
    void aHundredRoomsTakeTwoThousandRecordsASecondWhichFillFourShardsByHalf() {
        assertThat(size(HUNDRED).shards()).isEqualTo(4);
    }

    @Test
    void aListenerIsPostedEveryTickAndASpeakerSendsChunks() {
        assertThat(size(HUNDRED).gatewayRequestsASecond()).isCloseTo(12_000, within(1e-6));
    }

    @Test
    void longerTicksTakeFewerPostsAndFewerLanes() {
        Size longer = size(new Demand(1_000, 10, 2, 100, 200, ArchiveMode.CHUNK));
        Size shorter = size(new Demand(1_000, 10, 2, 100, 100, ArchiveMode.CHUNK));

        assertThat(longer.gatewayRequestsASecond()).isLessThan(shorter.gatewayRequestsASecond());
        assertThat(longer.broadcastConcurrency()).isLessThan(shorter.broadcastConcurrency());
    }

    @Test
    void anAudioLambdaThatDoesNotWaitForItsObjectIsNeededLess() {
        int waiting = size(HUNDRED).ingestConcurrency();
        int notWaiting =
                size(new Demand(100, 10, 2, 100, 100, ArchiveMode.SEGMENT)).ingestConcurrency();

        assertThat(waiting).isEqualTo(448);
        assertThat(notWaiting).isEqualTo(48);
    }

    @Test
    void theGatewaysRequestsAreTheFirstQuotaOfARoomOfTen() {
        Size.Bound first = Size.bounds(HUNDRED, constants, RegionLimits.DEFAULT).get(0);

        assertThat(first.quota().name()).isEqualTo("requests and posts a second");
        assertThat(first.rooms()).isEqualTo(10_000 / 120);
    }

    @Test
    void aQuotaHoldsForSoManyRoomsAndNotForOneMore() {
        for (RegionLimits region : RegionLimits.values()) {
            List<Size.Bound> bounds = Size.bounds(HUNDRED, constants, region);
            assertThat(bounds)
                    .filteredOn(bound -> !bound.isFarOff())
                    .isNotEmpty()
                    .allSatisfy(bound -> {
                        assertThat(quota(bound, bound.rooms(), region).holds()).isTrue();
                        assertThat(quota(bound, bound.rooms() + 1, region).holds())
                                .isFalse();
                    });
        }
    }

    @Test
    void asksForMoreThanItNeedsOfAQuotaThatItExceeds() {
        Quota requests = size(HUNDRED).quotas(constants, RegionLimits.DEFAULT).get(0);

        assertThat(requests.holds()).isFalse();
        assertThat(requests.asked(constants)).isEqualTo(15_000);
    }

    @Test
    void asksForNothingWhereAQuotaHasRoomToSpare() {
        Size small = size(new Demand(10, 10, 2, 100, 100, ArchiveMode.CHUNK));

        assertThat(small.quotas(constants, RegionLimits.DEFAULT))
                .allSatisfy(quota -> assertThat(quota.asked(constants)).isZero());
    }

    @Test
    void aMonthWithoutTalkCostsWhatStands() {
        Size size = size(HUNDRED);
        PriceList prices = PriceList.load();

        assertThat(size.month(0, prices).totalUsd())
                .isEqualTo(Bill.of(size.deployment().perMonth(), prices).totalUsd());
        assertThat(size.month(100, prices).totalUsd())
                .isGreaterThan(size.month(0, prices).totalUsd());
    }

    @Test
    void refusesARoomThatSendsMoreThanItsShardTakes() {
        assertThatThrownBy(() -> new Demand(1, 100, 30, 20, 20, ArchiveMode.OFF))
                .hasMessageContaining("1500 records a second, but a room lives on one shard");
    }

    @Test
    void refusesTicksThatAreNoMultipleOfChunks() {
        assertThatThrownBy(() -> new Demand(1, 10, 2, 100, 150, ArchiveMode.OFF))
                .hasMessageContaining("multiple of the chunks' 100");
    }

    private Size size(Demand demand) {
        return Size.of(demand, constants);
    }

    private Quota quota(Size.Bound bound, int rooms, RegionLimits region) {
        return size(HUNDRED.withRooms(rooms)).quotas(constants, region).stream()
                .filter(quota -> quota.name().equals(bound.quota().name()))
                .findFirst()
                .orElseThrow();
    }
}
