package io.parley.local.audio;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/**
 * Something to say: 20 ms Opus frames with their levels.
 *
 * @param frames in order
 */
public record SpeechClip(String name, List<Frame> frames) {

    private static final int BITRATE = 24_000;
    private static final int MAX_PACKET = 1275;

    /** One frame. The level is in -dBov, 0 to 127. */
    public record Frame(byte[] payload, int level) {}

    /** The clips that come with Parley. */
    public static List<SpeechClip> bundled() {
        return List.of(bundled("ann"), bundled("bob"), bundled("cleo"));
    }

    private static SpeechClip bundled(String name) {
        try (InputStream in = SpeechClip.class.getResourceAsStream("/speech/" + name + ".opus")) {
            List<Frame> frames = new ArrayList<>();
            OpusDecoder decoder = new OpusDecoder(Pcm.RATE, 1);
            short[] pcm = new short[Pcm.FRAME];
            for (byte[] packet : OggOpus.read(in)) {
                int samples = decoder.decode(packet, 0, packet.length, pcm, 0, Pcm.FRAME, false);
                frames.add(new Frame(packet, Pcm.level(pcm, 0, samples)));
            }
            return new SpeechClip(name, List.copyOf(frames));
        } catch (IOException | OpusException e) {
            throw new IllegalStateException("the bundled clip " + name + " cannot be read", e);
        }
    }

    /** A WAV file of any rate and number of channels that the JDK reads, encoded to Opus. */
    public static SpeechClip ofWav(Path file) throws IOException {
        AudioFormat wanted = new AudioFormat(Pcm.RATE, 16, 1, true, false);
        byte[] bytes;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                AudioInputStream source = AudioSystem.getAudioInputStream(in);
                AudioInputStream converted = AudioSystem.getAudioInputStream(wanted, source)) {
            bytes = converted.readAllBytes();
        } catch (UnsupportedAudioFileException | IllegalArgumentException e) {
            throw new IOException(file + " is not a WAV file that can be read: " + e.getMessage(), e);
        }
        return new SpeechClip(file.getFileName().toString(), encode(Pcm.upsample(bytes, Pcm.RATE)));
    }

    private static List<Frame> encode(short[] samples) {
        try {
            OpusEncoder encoder = encoder(BITRATE);
            byte[] packet = new byte[MAX_PACKET];
            List<Frame> frames = new ArrayList<>();
            for (int at = 0; at < samples.length; at += Pcm.FRAME) {
                short[] frame = Arrays.copyOfRange(samples, at, at + Pcm.FRAME);
                int length = encoder.encode(frame, 0, Pcm.FRAME, packet, 0, packet.length);
                frames.add(new Frame(Arrays.copyOf(packet, length), Pcm.level(frame, 0, Pcm.FRAME)));
            }
            return List.copyOf(frames);
        } catch (OpusException e) {
            throw new IllegalStateException("the Opus encoder refused a frame of " + Pcm.FRAME + " samples", e);
        }
    }

    static OpusEncoder encoder(int bitrate) throws OpusException {
        OpusEncoder encoder = new OpusEncoder(Pcm.RATE, 1, OpusApplication.OPUS_APPLICATION_VOIP);
        encoder.setBitrate(bitrate);
        return encoder;
    }
}
