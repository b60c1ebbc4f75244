package io.parley.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImpairmentTest {

    @Test
    void readsProbabilitiesAsFractionsOrPercentAndTimesWithOrWithoutUnit() {
        assertThat(Impairment.parse("loss=2%,delay=40ms, jitter=30,duplicate=0.01,seed=-7"))
                .isEqualTo(new Impairment(0.02, 40, 30, 0.01, -7));
    }

    @Test
    void leavesOutWhatIsNotGiven() {
        assertThat(Impairment.parse("seed=3")).isEqualTo(new Impairment(0, 0, 0, 0, 3));
        assertThat(Impairment.parse("seed=3").isNone()).isTrue();
        assertThat(Impairment.parse("jitter=1").isNone()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "los=0.1; 'los' is no setting",
                "loss; 'loss' has no value",
                "loss=; 'loss=' has no value",
                "loss=much; loss=much is not a number",
                "loss=2; loss=2.0 is no probability",
                "loss=NaN; loss=NaN is no probability",
                "duplicate=-1%; duplicate=-0.01 is no probability",
                "delay=1.5; delay=1.5 is not a whole number",
                "delay=-1; delay=-1 ms is out of range",
                "jitter=60001ms; jitter=60001 ms is out of range",
                "delay=1,delay=2; 'delay' is given twice",
                "loss=0.1,,seed=1; '' has no value",
            })
    void namesWhatIsWrongAndTheCure(String text, String cause) {
        assertThatThrownBy(() -> Impairment.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--impair: ")
                .hasMessageContaining(cause)
                .hasMessageMatching("(?s).*(write it like|give ).*");
    }

    @Test
    void givesTheSameFateToTheSameMessageUnderTheSameSeed() {
        Impairment one = new Impairment(0.3, 10, 50, 0.3, 42);
        Impairment same = new Impairment(0.3, 10, 50, 0.3, 42);
        Impairment other = new Impairment(0.3, 10, 50, 0.3, 43);

        assertThat(fates(one, 0)).isDeepEqualTo(fates(same, 0));
        assertThat(Arrays.deepEquals(fates(one, 0), fates(other, 0))).isFalse();
        assertThat(Arrays.deepEquals(fates(one, 0), fates(one, 1))).isFalse();
    }

    @Test
    void losesDoublesAndDelaysAboutAsOftenAsAsked() {
        long[][] fates = fates(new Impairment(0.1, 20, 30, 0.2, 5), 0);
        long lost = Arrays.stream(fates).filter(fate -> fate.length == 0).count();
        long doubled = Arrays.stream(fates).filter(fate -> fate.length == 2).count();
        long[] delays = Arrays.stream(fates).flatMapToLong(Arrays::stream).toArray();

        assertThat(lost).isBetween(800L, 1200L);
        assertThat(doubled).isBetween(1600L, 2000L);
        assertThat(LongStream.of(delays).min()).hasValue(20);
        assertThat(LongStream.of(delays).max()).hasValue(50);
    }

    private static long[][] fates(Impairment impairment, long connection) {
        return LongStream.range(0, 10_000)
                .mapToObj(message -> impairment.arrivals(connection, message))
                .toArray(long[][]::new);
    }
}
