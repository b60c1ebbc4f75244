package io.parley.benchmarks.ingest;

import com.google.protobuf.ByteString;
import io.parley.aws.AwsPorts;
import io.parley.benchmarks.pairs.Pairs;
import io.parley.benchmarks.pairs.Way;
import io.parley.benchmarks.report.Machine;
import io.parley.benchmarks.report.Report;
import io.parley.benchmarks.report.Spread;
import io.parley.benchmarks.report.Verdict;
import io.parley.core.port.VoiceStream;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.StreamRecord;
import io.parley.ingest.AudioHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The audio Lambda's handler beside a bare PutRecord of the same record to the same endpoint, which runs in a process
 * of its own. Composition root: it reads the clock.
 */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = "The audio Lambda's handler beside a bare PutRecord, ARCHIVE_MODE=segment.")
public final class IngestComparison implements Callable<Integer> {

    private static final double TARGET = 1.3;
    /** A process takes a thousand messages a second of one connection. */
    private static final int SPEAKERS = 16;

    private static final int OK = 200;

    @Option(names = "--name", description = "Writes results/NAME.md and .json.")
    private String name;

    @Option(names = "--rounds", defaultValue = "9", description = "After one to warm up. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--blocks", defaultValue = "40", description = "Of 50 calls, in a round. Default: ${DEFAULT-VALUE}")
    private int blocks;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new IngestComparison()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path root = Path.of(System.getProperty("parley.root", ".")).toAbsolutePath();
        Map<String, String> facts = Machine.describe(
                root, "benchmarks/run.sh ingest --rounds " + rounds + " --blocks " + blocks, Clock.systemUTC());
        facts.put("size of the Lambdas' jar", jarSize(root));
        Pairs pairs;
        try (StandProcess stand = StandProcess.start()) {
            pairs = measure(stand.url());
        }
        facts.put("load average after", Machine.load());
        Report report = new Report("The audio Lambda beside a bare PutRecord");
        report.facts("machine", facts);
        Spread p99 = pairs.ratio(Pairs.Figure.P99);
        report.facts(
                "verdict",
                Map.of("p99 at most 1.3 x", Verdict.atMost(TARGET, p99).toString()));
        pairs.into(report, "One call at a time, five frames a chunk, the endpoint in another process.", 1);
        System.out.println(report.text());
        if (name != null) {
            report.write(root.resolve("benchmarks/results"), name);
        }
        return 0;
    }

    private Pairs measure(String url) throws Exception {
        Clock clock = Clock.systemUTC();
        Map<String, String> environment = IngestStand.environment(url);
        List<Speaker> speakers = new ArrayList<>();
        for (int i = 0; i < SPEAKERS; i++) {
            speakers.add(Speaker.join("c" + i, environment, clock));
        }
        return Pairs.measure(
                "handler",
                handler(speakers, environment),
                "PutRecord",
                put(speakers.get(0), environment),
                rounds,
                blocks);
    }

    private static Way handler(List<Speaker> speakers, Map<String, String> environment) {
        AudioHandler handler = new AudioHandler(environment, Clock.systemUTC());
        int[] next = new int[1];
        return () -> {
            Speaker speaker = speakers.get(next[0]++ % SPEAKERS);
            int status = handler.handleRequest(speaker.event(), null).getStatusCode();
            if (status != OK) {
                throw new IllegalStateException("a chunk was answered with " + status);
            }
        };
    }

    private static Way put(Speaker speaker, Map<String, String> environment) {
        VoiceStream stream = AwsPorts.from(environment).voiceStream(IngestStand.STREAM);
        StreamRecord record = StreamRecord.newBuilder()
                .setVersion(1)
                .setKind(StreamRecord.Kind.AUDIO)
                .setRoom(Speaker.ROOM)
                .setParticipant("speaker-of-c0")
                .setConnection("c0")
                .setRequestId("request-0")
                .setArrivalTimeMs(Clock.systemUTC().millis())
                .setPermissions(Permissions.newBuilder().setSpeak(true).setListen(true))
                .setControlVersion(Clock.systemUTC().millis())
                .setChunk(ByteString.copyFrom(speaker.chunk()))
                .build();
        return () -> stream.put(record).toCompletableFuture().join();
    }

    private static String jarSize(Path root) throws Exception {
        Path jar = root.resolve("dist/ingest-lambdas.jar");
        return Files.exists(jar)
                ? String.format(Locale.ROOT, "%.1f MB", Files.size(jar) / 1024.0 / 1024.0)
                : "not built: ./parley build";
    }
}
