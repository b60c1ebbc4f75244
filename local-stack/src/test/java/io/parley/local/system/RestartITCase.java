package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.chunk.Chunk;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.PortTakenException;
import io.parley.local.stack.StackOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a local stack keeps, and what it says when it cannot start. */
class RestartITCase {

    @Test
    void objectsAndKeysInADataFolderSurviveARestart(@TempDir Path folder) throws Exception {
        StackOptions options =
                StackOptions.onFreePorts().withDataDir(folder).withArchive(ArchiveMode.CHUNK, EventGranularity.NONE);
        List<String> keys;
        try (LocalStack first = LocalStack.start(options)) {
            // A stack speaks once to see that it is ready.
            Archive archive = new Archive(first);
            Eventually.until(
                    "its chunk is kept", () -> !archive.list("readiness/").isEmpty());
            keys = archive.list("readiness/");
        }
        try (LocalStack second = LocalStack.start(options)) {
            Archive archive = new Archive(second);
            assertThat(archive.list("readiness/")).containsAll(keys);
            assertThat(Chunk.parse(archive.opened(keys.get(0))).frameCount()).isEqualTo(1);
        }
    }

    @Test
    void withoutADataFolderNothingIsLeft() throws Exception {
        Path folder;
        try (LocalStack stack = LocalStack.start(StackOptions.onFreePorts())) {
            folder = stack.dataDir();
            assertThat(folder).exists();
        }
        assertThat(Files.exists(folder)).isFalse();
    }

    @Test
    void aPortThatIsTakenIsNamedWithTheOptionThatMovesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            StackOptions options = StackOptions.onFreePorts();

            assertThatThrownBy(() -> LocalStack.start(options.withPorts(port, 0, 0)))
                    .isInstanceOf(PortTakenException.class)
                    .hasMessageContaining(port + " for the WebSocket gateway is taken")
                    .hasMessageContaining("--port");
            assertThatThrownBy(() -> LocalStack.start(options.withPorts(0, port, 0)))
                    .isInstanceOf(PortTakenException.class)
                    .hasMessageContaining("--edge-port");
            assertThatThrownBy(() -> LocalStack.start(options.withPorts(0, 0, port)))
                    .isInstanceOf(PortTakenException.class)
                    .hasMessageContaining("--flink-port");
        }
    }
}
