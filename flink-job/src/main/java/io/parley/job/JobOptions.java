package io.parley.job;

import io.parley.core.event.SendAudioEvent;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.core.options.Option;
import io.parley.core.options.OptionException;
import io.parley.core.options.OptionValues;
import io.parley.core.options.RoomOptions;
import io.parley.core.options.SystemOptions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;

/**
 * All settings of the job, read from the property groups of Managed Service for Apache Flink (or from the same JSON
 * in a file). An unknown group or key, or a value out of range, stops the start with an {@link OptionException}.
 * Immutable; serializable because it is shipped with the job graph.
 */
public final class JobOptions implements Serializable {

    private static final long serialVersionUID = 1L;

    /** How the voice stream is read. */
    public enum StreamReader {
        /** Enhanced fan-out: pushed, within milliseconds. */
        EFO,
        /** GetRecords, at most five a second for each shard. */
        POLLING
    }

    /**
     * Who registers the job as an EFO consumer. The connector's third way, LAZY, is left out: there the tasks take the
     * registration back when they stop, take the refusal that follows for the end of their shards, and write that into
     * the savepoint, after which the job never reads again.
     */
    public enum ConsumerRegistration {
        /** Somebody else did: {@link #CONSUMER_ARN} is needed. */
        NONE,
        /** Whoever submits the job does; it stays registered. */
        EAGER
    }

    /** Where a job without state begins to read. */
    public enum InitialPosition {
        LATEST,
        TRIM_HORIZON
    }

    public static final Option<String> STREAM_NAME = Option.required("stream.name", "The voice stream.");
    public static final Option<StreamReader> STREAM_READER =
            Option.choice("stream.reader", StreamReader.EFO, "How the stream is read: efo or polling.");
    public static final Option<String> CONSUMER_NAME =
            Option.text("stream.consumer-name", "parley-job", "Name of the EFO consumer.");
    public static final Option<ConsumerRegistration> CONSUMER_REGISTRATION = Option.choice(
            "stream.consumer-registration",
            ConsumerRegistration.EAGER,
            "Who registers the EFO consumer: none (it exists: stream.consumer-arn) or eager (the job's submission).");
    public static final Option<String> CONSUMER_ARN =
            Option.text("stream.consumer-arn", "", "ARN of the EFO consumer; needed where the registration is none.");
    public static final Option<InitialPosition> INITIAL_POSITION = Option.choice(
            "stream.initial-position",
            InitialPosition.LATEST,
            "Where a job without state begins: latest or trim-horizon.");
    public static final Option<Integer> POLL_INTERVAL = Option.integer(
            "stream.poll-interval-ms", 200, 5, 10_000, "Polling: between reads of a shard; AWS allows 5 a second.");
    public static final Option<Integer> DISCOVERY_INTERVAL = Option.integer(
            "stream.discovery-interval-ms",
            200,
            100,
            600_000,
            "How often new shards are looked for: one ListShards each time, of 1,000 a second that a stream allows.");

    public static final Option<String> AWS_REGION = Option.required("aws.region", "The region of everything.");
    public static final Option<String> AWS_ENDPOINT =
            Option.text("aws.endpoint", "", "One endpoint instead of those of AWS, such as http://127.0.0.1:4566.");
    public static final Option<String> ACCESS_KEY_ID =
            Option.text("aws.access-key-id", "", "Credentials of a local stack; on AWS the job's role is used.");
    public static final Option<String> SECRET_ACCESS_KEY =
            Option.text("aws.secret-access-key", "", "Belongs to aws.access-key-id.");

    public static final Option<Integer> EVICT_IDLE = Option.integer(
            "room.evict-idle-ms", 60_000, 1_000, 86_400_000, "A room idle for so long leaves the heap, not the state.");

    public static final Option<String> BROADCAST_FUNCTION =
            Option.required("broadcast.function", "Name or ARN of the broadcast Lambda.");
    public static final Option<Integer> LANES = Option.integer(
            "broadcast.lanes", 16, 1, 256, "Calls that a subtask has in flight at most; a room has one.");
    public static final Option<Integer> CALL_TIMEOUT = Option.integer(
            "broadcast.call-timeout-ms", 800, 50, 60_000, "When a call is given up; under room.playout-deadline-ms.");
    public static final Option<Integer> MAX_WAITING_TICKS = Option.integer(
            "broadcast.max-waiting-ticks", 200, 1, 10_000, "Ticks that wait in a lane before the oldest is dropped.");

