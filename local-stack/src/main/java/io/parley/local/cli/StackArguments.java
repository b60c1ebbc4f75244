package io.parley.local.cli;

import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.core.options.RoomOptions;
import io.parley.job.JobOptions.StreamReader;
import io.parley.local.gateway.Impairment;
import io.parley.local.stack.StackOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options of commands that start a stack. */
public final class StackArguments {

    @Option(
            names = "--reader",
            paramLabel = "efo|polling",
            defaultValue = "EFO",
            description = "How the job reads the voice stream (default: efo).")
    StreamReader reader;

    @Option(
            names = "--shards",
            paramLabel = "N",
            defaultValue = "1",
            description = "Shards of the voice stream (default: 1).")
    int shards;

    @Option(
            names = "--archive-mode",
            paramLabel = "MODE",
            defaultValue = "CHUNK",
            description = "chunk, segment, both or off (default: chunk).")
    ArchiveMode archiveMode;

    @Option(
            names = "--events",
            paramLabel = "GRANULARITY",
            defaultValue = "UTTERANCE",
            description = "utterance, chunk or none (default: utterance).")
    EventGranularity events;

    @Option(
            names = "--impair",
            paramLabel = "loss=,delay=,jitter=,duplicate=,seed=",
            converter = ImpairmentConverter.class,
            description = "A bad network between the clients and the gateway.")
    Impairment impairment = Impairment.NONE;

    @Option(
            names = "--room",
            paramLabel = "KEY=VALUE",
            description = "A setting of docs/tuning.md, such as room.max-hold-ms=120; may be repeated.")
    Map<String, String> roomSettings = new LinkedHashMap<>();

    /** Checks the settings, so that a wrong one is told before anything starts. */
    public StackOptions options(Map<String, String> roomDefaults) {
        Map<String, String> settings = new LinkedHashMap<>(roomDefaults);
        settings.putAll(roomSettings);
        RoomOptions.of(settings);
        return StackOptions.onFreePorts()
                .withStream(reader, shards)
                .withArchive(archiveMode, events)
                .withImpairment(impairment)
                .withRoomSettings(settings);
    }

    static final class ImpairmentConverter implements ITypeConverter<Impairment> {
        @Override
        public Impairment convert(String text) {
            try {
                return Impairment.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
