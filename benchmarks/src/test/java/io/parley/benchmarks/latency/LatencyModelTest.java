package io.parley.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.parley.benchmarks.latency.Hops.Hop;
import io.parley.benchmarks.report.Report;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencyModelTest {

    private static final Path RESULTS = Path.of("../benchmarks/results");

    /** Always ten milliseconds. */
    private static final Hop STEADY = hop("steady", 10, 10, Basis.PUBLISHED);

    private static final Hop UNSTEADY = hop("unsteady", 10, 100, Basis.ASSUMED);

    @Test
    void mouthToEarIsTheChunkTheHopsAndTheBuffer() {
        Design design = new Design("steady", 100, 0, 60, List.of(STEADY, STEADY));

        assertThat(sampled(design).mouthToEar(0.5)).isCloseTo(180, within(1e-6));
        assertThat(sampled(design).mouthToEar(0.99)).isCloseTo(180, within(1e-6));
    }

    @Test
    void aChunkWaitsForItsTickWithinTheBuffer() {
        Design design = new Design("steady", 100, 100, 50, List.of(STEADY));

        assertThat(sampled(design).late()).isCloseTo(0.5, within(0.02));
        assertThat(sampled(design).bufferFor(0.01)).isCloseTo(99.0, within(1.0));
        assertThat(sampled(design).mouthToEar(0.5)).isCloseTo(160, within(1e-6));
    }

    @Test
    void aHopThatVariesMakesChunksLate() {
        Design design = new Design("unsteady", 20, 0, 50, List.of(STEADY, UNSTEADY));

        assertThat(sampled(design).late()).isBetween(0.001, 0.2);
        assertThat(sampled(design).bufferFor(0.01)).isGreaterThan(50);
    }

    @Test
    void saysWhichShareIsAssumed() {
        Design design = new Design("half", 20, 0, 60, List.of(STEADY, STEADY, UNSTEADY));

        assertThat(sampled(design).shares().get(Basis.ASSUMED)).isCloseTo(10.0 / 110, within(1e-9));
        assertThat(sampled(design).shares().get(Basis.CHOSEN)).isCloseTo(80.0 / 110, within(1e-9));
    }

    @Test
    void theSameSeedGivesTheSameReport() throws IOException {
        assertThat(report().text()).isEqualTo(report().text());
    }

    /** {@code -Ddocs.write=true} writes it anew; so does parley latency-model. */
    @Test
    void theCommittedResultIsThatOfTheModel(@TempDir Path folder) throws IOException {
        report().write(Boolean.getBoolean("docs.write") ? RESULTS : folder, LatencyModelCommand.NAME);

        if (!Boolean.getBoolean("docs.write")) {
            assertThat(RESULTS.resolve("latency-model.md")).hasSameTextualContentAs(folder.resolve("latency-model.md"));
            assertThat(RESULTS.resolve("latency-model.json"))
                    .hasSameTextualContentAs(folder.resolve("latency-model.json"));
        }
    }

    @Test
    void refusesAHopWithoutASource() {
        assertThatThrownBy(() -> Hops.read(new StringReader(
                        "hop,p10,p50,p90,p99,assumed,date,source\nup-link,10,20,40,80,yes,2026-11,\n")))
                .hasMessageContaining("up-link must say its date and source");
    }

    private static Report report() throws IOException {
        return new LatencyModel(
                        Hops.load(),
                        Hops.software(RESULTS.resolve(LatencyModelCommand.SOFTWARE)),
                        LatencyModelCommand.SAMPLES)
                .report(new SplittableRandom(LatencyModelCommand.SEED));
    }

    private static Sampled sampled(Design design) {
        return Sampled.of(design, 20_000, new SplittableRandom(3));
    }

    private static Hop hop(String name, double p50, double p99, Basis basis) {
        return new Hop(name, Map.of(0.5, p50, 0.99, p99), basis, "2026-11", "a test");
    }
}