    public static final Option<String> AUDIO_BUCKET =
            Option.text("AUDIO_BUCKET", "", "The bucket of chunks and segments; needed where segments are kept.");
    public static final Option<String> AUDIO_KEY_ID =
            Option.text("AUDIO_KEY_ID", "", "The KMS key that seals segments; needed where segments are kept.");
    public static final Option<Integer> MAX_SEGMENT_BYTES = Option.integer(
            "log.max-segment-bytes", 1 << 20, 64 << 10, 16 << 20, "A segment is closed before it is larger.");
    public static final Option<Integer> UPLOADS =
            Option.integer("log.uploads", 16, 1, 256, "Segments that a subtask uploads at a time.");
    public static final Option<Integer> MAX_SPOOL_BYTES = Option.integer(
            "log.max-spool-bytes",
            64 << 20,
            1 << 20,
            1 << 30,
            "Segments not yet in the store that a subtask keeps, and checkpoints, before the oldest is dropped.");
    public static final Option<Integer> END_WAIT = Option.integer(
            "log.end-wait-ms", 10_000, 0, 60_000, "How long a job that is stopped or at its end waits for uploads.");

    public static final Option<Integer> MAX_WAITING_EVENTS = Option.integer(
            "events.max-waiting", 10_000, 10, 1_000_000, "Events that wait in a subtask before the oldest is dropped.");

    public static final Option<Integer> PARALLELISM =
            Option.integer("job.parallelism", 0, 0, 512, "Subtasks of each operator; 0: as the cluster says.");
    public static final Option<Integer> MAX_PARALLELISM = Option.integer(
            "job.max-parallelism", 128, 1, 32_768, "Bound of the parallelism; never changes in a job's life.");
    public static final Option<Integer> CHECKPOINT_INTERVAL =
            Option.integer("job.checkpoint-interval-ms", 10_000, 100, 600_000, "Between checkpoints.");
    public static final Option<Integer> BUFFER_TIMEOUT = Option.integer(
            "job.buffer-timeout-ms", 2, 0, 1_000, "How long Flink may collect records before it sends them on.");

    /** Every option by its property group, for the documentation. */
    public static final Map<String, List<Option<?>>> GROUPS = groups();

    /** Managed Flink adds groups of its own under this prefix. */
    private static final String PLATFORM_GROUPS = "kinesis.analytics.";

    private final Map<String, String> values;
    private final RoomOptions rooms;
    private final ArchiveMode archiveMode;
    private final EventGranularity eventGranularity;

    private JobOptions(Map<String, String> values) {
        this.values = new HashMap<>(values);
        OptionValues read = OptionValues.lenient(values);
        GROUPS.values().forEach(group -> group.forEach(read::get));
        this.rooms = RoomOptions.from(read);
        this.archiveMode = read.get(SystemOptions.ARCHIVE_MODE);
        this.eventGranularity = read.get(SystemOptions.EVENT_GRANULARITY);
        check();
    }

    /** Reads property groups; throws {@link OptionException}. */
    public static JobOptions of(Map<String, Properties> groups) {
        TreeSet<String> unknown = new TreeSet<>(groups.keySet());
        unknown.removeAll(GROUPS.keySet());
        unknown.removeIf(group -> group.startsWith(PLATFORM_GROUPS));
        if (!unknown.isEmpty()) {
            throw new OptionException("unknown property group " + unknown + "; there are " + GROUPS.keySet());
        }
        Map<String, String> all = new HashMap<>();
        GROUPS.forEach((group, options) -> {
            Map<String, String> given = texts(groups.getOrDefault(group, new Properties()));
            try {
                OptionValues.strict(given, options);
            } catch (OptionException e) {
                throw new OptionException("property group " + group + ": " + e.getMessage());
            }
            all.putAll(given);
        });
        return new JobOptions(all);
    }

    /** The checked value, or the default. Reads the text anew: for the start, not for every frame. */
    public <T> T get(Option<T> option) {
        return OptionValues.lenient(values).get(option);
    }

