package io.parley.benchmarks.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PriceListTest {

    @Test
    void hasAPriceForEverythingThatIsCharged() {
        assertThat(PriceList.load().prices()).extracting(Price::item).containsExactly(Item.values());
    }

    @Test
    void pricesAreForManyUnitsAtATime() {
        assertThat(PriceList.load().price(Item.WEBSOCKET_MESSAGES).of(3_000_000))
                .isEqualTo(3.0);
    }

    @Test
    void refusesAFileThatLacksAPrice() throws IOException {
        String file = file().replaceAll("(?m)^kms-requests,.*\n", "");
        assertThatThrownBy(() -> PriceList.read(new StringReader(file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lacks kms-requests");
    }

    @Test
    void refusesAPriceThatIsThereTwice() throws IOException {
        String twice = file().lines()
                .filter(line -> line.startsWith("events,"))
                .findFirst()
                .orElseThrow();
        String file = file() + twice + '\n';
        assertThatThrownBy(() -> PriceList.read(new StringReader(file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("events twice");
    }

    @Test
    void refusesAPriceOfNothingThatIsKnown() throws IOException {
        String file = file().replace("\ns3-gets,", "\ns3-lists,");
        assertThatThrownBy(() -> PriceList.read(new StringReader(file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("s3-lists");
    }

    private static String file() throws IOException {
        try (InputStream in = PriceList.class.getResourceAsStream("prices.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
