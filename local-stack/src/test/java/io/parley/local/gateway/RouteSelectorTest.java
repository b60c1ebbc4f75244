package io.parley.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "Create routes for WebSocket APIs in API Gateway". */
class RouteSelectorTest {

    private final RouteSelector selector = new RouteSelector(Set.of("join", "7", "$connect", "$default"));

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '#',
            value = {
                "{\"action\":\"join\"}; join",
                "{\"room\":{\"action\":\"x\"},\"list\":[1,{}],\"action\":\"join\",\"more\":1}; join",
                "{\"action\":7}; 7",
                "{\"action\":\"Join\"}; $default",
                "{\"action\":\"leave\"}; $default",
                "{\"action\":null}; $default",
                "{\"action\":{\"action\":\"join\"}}; $default",
                "{\"room\":1}; $default",
                "{\"action\":\"$connect\"}; $default",
                "[\"join\"]; $default",
                "\"join\"; $default",
                "hello; $default",
                "{\"action\":\"join\"; $default",
                "{\"action\":\"join\"} x; $default",
                "{\"action\":\"join\"} {}; $default",
                "##; $default",
            })
    void selectsByTheActionElseTheDefault(String body, String routeKey) {
        assertThat(selector.select(body.getBytes(StandardCharsets.UTF_8))).isEqualTo(routeKey);
    }
}
