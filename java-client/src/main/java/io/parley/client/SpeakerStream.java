package io.parley.client;

import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

/**
 * One speaker's frames into one room: numbers them, counts their offset in the talk spurt, and sends several as one
 * chunk. Give it nothing in silence; end each spurt with {@link #lastFrame} or {@link #endSpurt}.
 *
 * <p>After a new connection the next frame begins a new spurt. Frames that were collected for a chunk go by the old one
 * where that was replaced, and are lost where it was. Have one stream for a room and connection: two would use the same numbers. Not thread safe.
 */
public final class SpeakerStream {

    /** What a chunk may have so that its message stays under the limit, with room for the longest room id. */
    private static final int MAX_CHUNK_BYTES = (ClientMessages.MAX_BYTES - 150) / 4 * 3;

    private final VoiceClient client;
    private final Clock clock;
    private final String room;
    private final Codec codec;
    private final int frameDurationUs;
    private final int framesPerChunk;

    private int flags;
    private int nextSequence;
    private long spurtOffset;
    private int joins;
    private ChunkBuilder chunk;
    private int chunkBytes;
    private CompletableFuture<Void> chunkSent;

    SpeakerStream(VoiceClient client, Clock clock, String room, Codec codec, int frameDurationUs, int framesPerChunk) {
        if (framesPerChunk < 1 || (long) framesPerChunk * frameDurationUs > Chunk.MAX_DURATION_US) {
            throw new IllegalArgumentException(framesPerChunk + " frames of " + frameDurationUs
                    + " µs in a chunk, but a chunk must have at least one frame and at most " + Chunk.MAX_DURATION_US
                    + " µs");
        }
        this.client = client;
        this.clock = clock;
        this.room = room;
        this.codec = codec;
        this.frameDurationUs = frameDurationUs;
        this.framesPerChunk = framesPerChunk;
    }

    /** From now on chunks ask for their hop times ({@link VoiceTick#traces}). */
    public SpeakerStream traced() {
        flags |= Chunk.FLAG_TRACE;
        return this;
    }

    /** From now on chunks say that a key is held down to speak. */
    public SpeakerStream pushToTalk() {
        flags |= Chunk.FLAG_PUSH_TO_TALK;
        return this;
    }

    /** The number of the next frame; any is good to begin with. For before the first frame. */
    public SpeakerStream startingAt(long sequence) {
        nextSequence = (int) sequence;
        return this;
    }

    /** The number that the next frame will have, 0 .. 2^32-1. */
    public long nextSequence() {
        return Integer.toUnsignedLong(nextSequence);
    }

    /** A frame that was captured just now. */
    public CompletableFuture<Void> frame(int level, byte[] payload) {
        return frame(level, payload, clock.millis());
    }

    /**
     * Adds a frame, and sends the chunk if it is full.
     *
     * @param level in -dBov, 0 to 127
     * @param payload an Opus packet, or PCM of exactly the frame duration
     * @param captureTimeMs when the frame's recording began, in ms since the epoch
     * @return completes when the network has taken the chunk that the frame is in; fails as
     *     {@link VoiceClient#sendChunk} does
     */
    public CompletableFuture<Void> frame(int level, byte[] payload, long captureTimeMs) {
        return add(level, payload, captureTimeMs, false);
    }

    /** As {@link #frame(int, byte[], long)}, for the last frame of a spurt; sends at once. */
    public CompletableFuture<Void> lastFrame(int level, byte[] payload, long captureTimeMs) {
        return add(level, payload, captureTimeMs, true);
    }

    /**
     * Ends the spurt: sends what is collected, marked as the end. Where nothing is, the server finds out by a timeout
     * that the speaker has stopped; {@link #lastFrame} spares that.
     */
    public void endSpurt() {
        send(true);
        spurtOffset = 0;
    }

    private CompletableFuture<Void> add(int level, byte[] payload, long captureTimeMs, boolean last) {
        beginAnewAfterJoin();
        if (chunk != null && chunkBytes + Chunk.FRAME_HEADER_BYTES + payload.length > MAX_CHUNK_BYTES) {
            send(false);
        }
        if (chunk == null) {
            chunk = new ChunkBuilder(codec, frameDurationUs, nextSequence, spurtOffset, captureTimeMs);
            chunkBytes = Chunk.HEADER_BYTES;
            chunkSent = new CompletableFuture<>();
        }
        CompletableFuture<Void> sent = chunkSent;
        chunk.frame(level, payload);
        chunkBytes += Chunk.FRAME_HEADER_BYTES + payload.length;
        nextSequence++;
        if (last || chunk.frameCount() == framesPerChunk) {
            send(last);
        }
        return sent;
    }

    /** A new connection is a new numbering, in which nobody waits for the frames of the old one. */
    private void beginAnewAfterJoin() {
        int now = client.joins(room);
        if (now != joins) {
            send(true);
            spurtOffset = 0;
            joins = now;
        }
    }

    private void send(boolean endOfSpurt) {
        if (chunk == null) {
            return;
        }
        spurtOffset = endOfSpurt ? 0 : spurtOffset + chunk.frameCount();
        chunk.flag(flags | (endOfSpurt ? Chunk.FLAG_END_OF_SPURT : 0));
        CompletableFuture<Void> sent = chunkSent;
        client.sendChunk(room, chunk.build(), joins).whenComplete((done, failure) -> {
            if (failure == null) {
                sent.complete(null);
            } else {
                sent.completeExceptionally(failure);
            }
        });
        chunk = null;
    }
}
