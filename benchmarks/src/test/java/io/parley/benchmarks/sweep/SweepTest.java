package io.parley.benchmarks.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.options.ArchiveMode;
import io.parley.job.JobOptions.StreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SweepTest {

    private static final double LIMIT_MS = 500;
    private static final SweepSettings SETTINGS = new SweepSettings(10, 2, 10, 5, 2, 64, 500, "");

    @TempDir
    private Path folder;

    private static Step step(int rooms, double p99Ms) {
        return new Step(rooms, rooms * 900, 1, 0, p99Ms / 2, p99Ms, p99Ms, 1, rooms * 100, 1.5, 0.4, 20);
    }

    private static Curve curve(Configuration configuration, int carriesUpTo, int round) {
        return new Curve(
                configuration.key(),
                configuration,
                List.of(step(2, 100), step(4, 150), step(carriesUpTo, 300), step(2 * carriesUpTo, 2_000)),
                "1.00",
                "abc",
                round);
    }

    private static Curve curve(Configuration configuration, int carriesUpTo) {
        return curve(configuration, carriesUpTo, 1);
    }

    private static Curve without(String name, Step... steps) {
        return new Curve(name, null, List.of(steps), "1.00", "abc", 1);
    }

    /** A system that carries so many rooms; gives the loads that were tried. */
    private static List<Integer> tried(int first, int last, int carries) throws Exception {
        List<Integer> tried = new ArrayList<>();
        new Stepper(first, last, LIMIT_MS).run(rooms -> {
            tried.add(rooms);
            return step(rooms, rooms <= carries ? 100 : 1_000);
        });
        return tried;
    }

    @Test
    void theLoadIsDoubledUntilItIsTooMuchAndTheGapHalvedOnce() throws Exception {
        assertThat(tried(2, 64, 10)).containsExactly(2, 4, 8, 16, 12);
        assertThat(tried(2, 64, 1)).containsExactly(2);
        assertThat(tried(1, 64, 1)).containsExactly(1, 2);
        assertThat(tried(2, 24, 1_000)).containsExactly(2, 4, 8, 16, 24);
    }

    @Test
    void theKneeIsTheGreatestLoadBelowWhichEverythingWasCarriedToo() {
        Curve curve = without("", step(2, 100), step(4, 900), step(8, 100));
        assertThat(curve.knee(LIMIT_MS)).map(Step::rooms).hasValue(2);
        assertThat(without("", step(2, 900)).knee(LIMIT_MS)).isEmpty();
        Step lossy = new Step(2, 1800, 0.98, 0, 50, 80, 100, 1, 200, 1, 1, 20);
        assertThat(lossy.isCarried(LIMIT_MS)).isFalse();
        assertThat(Step.failed(2).isCarried(LIMIT_MS)).isFalse();
    }

    @Test
    void theSmallPlanHasEachConfigurationOnceAndStaysWithinThirtyRuns() {
        List<Configuration> plan = SweepPlan.small();
        assertThat(plan).doesNotHaveDuplicates().hasSizeLessThan(30).startsWith(Configuration.DEFAULT);
        assertThat(plan)
                .contains(new Configuration(4, 4, 100, 100, StreamReader.EFO, Configuration.Backend.HEAP, Map.of()));
        assertThatCode(() -> SweepPlan.full().forEach(Configuration::stack))
                .as("what a room can be")
                .doesNotThrowAnyException();
        assertThat(SweepPlan.full()).doesNotHaveDuplicates().hasSize(180).containsAll(plan);
    }

    @Test
    void aSettingIsRecommendedOnlyWhereItCarriesMoreThanTheDefaultDiffersFromItself() {
        Configuration four = Factor.PARALLELISM.with(Configuration.DEFAULT, 4);
        Configuration polling = Factor.READER.with(Configuration.DEFAULT, StreamReader.POLLING);
        Configuration slow = Factor.PACE.around(Configuration.DEFAULT).get(0);
        List<Curve> curves = new ArrayList<>(
                List.of(curve(Configuration.DEFAULT, 12), curve(four, 24), curve(polling, 12), curve(slow, 6)));
        List<String> sentences = new Findings(curves, LIMIT_MS).recommendations();
        assertThat(sentences).hasSize(3);
        assertThat(sentences.get(0)).startsWith("parallelism: 4 carries 24 rooms, 1 (the default) 12");
        assertThat(sentences.get(1))
                .startsWith("chunk and tick, ms: keep 100/100 (the default). 60/60 carries 6 rooms instead of 12");
        assertThat(sentences.get(2))
                .startsWith("reader: keep efo (the default).")
                .contains("With 12 rooms:");

        curves.add(curve(Configuration.DEFAULT, 30, 2));
        assertThat(new Findings(curves, LIMIT_MS).recommendations().get(0))
                .startsWith("parallelism: keep 1 (the default).");
    }

    @Test
    void everyConfigurationHasItsTurnInEachRoundAndTheDefaultTwiceInAnyCase() {
        Configuration four = Factor.PARALLELISM.with(Configuration.DEFAULT, 4);
        List<Configuration> plan = List.of(Configuration.DEFAULT, four);
        assertThat(SweepPlan.turns(plan, 1))
                .containsExactly(
                        new SweepPlan.Turn(Configuration.DEFAULT, 1),
                        new SweepPlan.Turn(four, 1),
                        new SweepPlan.Turn(Configuration.DEFAULT, 2));
        assertThat(SweepPlan.turns(plan, 2))
                .containsExactly(
                        new SweepPlan.Turn(Configuration.DEFAULT, 1),
                        new SweepPlan.Turn(four, 1),
                        new SweepPlan.Turn(Configuration.DEFAULT, 2),
                        new SweepPlan.Turn(four, 2));
    }

    @Test
    void roundsAreToldByTheirMedianWithTheLeastAndTheMost() {
        Configuration four = Factor.PARALLELISM.with(Configuration.DEFAULT, 4);
        List<Curve> curves = List.of(
                curve(Configuration.DEFAULT, 12),
                curve(four, 24),
                curve(Configuration.DEFAULT, 16, 2),
                curve(four, 48, 2),
                curve(four, 24, 3));
        Findings findings = new Findings(curves, LIMIT_MS);

        assertThat(findings.byDefault().orElseThrow().told(LIMIT_MS)).isEqualTo("14 (12 to 16)");
        assertThat(findings.leastRatio()).isEqualTo(2);
        Value fours = findings.values(Factor.PARALLELISM).get(1);
        assertThat(fours.told(LIMIT_MS)).isEqualTo("24 (24 to 48)");
        assertThat(fours.steps()).extracting(Step::rooms).containsExactly(2, 4, 48);
        assertThat(fours.at(48).orElseThrow().p99Ms()).isEqualTo(2_000);
        assertThat(findings.common(findings.values(Factor.PARALLELISM))).isEqualTo(4);
        assertThat(findings.recommendations().get(0)).startsWith("parallelism: keep 1 (the default). No value");
    }

    @Test
    void anyOtherSettingCanBeVariedAndHasItsOwnChart() throws Exception {
        Factor archive = Factor.setting("ARCHIVE_MODE", List.of("segment", "off"));
        List<Configuration> plan = SweepPlan.of(archive);
        assertThat(plan).hasSize(3).startsWith(Configuration.DEFAULT);
        assertThat(plan.get(2).stack().archiveMode()).isEqualTo(ArchiveMode.OFF);
        Configuration often = Configuration.DEFAULT.with("job.checkpoint-interval-ms", "1000");
        assertThat(often.stack().jobSettings()).containsEntry("job.checkpoint-interval-ms", "1000");
        assertThat(Configuration.DEFAULT
                        .with("BROADCAST_CONCURRENCY", "2")
                        .stack()
                        .functionSettings())
                .containsEntry("BROADCAST_CONCURRENCY", "2");
        assertThat(Configuration.DEFAULT.with("room.max-hold-ms", "120").stack().roomSettings())
                .containsEntry("room.max-hold-ms", "120");

        List<Curve> curves = List.of(curve(Configuration.DEFAULT, 12), curve(plan.get(1), 24), curve(often, 12));
        SweepReport report = new SweepReport(SETTINGS, curves, Map.of());
        assertThat(report.text())
                .contains(
                        "ARCHIVE_MODE: segment carries 24 rooms, chunk (the default) 12",
                        "## job.checkpoint-interval-ms",
                        "| 10000 ",
                        "| job.checkpoint-interval-ms |");
    }

    @Test
    void aSweepGoesOnWhereItWasAndNotWithAnotherLoad() throws Exception {
        Path file = folder.resolve("sweep.json");
        SweepStore store = SweepStore.open(file, SETTINGS);
        store.put(curve(Configuration.DEFAULT, 12));
        Curve failed = without("none", Step.failed(2));
        store.put(failed);
        store.put(failed);

        List<Curve> read = SweepStore.open(file, SETTINGS).curves();
        assertThat(read).containsExactly(curve(Configuration.DEFAULT, 12), failed);
        SweepSettings other = new SweepSettings(20, 2, 10, 5, 2, 64, 500, "");
        assertThatThrownBy(() -> SweepStore.open(file, other)).hasMessageContaining("people=10");
    }

    @Test
    void theReportIsOneFileAndSaysWhatItCannotSay() throws Exception {
        Configuration four = Factor.PARALLELISM.with(Configuration.DEFAULT, 4);
        Curve strange = without("</script><b>", step(2, 100));
        SweepReport report = new SweepReport(
                SETTINGS,
                List.of(curve(Configuration.DEFAULT, 12), curve(four, 24), strange),
                Map.of("processor", "some"));
        report.write(folder, "sweep");
        assertThat(Files.readString(folder.resolve("sweep.html")))
                .contains("var uPlot=")
                .doesNotContain("src=\"", "href=\"", "</script><b>", "/*data*/");
        assertThat(Files.readString(folder.resolve("sweep.md")))
                .contains("shape and not scale", "| 4 ", "50 %", "at least");
        assertThat(Files.readAllLines(folder.resolve("sweep.csv")))
                .hasSize(10)
                .allMatch(line -> line.split(",", -1).length == 15);
    }

    @Test
    void aWrongArgumentIsToldBeforeAnythingStarts() {
        assertThat(new CommandLine(new SweepCommand()).execute("--first-rooms=0"))
                .isEqualTo(2);
        assertThat(new CommandLine(new SweepCommand()).execute("--people=1", "--speakers=2"))
                .isEqualTo(2);
        assertThat(new CommandLine(new SweepCommand()).execute("--url=http://x", "--api-key=k", "--tokens=t"))
                .isEqualTo(2);
        assertThat(new CommandLine(new SweepCommand()).execute("--vary=room.max-hold-ms=x"))
                .isEqualTo(2);
        assertThat(new CommandLine(new SweepCommand()).execute("--vary=BROADCAST_CONCURRENCY=0"))
                .isEqualTo(2);
        assertThat(new CommandLine(new SweepCommand()).execute("--rounds=0")).isEqualTo(2);
        assertThat(new CommandLine(new SweepCommand()).execute("--impair=rain=1"))
                .isEqualTo(2);
        assertThat(new CommandLine(new SweepCommand()).execute("--vary=job.no-such=1"))
                .isEqualTo(2);
    }
}
