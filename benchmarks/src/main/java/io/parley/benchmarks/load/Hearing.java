package io.parley.benchmarks.load;

import java.util.BitSet;

/** What one listener hears of one speaker. Of one thread. */
final class Hearing {

    private final SpeechPlan plan;
    private final long playoutUs;
    private final long frameUs;
    private final BitSet heard;
    /** The spurt that is playing, from which frame on it was heard, and when that was played. */
    private int spurt = -1;

    private int spurtFrame;
    private long spurtPlaysAtUs;
    private int lastChunk = -1;
    private long delivered;
    private long late;
    private long duplicated;
    private long declaredLost;

    Hearing(SpeechPlan plan, LoadSettings settings) {
        this.plan = plan;
        this.playoutUs = settings.playoutMs() * 1000L;
        this.frameUs = settings.frameMs() * 1000L;
        this.heard = new BitSet(plan.frames());
    }

    /**
     * Takes a frame that came.
     *
     * @return the index of the chunk, if this is the first that came of one that is measured; else -1
     */
    int hear(int frame, long nowUs) {
        if (frame < 0 || frame >= plan.frames()) {
            return -1;
        }
        int index = plan.chunkOf(frame);
        boolean measured = plan.isMeasured(index);
        if (heard.get(frame)) {
            duplicated += measured ? 1 : 0;
            return -1;
        }
        heard.set(frame);
        SpeechPlan.Chunk chunk = plan.chunk(index);
        if (chunk.spurt() > spurt) {
            spurt = chunk.spurt();
            spurtFrame = frame;
            spurtPlaysAtUs = nowUs + playoutUs;
        }
        boolean inTime = chunk.spurt() == spurt && nowUs <= spurtPlaysAtUs + (frame - spurtFrame) * frameUs;
        if (!measured) {
            return -1;
        }
        delivered++;
        late += inTime ? 0 : 1;
        boolean firstOfChunk = index != lastChunk;
        lastChunk = index;
        return firstOfChunk ? index : -1;
    }

    void declareLost(int firstFrame, int count) {
        int from = Math.max(firstFrame, plan.firstMeasuredFrame());
        declaredLost += Math.max(0, Math.min(firstFrame + count, plan.frames()) - from);
    }

    /** How many frames there were to be heard. */
    long expected() {
        return plan.frames() - plan.firstMeasuredFrame();
    }

    long delivered() {
        return delivered;
    }

    long late() {
        return late;
    }

    long duplicated() {
        return duplicated;
    }

    long declaredLost() {
        return declaredLost;
    }
}
