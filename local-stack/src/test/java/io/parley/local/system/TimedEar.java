package io.parley.local.system;

import io.parley.client.VoiceError;
import io.parley.client.VoiceFrame;
import io.parley.client.VoiceListener;
import io.parley.client.VoiceTick;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What a client was given to play, and when the message that brought it came. Guarded by itself. */
final class TimedEar implements VoiceListener {

    /** A frame that was played, with when it was received in ms. */
    record Played(FrameId frame, long epoch, long receivedMs) {}

    /** A tick that was played, with when it was received in ms; the hash in hexadecimal. */
    record PlayedTick(String room, long epoch, long tick, String hash, long receivedMs) {}

    private final List<VoiceFrame> ofThisTick = new ArrayList<>();
    private final List<Played> played = new ArrayList<>();
    private final List<PlayedTick> ticks = new ArrayList<>();
    private int chainBreaks;
    private final List<String> errors = new ArrayList<>();

    /** All frames so far, in the order in which they were played; a copy. */
    synchronized List<Played> played() {
        return List.copyOf(played);
    }

    /** All ticks so far; a copy. */
    synchronized List<PlayedTick> ticks() {
        return List.copyOf(ticks);
    }

    synchronized int chainBreaks() {
        return chainBreaks;
    }

    synchronized List<String> errors() {
        return List.copyOf(errors);
    }

    @Override
    public synchronized void onFrame(VoiceFrame frame) {
        ofThisTick.add(frame);
    }

    @Override
    public synchronized void onTick(VoiceTick tick) {
        long receivedMs = tick.receivedUs() / 1_000;
        for (VoiceFrame frame : ofThisTick) {
            played.add(new Played(
                    new FrameId(tick.room(), frame.participant(), (int) frame.sequence()), tick.epoch(), receivedMs));
        }
        ofThisTick.clear();
        ticks.add(new PlayedTick(
                tick.room(), tick.epoch(), tick.tick(), HexFormat.of().formatHex(tick.hash()), receivedMs));
    }

    @Override
    public synchronized void onChainBreak(String room, long epoch, long tick) {
        chainBreaks++;
    }

    @Override
    public synchronized void onError(VoiceError error) {
        errors.add(error.code());
    }
}