    public RoomOptions rooms() {
        return rooms;
    }

    public ArchiveMode archiveMode() {
        return archiveMode;
    }

    /** Whether events of that status are published at all; which chunks are reported is decided by ingest. */
    public boolean publishes(SendAudioEvent.Status status) {
        return status == SendAudioEvent.Status.FAILED || eventGranularity != EventGranularity.NONE;
    }

    private void check() {
        if (get(CALL_TIMEOUT) >= rooms.playoutDeadlineMs()) {
            throw new OptionException(CALL_TIMEOUT.key() + " is " + get(CALL_TIMEOUT) + ", but must be under "
                    + RoomOptions.PLAYOUT_DEADLINE.key() + ", which is " + rooms.playoutDeadlineMs());
        }
        if (get(PARALLELISM) > get(MAX_PARALLELISM)) {
            throw new OptionException(PARALLELISM.key() + " is " + get(PARALLELISM) + ", but must not be over "
                    + MAX_PARALLELISM.key() + ", which is " + get(MAX_PARALLELISM));
        }
        if (get(STREAM_READER) == StreamReader.EFO
                && get(CONSUMER_REGISTRATION) == ConsumerRegistration.NONE
                && get(CONSUMER_ARN).isEmpty()) {
            throw new OptionException(CONSUMER_ARN.key() + " is not set, but is needed where "
                    + CONSUMER_REGISTRATION.key() + " is none");
        }
        if (get(ACCESS_KEY_ID).isEmpty() != get(SECRET_ACCESS_KEY).isEmpty()) {
            throw new OptionException(
                    ACCESS_KEY_ID.key() + " and " + SECRET_ACCESS_KEY.key() + " are set together or not at all");
        }
        if (archiveMode().keepsSegments()
                && (get(AUDIO_BUCKET).isEmpty() || get(AUDIO_KEY_ID).isEmpty())) {
            throw new OptionException(AUDIO_BUCKET.key() + " and " + AUDIO_KEY_ID.key() + " must be set where "
                    + SystemOptions.ARCHIVE_MODE.key() + " keeps segments");
        }
    }

    private static Map<String, List<Option<?>>> groups() {
        Map<String, List<Option<?>>> groups = new LinkedHashMap<>();
        groups.put(
                "parley.source",
                List.of(
                        STREAM_NAME,
                        STREAM_READER,
                        CONSUMER_NAME,
                        CONSUMER_REGISTRATION,
                        CONSUMER_ARN,
                        INITIAL_POSITION,
                        POLL_INTERVAL,
                        DISCOVERY_INTERVAL));
        groups.put("parley.aws", List.of(AWS_REGION, AWS_ENDPOINT, ACCESS_KEY_ID, SECRET_ACCESS_KEY));
        List<Option<?>> rooms = new ArrayList<>(RoomOptions.ALL);
        rooms.add(EVICT_IDLE);
        groups.put("parley.rooms", List.copyOf(rooms));
        groups.put("parley.broadcast", List.of(BROADCAST_FUNCTION, LANES, CALL_TIMEOUT, MAX_WAITING_TICKS));
        groups.put(
                "parley.log",
                List.of(
                        SystemOptions.ARCHIVE_MODE,
                        AUDIO_BUCKET,
                        AUDIO_KEY_ID,
                        MAX_SEGMENT_BYTES,
                        UPLOADS,
                        MAX_SPOOL_BYTES,
                        END_WAIT));
        groups.put(
                "parley.events",
                List.of(
                        SystemOptions.EVENT_GRANULARITY,
                        SystemOptions.EVENT_BUS_NAME,
                        SystemOptions.EVENT_SOURCE,
                        SystemOptions.EVENT_DETAIL_TYPE,
                        MAX_WAITING_EVENTS));
        groups.put("parley.job", List.of(PARALLELISM, MAX_PARALLELISM, CHECKPOINT_INTERVAL, BUFFER_TIMEOUT));
        return Collections.unmodifiableMap(groups);
    }

    private static Map<String, String> texts(Properties properties) {
        Map<String, String> texts = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> texts.put(key, properties.getProperty(key)));
        return texts;
    }
}
