package io.parley.benchmarks.size;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.benchmarks.bill.PriceList;
import io.parley.benchmarks.constants.Constants;
import io.parley.benchmarks.constants.RegionLimits;
import io.parley.benchmarks.docs.GeneratedPart;
import io.parley.core.options.ArchiveMode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What docs/sizing.md shows, and what Terraform's tests are given; {@code -Ddocs.write=true} writes both anew. */
class SizingPageTest {

    private static final Path PAGE = Path.of("../docs/sizing.md");
    private static final Path TERRAFORM_TEST = Path.of("../terraform/tests/size.tftest.hcl");

    private static final Demand EXAMPLE = new Demand(100, 10, 2, 100, 100, ArchiveMode.SEGMENT);

    private final Constants constants = Constants.load();

    @Test
    void showsTheExample() throws IOException {
        String text = new SizeReport(
                        Size.of(EXAMPLE, constants), constants, RegionLimits.DEFAULT, PriceList.load(), 100)
                .text();
        // A level deeper than on a terminal, below the page's own heading.
        new GeneratedPart(PAGE, "example").is(text.replaceAll("(?m)^#", "##"));
    }

    @Test
    void showsEveryConstantAndItsSource() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (Constants.Line line : constants.lines()) {
            rows.add(List.of(
                    line.constant().key(),
                    plain(line.value()) + (line.small() == line.value() ? "" : " (small: " + plain(line.small()) + ")"),
                    line.unit(),
                    line.kind(),
                    line.date() + ", " + line.source()));
        }
        new GeneratedPart(PAGE, "constants").isTable(List.of("constant", "value", "unit", "kind", "source"), rows);
    }

    /** Terraform itself checks in terraform/test.sh that the module takes the lines. */
    @Test
    void givesTerraformsTestsTheVariablesOfSeveralSizes() throws IOException {
        Map<String, String> runs = new LinkedHashMap<>();
        runs.put("ten_rooms", run(new Demand(10, 10, 2, 100, 100, ArchiveMode.CHUNK), RegionLimits.DEFAULT));
        runs.put("a_hundred_rooms", run(EXAMPLE, RegionLimits.DEFAULT));
        runs.put("large_rooms", run(new Demand(20, 400, 40, 200, 400, ArchiveMode.BOTH), RegionLimits.SMALL));
        runs.put("ten_thousand_rooms", run(new Demand(10_000, 10, 2, 60, 60, ArchiveMode.OFF), RegionLimits.SMALL));
        StringBuilder text = new StringBuilder("""
                # What parley size prints is what the module takes. Written by SizingPageTest: docs/sizing.md says how.
                mock_provider "aws" {
                  source = "./tests/mocks"
                }

                variables {
                  region        = "eu-central-1"
                  artifacts_dir = "./tests/artifacts"
                  ticket_jwks   = "https://game.example/jwks.json"
                }
                """);
        runs.forEach((name, variables) -> text.append("\nrun \"takes_")
                .append(name)
                .append("\" {\n  command = plan\n\n  variables {\n")
                .append(variables)
                .append("  }\n}\n"));
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(TERRAFORM_TEST, text);
        }
        assertThat(TERRAFORM_TEST).hasContent(text.toString());
    }

    private String run(Demand demand, RegionLimits region) {
        StringBuilder lines = new StringBuilder();
        for (String line : new TerraformLines(Size.of(demand, constants), constants, region).lines()) {
            lines.append("    ").append(line).append('\n');
        }
        return lines.toString();
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
