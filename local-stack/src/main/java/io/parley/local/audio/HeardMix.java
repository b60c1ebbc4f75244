package io.parley.local.audio;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.parley.core.chunk.Codec;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What a listener hears, as an Ogg Opus file: every speaker decoded, played out after a jitter buffer, mixed.
 *
 * <p>Each stream has its own place on the time line: the first frame after a silence is played {@code playoutMs} after
 * it came, the ones behind it follow without a seam, and lost ones are concealed by the decoder. When a stream's buffer
 * has run dry, its next frame begins anew like the first. Sound older than {@link #WINDOW_MS} is encoded and written, so
 * that a long recording takes little memory. Not thread safe.
 */
public final class HeardMix implements AutoCloseable {

    private static final int WINDOW_MS = 4_000;
    private static final int BITRATE = 48_000;

    private final OggOpus.Writer file;
    private final OpusEncoder encoder;
    private final int playoutMs;
    private final Map<Integer, Voice> voices = new HashMap<>();
    /** Sum of all voices from {@link #mixStart} on. */
    private int[] mix = new int[Pcm.RATE];

    private long startMs = -1;
    /** Sample at which {@link #mix} begins. */
    private long mixStart;

    private long mixEnd;

    public HeardMix(OutputStream out, int playoutMs) {
        this.file = new OggOpus.Writer(out);
        this.playoutMs = playoutMs;
        try {
            this.encoder = SpeechClip.encoder(BITRATE);
        } catch (OpusException e) {
            throw new IllegalStateException("no Opus encoder for 48 kHz mono", e);
        }
    }

    /** Hears a frame of a stream; {@code stream} is any number that tells streams apart. */
    public void hear(int stream, Codec codec, int frameDurationUs, byte[] payload, long nowMs) {
        begin(nowMs);
        Voice voice = voices.computeIfAbsent(stream, s -> new Voice());
        int samples = (int) ((long) frameDurationUs * Pcm.RATE / 1_000_000);
        add(voice, voice.decode(codec, payload, samples), nowMs);
    }

    /** Hears that frames of a stream never come. */
    public void conceal(int stream, int frameDurationUs, int count, long nowMs) {
        Voice voice = voices.get(stream);
        if (voice == null || startMs < 0) {
            return;
        }
        int samples = (int) ((long) frameDurationUs * Pcm.RATE / 1_000_000);
        for (int i = 0; i < Math.min(count, 10); i++) {
            add(voice, voice.decode(Codec.OPUS, null, samples), nowMs);
        }
    }

    private void begin(long nowMs) {
        if (startMs < 0) {
            startMs = nowMs;
        }
    }

    private void add(Voice voice, short[] samples, long nowMs) {
        long now = (nowMs - startMs) * Pcm.RATE / 1000;
        long due = now + (long) playoutMs * Pcm.RATE / 1000;
        long at = voice.end < now ? due : voice.end;
        at = Math.max(at, mixStart);
        ensure(at + samples.length);
        int from = (int) (at - mixStart);
        for (int i = 0; i < samples.length; i++) {
            mix[from + i] += samples[i];
        }
        voice.end = at + samples.length;
        mixEnd = Math.max(mixEnd, voice.end);
        flush(due - (long) WINDOW_MS * Pcm.RATE / 1000);
    }

    private void ensure(long end) {
        int needed = (int) (end - mixStart);
        if (needed > mix.length) {
            mix = Arrays.copyOf(mix, Math.max(needed, mix.length * 2));
        }
    }

    private void flush(long until) {
        int frames = (int) Math.max(0, (Math.min(until, mixEnd) - mixStart) / Pcm.FRAME);
        if (frames == 0) {
            return;
        }
        short[] samples = new short[Pcm.FRAME];
        byte[] packet = new byte[1275];
        for (int f = 0; f < frames; f++) {
            for (int i = 0; i < Pcm.FRAME; i++) {
                int sum = mix[f * Pcm.FRAME + i];
                samples[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, sum));
            }
            try {
                int length = encoder.encode(samples, 0, Pcm.FRAME, packet, 0, packet.length);
                file.write(Arrays.copyOf(packet, length));
            } catch (OpusException e) {
                throw new IllegalStateException("the Opus encoder refused a frame", e);
            }
        }
        int moved = frames * Pcm.FRAME;
        int left = (int) (mixEnd - mixStart) - moved;
        System.arraycopy(mix, moved, mix, 0, left);
        Arrays.fill(mix, left, mix.length, 0);
        mixStart += moved;
    }

    /** Seconds of sound written or waiting. */
    public double seconds() {
        return (double) mixEnd / Pcm.RATE;
    }

    @Override
    public void close() throws IOException {
        ensure(mixEnd + Pcm.FRAME);
        mixEnd += Pcm.FRAME;
        flush(mixEnd);
        file.close();
    }

    private static final class Voice {
        private OpusDecoder decoder;
        private long end = Long.MIN_VALUE / 2;

        /** The frame's sound; for Opus without a payload, what conceals its loss. */
        short[] decode(Codec codec, byte[] payload, int samples) {
            if (codec.isPcm()) {
                return Pcm.upsample(payload, codec.sampleRate());
            }
            short[] pcm = new short[samples];
            try {
                if (decoder == null) {
                    decoder = new OpusDecoder(Pcm.RATE, 1);
                }
                int length = payload == null ? 0 : payload.length;
                decoder.decode(payload, 0, length, pcm, 0, samples, false);
            } catch (OpusException e) {
                // A frame that cannot be decoded is silence; the sound around it goes on.
                Arrays.fill(pcm, (short) 0);
            }
            return pcm;
        }
    }
}
