package io.parley.local.stack;

import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.job.JobOptions.StreamReader;
import io.parley.local.gateway.Impairment;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How a local stack is set up. Ports: 0 takes a free one.
 *
 * @param port of the WebSocket gateway
 * @param edgePort of all AWS APIs
 * @param flinkPort of Flink's web UI
 * @param httpPort of the web pages
 * @param dataDir where S3 objects and KMS keys outlive a restart; null keeps them in a folder that is removed at the end
 * @param reader how the job reads the voice stream
 * @param shards of the voice stream
 * @param impairment of the way from clients to the gateway
 * @param roomSettings settings of {@link io.parley.core.options.RoomOptions}, by key
 * @param jobSettings settings of {@link io.parley.job.JobOptions}, by key; they go before what the stack would set
 * @param functionSettings settings of the Lambdas, {@link io.parley.ingest.IngestOptions} and {@link
 *     io.parley.broadcast.BroadcastOptions}, by key; they go before what the stack would set
 * @param flinkSettings settings of Flink itself, by key; they go before what the stack would set
 * @param job whether the stack runs the job; without it somebody else has to, by {@link LocalStack#jobProperties}
 */
public record StackOptions(
        int port,
        int edgePort,
        int flinkPort,
        int httpPort,
        Path dataDir,
        StreamReader reader,
        int shards,
        ArchiveMode archiveMode,
        EventGranularity eventGranularity,
        Impairment impairment,
        Map<String, String> roomSettings,
        Map<String, String> jobSettings,
        Map<String, String> functionSettings,
        Map<String, String> flinkSettings,
        boolean job) {

    public StackOptions {
        if (shards < 1 || shards > 16) {
            throw new IllegalArgumentException("shards is " + shards + ", but must be within 1 and 16");
        }
        roomSettings = Map.copyOf(roomSettings);
        jobSettings = Map.copyOf(jobSettings);
        functionSettings = Map.copyOf(functionSettings);
        flinkSettings = Map.copyOf(flinkSettings);
    }

    /** Free ports, EFO, one shard, and the settings' defaults. */
    public static StackOptions onFreePorts() {
        return new StackOptions(
                0,
                0,
                0,
                0,
                null,
                StreamReader.EFO,
                1,
                ArchiveMode.CHUNK,
                EventGranularity.UTTERANCE,
                Impairment.NONE,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                true);
    }

    public StackOptions withPorts(int gateway, int edge, int flink) {
        return with(draft -> {
            draft.port = gateway;
            draft.edgePort = edge;
            draft.flinkPort = flink;
        });
    }

    public StackOptions withHttpPort(int http) {
        return with(draft -> draft.httpPort = http);
    }

    public StackOptions withDataDir(Path folder) {
        return with(draft -> draft.dataDir = folder);
    }

    public StackOptions withStream(StreamReader streamReader, int shardCount) {
        return with(draft -> {
            draft.reader = streamReader;
            draft.shards = shardCount;
        });
    }

    public StackOptions withArchive(ArchiveMode mode, EventGranularity granularity) {
        return with(draft -> {
            draft.archiveMode = mode;
            draft.eventGranularity = granularity;
        });
    }

    public StackOptions withImpairment(Impairment impaired) {
        return with(draft -> draft.impairment = impaired);
    }

    public StackOptions withRoomSettings(Map<String, String> settings) {
        return with(draft -> draft.roomSettings = settings);
    }

    public StackOptions withJobSettings(Map<String, String> settings) {
        return with(draft -> draft.jobSettings = settings);
    }

    public StackOptions withFunctionSettings(Map<String, String> settings) {
        return with(draft -> draft.functionSettings = settings);
    }

    public StackOptions withFlinkSettings(Map<String, String> settings) {
        return with(draft -> draft.flinkSettings = settings);
    }

    /** Everything but the Flink job, which runs elsewhere. */
    public StackOptions withoutJob() {
        return with(draft -> draft.job = false);
    }

    private StackOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finished();
    }

    /** Options that can still be changed. */
    private static final class Draft {
        int port;
        int edgePort;
        int flinkPort;
        int httpPort;
        Path dataDir;
        StreamReader reader;
        int shards;
        ArchiveMode archiveMode;
        EventGranularity eventGranularity;
        Impairment impairment;
        Map<String, String> roomSettings;
        Map<String, String> jobSettings;
        Map<String, String> functionSettings;
        Map<String, String> flinkSettings;
        boolean job;

        Draft(StackOptions options) {
            port = options.port;
            edgePort = options.edgePort;
            flinkPort = options.flinkPort;
            httpPort = options.httpPort;
            dataDir = options.dataDir;
            reader = options.reader;
            shards = options.shards;
            archiveMode = options.archiveMode;
            eventGranularity = options.eventGranularity;
            impairment = options.impairment;
            roomSettings = options.roomSettings;
            jobSettings = options.jobSettings;
            functionSettings = options.functionSettings;
            flinkSettings = options.flinkSettings;
            job = options.job;
        }

        StackOptions finished() {
            return new StackOptions(
                    port,
                    edgePort,
                    flinkPort,
                    httpPort,
                    dataDir,
                    reader,
                    shards,
                    archiveMode,
                    eventGranularity,
                    impairment,
                    roomSettings,
                    jobSettings,
                    functionSettings,
                    flinkSettings,
                    job);
        }
    }
}
