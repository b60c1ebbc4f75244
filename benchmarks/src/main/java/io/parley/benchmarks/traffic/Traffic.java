package io.parley.benchmarks.traffic;

import com.google.protobuf.UnsafeByteOperations;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Trace;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Everybody in some rooms speaks without a pause: the same records for the same parameters, on every machine.
 *
 * <p>Frames are 20 ms of Opus in 60 to 80 bytes, so a record with five of them has some 480. Each speaker begins at a
 * point of its own within the first chunk, and sends a chunk when its last frame is spoken. The gateway gets the
 * chunks of a connection in order; what comes after it ({@link Delays}) may change the order. The records are sorted
 * by delivery. They have in them what ingest writes with its default settings: hop times only where they are asked
 * for, and status events for the first and last chunk of a spurt.
 *
 * @param rooms how many rooms
 * @param speakers how many speakers each room has
 * @param chunks how many chunks each speaker sends
 * @param framesPerChunk how many frames a chunk has
 * @param delays from the gateway to the job
 * @param traced whether each chunk asks for its hop times
 * @param seed of everything that is drawn
 */
public record Traffic(
        int rooms, int speakers, int chunks, int framesPerChunk, Delays delays, boolean traced, long seed) {

    /** When the first speaker begins: a time in the past, so that no wall clock has to do with it. */
    public static final long START_MS = 1_790_000_000_000L;

    public static final int FRAME_US = 20_000;

    private static final int MIN_PAYLOAD = 60;
    private static final int MAX_PAYLOAD = 80;
    /** SILK, 20 ms, one frame: RFC 6716 §3.1. */
    private static final byte OPUS_20_MS = 0x48;

    private static final Permissions SPEAKER =
            Permissions.newBuilder().setSpeak(true).setListen(true).build();

    public Traffic {
        if (rooms < 1 || speakers < 1 || chunks < 1 || framesPerChunk < 1 || framesPerChunk > 10) {
            throw new IllegalArgumentException("rooms, speakers and chunks must be 1 or more, framesPerChunk 1 to 10");
        }
    }

    public long records() {
        return (long) rooms * speakers * chunks;
    }

    public long frames() {
        return records() * framesPerChunk;
    }

    public Voice[] generate() {
        RandomGenerator random = new SplittableRandom(seed);
        Voice[] voices = new Voice[Math.toIntExact(records())];
        long chunkUs = (long) framesPerChunk * FRAME_US;
        int at = 0;
        for (int room = 0; room < rooms; room++) {
            for (int speaker = 0; speaker < speakers; speaker++) {
                String roomId = "room-" + room;
                String participant = "speaker-" + room + '-' + speaker;
                String connection = "connection-" + room + '-' + speaker;
                long phaseUs = random.nextLong(chunkUs);
                for (int i = 0; i < chunks; i++) {
                    long captureUs = START_MS * 1000 + phaseUs + i * chunkUs;
                    long gatewayUs = captureUs + chunkUs;
                    long deliveredUs = gatewayUs + delays.sampleUs(random);
                    byte[] chunk = chunk(i, captureUs / 1000, random);
                    StreamRecord.Builder record = StreamRecord.newBuilder()
                            .setVersion(1)
                            .setKind(StreamRecord.Kind.AUDIO)
                            .setRoom(roomId)
                            .setParticipant(participant)
                            .setConnection(connection)
                            .setRequestId("request-" + at)
                            .setArrivalTimeMs(gatewayUs / 1000)
                            .setPermissions(SPEAKER)
                            .setControlVersion(1)
                            .setReportStatus(i == 0 || i == chunks - 1)
                            .setChunk(UnsafeByteOperations.unsafeWrap(chunk));
                    if (traced) {
                        record.setTrace(Trace.newBuilder()
                                .setGatewayUs(gatewayUs)
                                .setIngestUs(gatewayUs)
                                .setStreamUs(deliveredUs));
                    }
                    voices[at++] = new Voice(record.build(), chunk, deliveredUs);
                }
            }
        }
        Arrays.sort(voices, Comparator.comparingLong(Voice::deliveredUs));
        return voices;
    }

    private byte[] chunk(int index, long captureMs, RandomGenerator random) {
        int sequence = index * framesPerChunk;
        ChunkBuilder chunk = new ChunkBuilder(Codec.OPUS, FRAME_US, sequence, sequence, captureMs);
        if (traced) {
            chunk.flag(Chunk.FLAG_TRACE);
        }
        byte[] payload = new byte[MAX_PAYLOAD];
        for (int i = 0; i < framesPerChunk; i++) {
            random.nextBytes(payload);
            payload[0] = OPUS_20_MS;
            chunk.frame(random.nextInt(20, 60), payload, 0, random.nextInt(MIN_PAYLOAD, MAX_PAYLOAD + 1));
        }
        if (index == chunks - 1) {
            chunk.flag(Chunk.FLAG_END_OF_SPURT);
        }
        return chunk.build();
    }
}
