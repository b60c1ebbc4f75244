package io.parley.local.cli;

import io.parley.core.options.RoomPolicy;
import io.parley.core.options.SystemOptions;
import io.parley.local.stack.DevelopmentCredentials;
import io.parley.local.stack.LocalStack;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code parley up}: the whole system in the foreground until Ctrl-C. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Run the whole system on this machine until Ctrl-C.",
        sortOptions = false)
public final class UpCommand implements ParleySubcommand {

    private static final int STOP_SECONDS = 30;

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "Port of the WebSocket gateway (default: ${DEFAULT-VALUE}; 0 takes a free one).")
    private int port;

    @Option(
            names = "--edge-port",
            defaultValue = "4566",
            description = "Port of all AWS APIs (default: ${DEFAULT-VALUE}).")
    private int edgePort;

    @Option(
            names = "--flink-port",
            defaultValue = "8081",
            description = "Port of Flink's web UI (default: ${DEFAULT-VALUE}).")
    private int flinkPort;

    @Option(
            names = "--http-port",
            defaultValue = "8082",
            description = "Port of the web pages (default: ${DEFAULT-VALUE}).")
    private int httpPort;

    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            description = "Keep S3 objects and KMS keys here, over restarts (default: removed at the end).")
    private Path dataDir;

    @Option(
            names = "--room-policy",
            paramLabel = "open|ticket",
            defaultValue = "OPEN",
            description = "Who may join a room: any user, or who has a ticket of ./parley ticket (default: open).")
    private RoomPolicy roomPolicy;

    @Mixin
    private StackArguments arguments;

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        out.println("Starting Parley ...");
        long start = System.nanoTime();
        LocalStack stack = LocalStack.start(arguments
                .options(Map.of())
                .withPorts(port, edgePort, flinkPort)
                .withHttpPort(httpPort)
                .withFunctionSettings(Map.of(
                        SystemOptions.ROOM_POLICY.key(),
                        io.parley.core.options.Option.name(roomPolicy),
                        SystemOptions.SEED_CLIENTS.key(),
                        "on"))
                .withDataDir(dataDir == null ? null : dataDir.toAbsolutePath()));
        Path file = DevelopmentCredentials.file();
        stack.credentials().write(file);
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopped.countDown();
            try {
                closed.await(STOP_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        print(out, stack.credentials(), (System.nanoTime() - start) / 1e9);
        stopped.await();
        out.println("Stopping ...");
        stack.close();
        Files.deleteIfExists(file);
        closed.countDown();
        return 0;
    }

    private void print(PrintStream out, DevelopmentCredentials credentials, double seconds) {
        out.printf("Parley is up after %.1f s. These credentials live as long as it does.%n%n", seconds);
        out.println("  Browser      " + credentials.pages() + "   (talk and listen on a web page)");
        out.println("  Operations   " + credentials.pages() + "/ops/   (what the system does, second by second)");
        out.println("  WebSocket    " + credentials.url());
        out.println(
                "  AWS APIs     " + credentials.edge() + "   (AWS_ENDPOINT_URL; region eu-central-1; any access key)");
        out.println("  Flink        " + credentials.flink());
        out.println("  API key      " + credentials.apiKey());
        out.println("  alice        " + credentials.aliceToken());
        out.println("  bob          " + credentials.bobToken());
        out.println("  moderator    " + credentials.moderatorToken());
        out.println("  Seed clients may speak and listen in room lobby with the API key alone (docs/seed-clients.md)");
        if (dataDir != null) {
            out.println("  Data         " + dataDir.toAbsolutePath());
        }
        out.println();
        out.println("  Listen       ./parley listen --room lobby --out heard.ogg");
        out.println("  Talk         ./parley talk --room lobby --wav speech.wav     (without --wav: a bundled clip)");
        out.println("  Sign in      ./parley login --user alice     (password: " + credentials.alicePassword() + ")");
        out.println("  Ticket       ./parley ticket --room lobby --participant alice");
        out.println();
        out.println("Ctrl-C stops it.");
        out.flush();
    }
}
