package io.parley.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class MicrosTest {

    @Test
    void countsMicrosecondsSinceTheEpoch() {
        Instant instant = Instant.ofEpochSecond(1_700_000_000, 123_456_789);

        assertThat(Micros.of(instant)).isEqualTo(1_700_000_000_123_456L);
        assertThat(Micros.now(Clock.fixed(instant, ZoneOffset.UTC))).isEqualTo(1_700_000_000_123_456L);
    }
}
