package io.parley.benchmarks.size;

import io.parley.core.options.ArchiveMode;

/**
 * What a deployment is for: rooms that talk without a pause, in which everybody listens. The bounds are those of the
 * job's options and of a shard.
 *
 * @param people in each room, the speakers among them
 * @param speakers in each room at once
 */
public record Demand(int rooms, int people, int speakers, int chunkMs, int tickMs, ArchiveMode archiveMode) {

    private static final int FRAME_MS = 20;
    private static final int MAX_CHUNK_MS = 200;
    private static final int MAX_TICK_MS = 1_000;
    private static final int MAX_MEMBERS = 1_000;
    private static final int SHARD_RECORDS_A_SECOND = 1_000;

    public Demand {
        if (rooms < 1 || speakers < 1 || people < speakers) {
            throw new IllegalArgumentException(rooms + " rooms of " + people + " people with " + speakers
                    + " speakers: rooms and speakers must be at least 1, and speakers among the people");
        }
        if (people > MAX_MEMBERS) {
            throw new IllegalArgumentException(
                    people + " people are in a room, but a room takes 1,000 connections at most");
        }
        if (chunkMs < FRAME_MS || chunkMs > MAX_CHUNK_MS || chunkMs % FRAME_MS != 0) {
            throw new IllegalArgumentException(
                    "chunks are of " + chunkMs + " ms, but must be of 20 to 200 and a multiple of 20");
        }
        if (tickMs < chunkMs || tickMs > MAX_TICK_MS || tickMs % chunkMs != 0) {
            throw new IllegalArgumentException("ticks are of " + tickMs
                    + " ms, but must be of at most 1,000 and a multiple of the chunks' " + chunkMs);
        }
        if (speakers * 1_000 / chunkMs > SHARD_RECORDS_A_SECOND) {
            throw new IllegalArgumentException(speakers + " speakers of a room send " + speakers * 1_000 / chunkMs
                    + " records a second, but a room lives on one shard, which takes 1,000: take longer chunks");
        }
    }

    Demand withRooms(int other) {
        return new Demand(other, people, speakers, chunkMs, tickMs, archiveMode);
    }

    double chunksASecond() {
        return rooms * speakers * 1000.0 / chunkMs;
    }

    double ticksASecond() {
        return rooms * 1000.0 / tickMs;
    }

    double postsASecond() {
        return ticksASecond() * people;
    }
}
