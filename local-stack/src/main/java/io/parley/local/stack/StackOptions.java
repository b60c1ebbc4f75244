package io.parley.local.stack;

import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.job.JobOptions.StreamReader;
import io.parley.local.gateway.Impairment;
import java.nio.file.Path;
import java.util.Map;

/**
 * How a local stack is set up. Ports: 0 takes a free one.
 *
 * @param port of the WebSocket gateway
 * @param edgePort of all AWS APIs
 * @param flinkPort of Flink's web UI
 * @param dataDir where S3 objects and KMS keys outlive a restart; null keeps them in a folder that is removed at the end
 * @param reader how the job reads the voice stream
 * @param shards of the voice stream
 * @param impairment of the way from clients to the gateway
 * @param roomSettings settings of {@link io.parley.core.options.RoomOptions}, by key
 * @param jobSettings settings of the job's property group {@code parley.job}, by key
 */
public record StackOptions(
        int port,
        int edgePort,
        int flinkPort,
        Path dataDir,
        StreamReader reader,
        int shards,
        ArchiveMode archiveMode,
        EventGranularity eventGranularity,
        Impairment impairment,
        Map<String, String> roomSettings,
        Map<String, String> jobSettings) {

    public StackOptions {
        if (shards < 1 || shards > 16) {
            throw new IllegalArgumentException("shards is " + shards + ", but must be within 1 and 16");
        }
        roomSettings = Map.copyOf(roomSettings);
        jobSettings = Map.copyOf(jobSettings);
    }

    /** Free ports, EFO, one shard, and the settings' defaults. */
    public static StackOptions onFreePorts() {
        return new StackOptions(
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
                Map.of());
    }

    public StackOptions withPorts(int gateway, int edge, int flink) {
        return new StackOptions(
                gateway,
                edge,
                flink,
                dataDir,
                reader,
                shards,
                archiveMode,
                eventGranularity,
                impairment,
                roomSettings,
                jobSettings);
    }

    public StackOptions withDataDir(Path folder) {
        return new StackOptions(
                port,
                edgePort,
                flinkPort,
                folder,
                reader,
                shards,
                archiveMode,
                eventGranularity,
                impairment,
                roomSettings,
                jobSettings);
    }

    public StackOptions withStream(StreamReader streamReader, int shardCount) {
        return new StackOptions(
                port,
                edgePort,
                flinkPort,
                dataDir,
                streamReader,
                shardCount,
                archiveMode,
                eventGranularity,
                impairment,
                roomSettings,
                jobSettings);
    }

    public StackOptions withArchive(ArchiveMode mode, EventGranularity granularity) {
        return new StackOptions(
                port,
                edgePort,
                flinkPort,
                dataDir,
                reader,
                shards,
                mode,
                granularity,
                impairment,
                roomSettings,
                jobSettings);
    }

    public StackOptions withImpairment(Impairment impaired) {
        return new StackOptions(
                port,
                edgePort,
                flinkPort,
                dataDir,
                reader,
                shards,
                archiveMode,
                eventGranularity,
                impaired,
                roomSettings,
                jobSettings);
    }

    public StackOptions withRoomSettings(Map<String, String> settings) {
        return new StackOptions(
                port,
                edgePort,
                flinkPort,
                dataDir,
                reader,
                shards,
                archiveMode,
                eventGranularity,
                impairment,
                settings,
                jobSettings);
    }

    public StackOptions withJobSettings(Map<String, String> settings) {
        return new StackOptions(
                port,
                edgePort,
                flinkPort,
                dataDir,
                reader,
                shards,
                archiveMode,
                eventGranularity,
                impairment,
                roomSettings,
                settings);
    }
}
