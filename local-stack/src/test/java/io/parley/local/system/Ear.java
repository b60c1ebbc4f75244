package io.parley.local.system;

import io.parley.client.LostFrames;
import io.parley.client.VoiceError;
import io.parley.client.VoiceFrame;
import io.parley.client.VoiceListener;
import io.parley.client.VoiceTick;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a client got. Written on its client's thread, read by the test. */
final class Ear implements VoiceListener {

    /** By participant, in the order in which they came. */
    final Map<String, List<Integer>> sequences = Collections.synchronizedMap(new LinkedHashMap<>());

    /** By participant, the numbers that were declared as lost. */
    final Map<String, List<Integer>> lost = Collections.synchronizedMap(new LinkedHashMap<>());

    /** By participant:number, System.nanoTime() of when the frame came. */
    final Map<String, Long> heardAtNs = new ConcurrentHashMap<>();

    /** Hashes by epoch/tick. */
    final Map<String, String> ticks = new ConcurrentHashMap<>();

    final Set<Long> epochs = ConcurrentHashMap.newKeySet();
    final List<String> altered = Collections.synchronizedList(new ArrayList<>());
    final List<String> errors = Collections.synchronizedList(new ArrayList<>());

    private volatile int frames;
    private volatile int losses;
    private volatile int missedTicks;
    private volatile int chainBreaks;

    /** An Opus frame that says whose it is and which; what is not so was altered. */
    static byte[] payload(String participant, int sequence) {
        byte[] name = ("voice of " + participant).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(5 + name.length)
                .put((byte) (19 << 3))
                .putInt(sequence)
                .put(name)
                .array();
    }

    int frames() {
        return frames;
    }

    int losses() {
        return losses;
    }

    int missedTicks() {
        return missedTicks;
    }

    int chainBreaks() {
        return chainBreaks;
    }

    /** The numbers of a participant's frames so far; a copy. */
    List<Integer> heard(String participant) {
        List<Integer> heard = sequences.getOrDefault(participant, List.of());
        synchronized (heard) {
            return List.copyOf(heard);
        }
    }

    /** The numbers of a participant's frames that were declared as lost so far; a copy. */
    List<Integer> lost(String participant) {
        List<Integer> numbers = lost.getOrDefault(participant, List.of());
        synchronized (numbers) {
            return List.copyOf(numbers);
        }
    }

    @Override
    public void onFrame(VoiceFrame frame) {
        int sequence = (int) frame.sequence();
        sequences
                .computeIfAbsent(frame.participant(), p -> Collections.synchronizedList(new ArrayList<>()))
                .add(sequence);
        if (!Arrays.equals(frame.payload(), payload(frame.participant(), sequence))) {
            altered.add(frame.participant() + ":" + sequence);
        }
        heardAtNs.put(frame.participant() + ":" + sequence, System.nanoTime());
        frames++;
    }

    @Override
    public void onLost(LostFrames lost) {
        List<Integer> numbers = this.lost.computeIfAbsent(
                lost.speaker().participant(), p -> Collections.synchronizedList(new ArrayList<>()));
        for (int i = 0; i < lost.count(); i++) {
            numbers.add((int) lost.firstSequence() + i);
        }
        losses += (int) lost.count();
    }

    @Override
    public void onTick(VoiceTick tick) {
        ticks.put(tick.epoch() + "/" + tick.tick(), HexFormat.of().formatHex(tick.hash()));
        epochs.add(tick.epoch());
    }

    @Override
    public void onMissedTicks(String room, long count) {
        missedTicks += (int) count;
    }

    @Override
    public void onChainBreak(String room, long epoch, long tick) {
        chainBreaks++;
    }

    @Override
    public void onError(VoiceError error) {
        errors.add(error.code());
    }
}
