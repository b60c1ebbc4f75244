package io.parley.benchmarks.load;

import io.parley.benchmarks.load.TalkPattern.Spurt;
import java.util.Arrays;
import java.util.List;

/**
 * When one speaker sends which chunk. It is drawn before the run and does not depend on what the system does: a chunk that
 * goes out late counts from when it was due. Frames are numbered from 0 over all spurts. Immutable.
 */
final class SpeechPlan {

    /** A chunk is due when its last frame has been spoken. */
    record Chunk(long dueUs, int firstFrame, int frames, int spurt, int offset, boolean endsSpurt) {}

    private final Chunk[] chunks;
    private final int[] chunkOfFrame;
    private final int firstMeasured;

    private SpeechPlan(Chunk[] chunks, int[] chunkOfFrame, int firstMeasured) {
        this.chunks = chunks;
        this.chunkOfFrame = chunkOfFrame;
        this.firstMeasured = firstMeasured;
    }

    /** What is due after the end of the run is left out. */
    static SpeechPlan of(List<Spurt> spurts, LoadSettings settings) {
        Chunk[] chunks = new Chunk[16];
        int count = 0;
        int frame = 0;
        for (int spurt = 0; spurt < spurts.size(); spurt++) {
            int left = (int) Math.max(1, spurts.get(spurt).ms() / settings.frameMs());
            int offset = 0;
            while (left > 0) {
                int frames = Math.min(left, settings.framesPerChunk());
                left -= frames;
                long dueMs = spurts.get(spurt).fromMs() + (long) (offset + frames) * settings.frameMs();
                if (dueMs >= settings.wholeMs()) {
                    break;
                }
                if (count == chunks.length) {
                    chunks = Arrays.copyOf(chunks, count * 2);
                }
                chunks[count++] = new Chunk(dueMs * 1000, frame, frames, spurt, offset, left == 0);
                offset += frames;
                frame += frames;
            }
        }
        int[] chunkOfFrame = new int[frame];
        int firstMeasured = count;
        for (int i = count - 1; i >= 0; i--) {
            Arrays.fill(chunkOfFrame, chunks[i].firstFrame, chunks[i].firstFrame + chunks[i].frames, i);
            if (chunks[i].dueUs >= settings.warmUpSeconds() * 1_000_000L) {
                firstMeasured = i;
            }
        }
        return new SpeechPlan(Arrays.copyOf(chunks, count), chunkOfFrame, firstMeasured);
    }

    int chunks() {
        return chunks.length;
    }

    Chunk chunk(int index) {
        return chunks[index];
    }

    int frames() {
        return chunkOfFrame.length;
    }

    int chunkOf(int frame) {
        return chunkOfFrame[frame];
    }

    /** Whether the chunk is due after the warm-up. */
    boolean isMeasured(int chunk) {
        return chunk >= firstMeasured;
    }

    /** From which frame on frames are measured. */
    int firstMeasuredFrame() {
        return firstMeasured == chunks.length ? frames() : chunks[firstMeasured].firstFrame;
    }
}
