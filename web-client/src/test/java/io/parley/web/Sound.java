package io.parley.web;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.parley.local.audio.Pcm;
import io.parley.local.audio.SpeechClip;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/**
 * Samples at 48 kHz, and when the first of them was, by the wall clock.
 *
 * @param startMs ms since the epoch
 */
record Sound(float[] samples, double startMs) {

    static final int RATE = Pcm.RATE;

    private static final Map<String, Sound> VOICES = new ConcurrentHashMap<>();

    /** A bundled voice, from time 0, and a pause. Nobody may change its samples. */
    static Sound ofVoice(String name) {
        return VOICES.computeIfAbsent(name, Sound::decoded);
    }

    private static Sound decoded(String name) {
        SpeechClip clip = SpeechClip.bundled().stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
        Sound voice =
                ofOpus(clip.frames().stream().map(SpeechClip.Frame::payload).toList());
        return new Sound(Arrays.copyOf(voice.samples(), voice.samples().length + RATE), 0);
    }

    /** Packets of 20 ms, from time 0. */
    static Sound ofOpus(List<byte[]> packets) {
        try {
            return decoded(packets, new OpusDecoder(RATE, 1));
        } catch (OpusException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Sound decoded(List<byte[]> packets, OpusDecoder decoder) throws OpusException {
        short[] pcm = new short[Pcm.FRAME];
        float[] samples = new float[packets.size() * Pcm.FRAME];
        int at = 0;
        for (byte[] packet : packets) {
            int count = decoder.decode(packet, 0, packet.length, pcm, 0, Pcm.FRAME, false);
            for (int i = 0; i < count; i++) {
                samples[at++] = pcm[i] / 32_768f;
            }
        }
        return new Sound(Arrays.copyOf(samples, at), 0);
    }

    static Sound ofPcm16(byte[] littleEndian, double startMs) {
        ShortBuffer shorts =
                ByteBuffer.wrap(littleEndian).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        float[] samples = new float[shorts.remaining()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = shorts.get(i) / 32_768f;
        }
        return new Sound(samples, startMs);
    }

    void writeWav(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(samples.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (float sample : samples) {
            bytes.putShort((short) Math.round(sample * 32_767));
        }
        try (AudioInputStream in = new AudioInputStream(
                new ByteArrayInputStream(bytes.array()), new AudioFormat(RATE, 16, 1, true, false), samples.length)) {
            AudioSystem.write(in, AudioFileFormat.Type.WAVE, file.toFile());
        }
    }

    double seconds() {
        return samples.length / (double) RATE;
    }

    /** The same sound over and over, for so many seconds. */
    Sound repeated(double forSeconds) {
        float[] all = new float[(int) (forSeconds * RATE)];
        for (int i = 0; i < all.length; i++) {
            all[i] = samples[i % samples.length];
        }
        return new Sound(all, startMs);
    }

    /**
     * This sound over and over, with the wall clock as a microphone heard it that played it so: what was really said
     * at any time around then.
     */
    Sound asSaidInto(Sound microphone) {
        double periodMs = seconds() * 1_000;
        Sound window = microphone.part(Math.max(0, microphone.seconds() - 2), microphone.seconds());
        Sound looped = repeated(3 * seconds() + window.seconds()).at(window.startMs() - 2 * periodMs);
        Likeness aligned = Likeness.of(window, looped, 0, periodMs);
        return looped.at(looped.startMs() + aligned.lagMs());
    }

    /** As if it had begun at another time. */
    Sound at(double ms) {
        return new Sound(samples, ms);
    }

    /** What there is of these seconds of it. */
    Sound part(double fromSeconds, double toSeconds) {
        int from = Math.min(samples.length, (int) Math.round(fromSeconds * RATE));
        int to = Math.min(samples.length, (int) Math.round(toSeconds * RATE));
        return new Sound(Arrays.copyOfRange(samples, from, Math.max(from, to)), startMs + fromSeconds * 1_000);
    }

    /** Root mean square: 0 is silence, 1 a square wave of full scale. */
    double loudness() {
        double sum = 0;
        for (float sample : samples) {
            sum += (double) sample * sample;
        }
        return Math.sqrt(sum / Math.max(1, samples.length));
    }
}
