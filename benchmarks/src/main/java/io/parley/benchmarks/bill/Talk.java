package io.parley.benchmarks.bill;

import io.parley.benchmarks.constants.Constant;
import io.parley.benchmarks.constants.Constants;
import io.parley.core.options.ArchiveMode;

/**
 * What rooms use that talk without a pause, in which everybody listens. An estimate: the constants are what it assumes,
 * and joins, texts, retries and cold starts are left out.
 *
 * @param people in each room; each has one connection and is posted every tick
 * @param speakers in each room at once
 * @param lanes of the job, on all its subtasks
 */
public record Talk(
        int rooms,
        int people,
        int speakers,
        int chunkMs,
        int tickMs,
        ArchiveMode archiveMode,
        int ingestMemoryMb,
        int broadcastMemoryMb,
        int lanes) {

    /** Opus at 24 kbit/s. */
    static final int FRAME_BYTES = 60;

    static final int FRAME_MS = 20;
    /** Of a chunk, a stream record, an object and a frame in a tick, beyond the frames. */
    static final int CHUNK_OVERHEAD_BYTES = 40;

    static final int RECORD_OVERHEAD_BYTES = 220;
    static final int OBJECT_OVERHEAD_BYTES = 200;
    static final int TICK_FRAME_OVERHEAD_BYTES = 10;
    /** A tick's names and hashes as JSON, and the WebSocket's and TLS's share. */
    static final int POST_OVERHEAD_BYTES = 400;
    /** Of an access to the gateway, and of an event. */
    static final int ACCESS_LOG_BYTES = 420;

    static final int EVENT_LOG_BYTES = 800;
    static final double UTTERANCE_SECONDS = 4;
    /** First and last chunk of an utterance: PENDING, PROCESSING, COMPLETED of each. */
    static final int EVENTS_AN_UTTERANCE = 6;

    private static final Constants CONSTANTS = Constants.load();

    static final double INGEST_SECONDS = CONSTANTS.of(Constant.INGEST_MS) / 1000;
    /** The audio Lambda waits for its object. */
    static final double ARCHIVE_SECONDS = CONSTANTS.of(Constant.ARCHIVE_MS) / 1000;

    static final double BROADCAST_CALL_SECONDS = CONSTANTS.of(Constant.BROADCAST_CALL_MS) / 1000;
    static final double BROADCAST_CPU_SECONDS_A_POST = CONSTANTS.of(Constant.BROADCAST_CPU_MS_A_POST) / 1000;
    /** As BROADCAST_CONCURRENCY is by default. */
    static final int POSTS_AT_A_TIME = 64;
    /** As job.checkpoint-interval-ms is by default: each room that talked has an object then. */
    static final double SEGMENT_SECONDS = 10;
    /** After how long ingest reads again who is in a room, before it has to. */
    static final double MEMBERSHIP_SECONDS = 0.8;

    static final double ROSTER_SECONDS = 30;
    static final double DATA_KEY_SECONDS = 300;
    /** As audio_retention_days is by default. */
    static final double RETENTION_MONTHS = 30 / 30.4;

    private static final double HOUR = 3600;
    private static final double GB = 1e9;

    public Talk {
        if (rooms < 1 || speakers < 1 || people < speakers) {
            throw new IllegalArgumentException(rooms + " rooms of " + people + " people with " + speakers
                    + " speakers: rooms and speakers must be at least 1, and speakers among the people");
        }
        if (chunkMs % FRAME_MS != 0 || tickMs % chunkMs != 0) {
            throw new IllegalArgumentException("chunkMs is " + chunkMs + " and tickMs " + tickMs
                    + ", but must be multiples of " + FRAME_MS + " and of chunkMs");
        }
    }

    public Usage perHour() {
        return messages()
                .plus(ingest())
                .plus(stream())
                .plus(archive())
                .plus(events())
                .plus(broadcast());
    }

    private double chunksASecond() {
        return rooms * speakers * 1000.0 / chunkMs;
    }

    private double ticksASecond() {
        return rooms * 1000.0 / tickMs;
    }

    private double postsASecond() {
        return ticksASecond() * people;
    }

    private double speechBytes(int ms) {
        return (double) ms / FRAME_MS * FRAME_BYTES;
    }

    private Usage messages() {
        double frames = (double) speakers * tickMs / FRAME_MS;
        double postBytes = POST_OVERHEAD_BYTES + frames * (FRAME_BYTES + TICK_FRAME_OVERHEAD_BYTES) * 4 / 3;
        return Usage.none()
                .plus(Item.WEBSOCKET_MESSAGES, (chunksASecond() + postsASecond()) * HOUR)
                .plus(Item.WEBSOCKET_CONNECTION_MINUTES, rooms * people * 60.0)
                .plus(Item.LOG_GB, chunksASecond() * HOUR * ACCESS_LOG_BYTES / GB)
                .plus(Item.DATA_OUT_GB, postsASecond() * HOUR * postBytes / GB);
    }

    /** How long an audio Lambda runs. */
    public static double ingestSeconds(ArchiveMode archiveMode) {
        return archiveMode.keepsChunks() ? ARCHIVE_SECONDS + INGEST_SECONDS : INGEST_SECONDS;
    }

    /** How long a broadcast to so many people runs: it waits for the posts, or computes. */
    public static double broadcastSeconds(int people) {
        double waves = Math.ceil((double) people / POSTS_AT_A_TIME);
        return Math.max(waves * BROADCAST_CALL_SECONDS, people * BROADCAST_CPU_SECONDS_A_POST);
    }

    /** How many run at a time, and so how many processes there are at least. */
    private double ingestProcesses() {
        return Math.ceil(chunksASecond() * ingestSeconds(archiveMode));
    }

    private Usage ingest() {
        // A speaker's chunks go to whichever process is free, and each process remembers for itself.
        double chunksOfOne = 1000.0 / chunkMs;
        double readsAChunk = 1 / (1 + MEMBERSHIP_SECONDS * chunksOfOne / ingestProcesses());
        return Usage.none()
                .plus(Item.LAMBDA_REQUESTS, chunksASecond() * HOUR)
                .plus(
                        Item.LAMBDA_ARM_GB_SECONDS,
                        chunksASecond() * HOUR * ingestSeconds(archiveMode) * ingestMemoryMb / 1024)
                .plus(Item.DYNAMODB_READS, 2 * readsAChunk * chunksASecond() * HOUR);
    }

    private Usage stream() {
        double recordBytes = speechBytes(chunkMs) + CHUNK_OVERHEAD_BYTES + RECORD_OVERHEAD_BYTES;
        return Usage.none()
                .plus(Item.KINESIS_PUT_UNITS, chunksASecond() * HOUR)
                .plus(Item.KINESIS_CONSUMER_GB, chunksASecond() * HOUR * recordBytes / GB);
    }

    private Usage archive() {
        Usage usage = Usage.none();
        if (archiveMode.keepsChunks()) {
            double bytes = speechBytes(chunkMs) + CHUNK_OVERHEAD_BYTES + OBJECT_OVERHEAD_BYTES;
            usage = usage.plus(Item.S3_PUTS, chunksASecond() * HOUR)
                    .plus(Item.S3_GB_MONTHS, chunksASecond() * HOUR * bytes / GB * RETENTION_MONTHS)
                    .plus(Item.KMS_REQUESTS, ingestProcesses() * HOUR / DATA_KEY_SECONDS);
        }
        if (archiveMode.keepsSegments()) {
            double bytes = rooms * speakers * (speechBytes(1000) + 50.0 * TICK_FRAME_OVERHEAD_BYTES);
            usage = usage.plus(Item.S3_PUTS, rooms * HOUR / SEGMENT_SECONDS)
                    .plus(Item.S3_GB_MONTHS, bytes * HOUR / GB * RETENTION_MONTHS)
                    .plus(Item.KMS_REQUESTS, HOUR / DATA_KEY_SECONDS);
        }
        return usage;
    }

    private Usage events() {
        double events = rooms * speakers / UTTERANCE_SECONDS * EVENTS_AN_UTTERANCE * HOUR;
        return Usage.none().plus(Item.EVENTS, events).plus(Item.LOG_GB, events * EVENT_LOG_BYTES / GB);
    }

    private Usage broadcast() {
        // A lane makes one call at a time; what waits meanwhile goes along in the next.
        double seconds = broadcastSeconds(people);
        double calls = Math.min(ticksASecond(), lanes / seconds);
        double processes = Math.ceil(calls * seconds);
        return Usage.none()
                .plus(Item.LAMBDA_REQUESTS, calls * HOUR)
                .plus(Item.LAMBDA_ARM_GB_SECONDS, calls * HOUR * seconds * broadcastMemoryMb / 1024)
                .plus(Item.DYNAMODB_READS, rooms * processes * HOUR / ROSTER_SECONDS);
    }
}
