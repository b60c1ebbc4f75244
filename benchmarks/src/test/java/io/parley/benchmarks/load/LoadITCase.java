package io.parley.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code parley load} for a moment: it runs, and it counts what comes. No figure of it is looked at. */
class LoadITCase {

    @TempDir
    private Path folder;

    @Test
    void measuresAStackUnderLoad() throws Exception {
        Path json = folder.resolve("load.json");
        int status = new CommandLine(new LoadCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(
                        "--rooms=1",
                        "--people=3",
                        "--speakers=2",
                        "--duration=8",
                        "--warm-up=5",
                        "--trace-every=1",
                        // Shared machines pause for longer than speech may.
                        "--room=room.max-hold-ms=5000",
                        "--room=room.max-held-frames=500",
                        "--room=room.playout-deadline-ms=60000",
                        "--json=" + json);

        assertThat(status).isZero();
        JsonNode result = new ObjectMapper().readTree(json.toFile()).path("result");
        // Two speakers, each heard by two others: 50 frames a second for eight seconds.
        assertThat(result.path("expected").asLong()).isBetween(1_560L, 1_600L);
        // How many of them a busy machine has heard by then is no business of a test.
        assertThat(result.path("delivered").asLong()).isPositive();
        assertThat(result.path("lost").asLong())
                .isEqualTo(result.path("expected").asLong()
                        - result.path("delivered").asLong());
        assertThat(result.path("duplicated").asLong()).isZero();
        assertThat(result.path("hops").path("STREAM").path("count").asLong()).isPositive();
        assertThat(result.path("stack").path("cpuNs").asLong()).isPositive();
        JsonNode usage = result.path("stack").path("usage");
        assertThat(usage.path("kinesis.putUnits").asLong()).isPositive();
        assertThat(usage.path("s3.puts").asLong()).isPositive();
    }

    @Test
    void aDeploymentWhoseRoomsAskForTicketsIsLoadedWithOnesOfItsKey() throws Exception {
        Path json = folder.resolve("deployed.json");
        StackOptions asking = StackOptions.onFreePorts().withFunctionSettings(Map.of("ROOM_POLICY", "ticket"));
        int status;
        try (LocalStack stack = LocalStack.start(asking)) {
            Path tokens = Files.write(folder.resolve("tokens"), List.of(stack.token("one"), stack.token("two")));
            status = new CommandLine(new LoadCommand())
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .execute(
                            "--url=" + stack.credentials().url(),
                            "--api-key=" + stack.credentials().apiKey(),
                            "--tokens=" + tokens,
                            "--ticket-key=" + stack.credentials().ticketKey(),
                            "--ticket-audience=" + stack.credentials().ticketAudience(),
                            "--rooms=1",
                            "--people=2",
                            "--speakers=1",
                            "--duration=2",
                            "--warm-up=4",
                            "--json=" + json);
        }
        assertThat(status).isZero();
        JsonNode result = new ObjectMapper().readTree(json.toFile()).path("result");
        assertThat(result.path("delivered").asLong()).isPositive();
        assertThat(result.path("stack").isNull()).isTrue();
    }

    @Test
    void aWrongArgumentIsToldBeforeAnythingStarts() {
        assertThat(new CommandLine(new LoadCommand()).execute("--chunk-ms=90")).isEqualTo(2);
        assertThat(new CommandLine(new LoadCommand()).execute("--room=room.tick-period-ms=150"))
                .isEqualTo(2);
        assertThat(new CommandLine(new LoadCommand()).execute("--url=ws://127.0.0.1/local"))
                .isEqualTo(2);
    }
}
