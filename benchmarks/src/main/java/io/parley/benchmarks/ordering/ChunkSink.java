package io.parley.benchmarks.ordering;

import java.io.Serializable;

/** Counts what comes out chunk by chunk. A chunk's wait is from the source until it is here. */
@SuppressWarnings("deprecation") // sinks as functions, see ReplaySource
final class ChunkSink<T> extends CountingSink<T> {

    private static final long serialVersionUID = 1L;

    /** When the source gave the element, µs. */
    @FunctionalInterface
    interface SourceTime<T> extends Serializable {
        long us(T element);
    }

    private final SourceTime<T> sourceTime;

    ChunkSink(int run, SourceTime<T> sourceTime) {
        super(run);
        this.sourceTime = sourceTime;
    }

    @Override
    public void invoke(T element, Context context) {
        frames += shared.framesPerChunk();
        if (real) {
            waited(WallClock.nowUs() - sourceTime.us(element));
        }
    }
}
