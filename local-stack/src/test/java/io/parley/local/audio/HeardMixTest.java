package io.parley.local.audio;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.parley.core.chunk.Codec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeardMixTest {

    @Test
    void theBundledClipsAreRealSpeechIn20MillisecondFrames() {
        for (SpeechClip clip : SpeechClip.bundled()) {
            assertThat(clip.frames()).hasSizeBetween(300, 500);
            assertThat(clip.frames().stream().filter(f -> f.level() < 40).count())
                    .as("loud frames of %s", clip.name())
                    .isGreaterThan(150);
        }
    }

    @Test
    void whatIsHeardIsWrittenAsAFileThatCanBeReadAgain() throws Exception {
        SpeechClip clip = SpeechClip.bundled().get(0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (HeardMix mix = new HeardMix(out, 80)) {
            for (int i = 0; i < clip.frames().size(); i++) {
                mix.hear(0, Codec.OPUS, 20_000, clip.frames().get(i).payload(), 1_000 + i / 5 * 100);
            }
        }
        List<byte[]> packets = OggOpus.read(new ByteArrayInputStream(out.toByteArray()));

        // 80 ms of playout delay come before it, the seam of the last frame behind it.
        assertThat(packets)
                .hasSizeBetween(clip.frames().size() + 4, clip.frames().size() + 6);
        assertThat(energy(packets))
                .isGreaterThan(0.5
                        * energy(clip.frames().stream()
                                .map(SpeechClip.Frame::payload)
                                .toList()));
    }

    @Test
    void twoVoicesAtATimeAreBothHeard() throws IOException {
        List<SpeechClip> clips = SpeechClip.bundled();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (HeardMix mix = new HeardMix(out, 80)) {
            for (int i = 0; i < 100; i++) {
                mix.hear(0, Codec.OPUS, 20_000, clips.get(0).frames().get(i).payload(), i / 5 * 100);
                mix.hear(1, Codec.OPUS, 20_000, clips.get(1).frames().get(i).payload(), i / 5 * 100);
            }
            assertThat(mix.seconds()).isBetween(2.0, 2.2);
        }
    }

    @Test
    void aLossIsConcealedAndDoesNotMoveWhatFollows() throws IOException {
        SpeechClip clip = SpeechClip.bundled().get(0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (HeardMix mix = new HeardMix(out, 0)) {
            for (int i = 0; i < 50; i++) {
                if (i >= 20 && i < 25) {
                    mix.conceal(0, 20_000, 1, 500);
                } else {
                    mix.hear(0, Codec.OPUS, 20_000, clip.frames().get(i).payload(), 500);
                }
            }
            assertThat(mix.seconds()).isEqualTo(1.0);
        }
    }

    private static double energy(List<byte[]> packets) throws Exception {
        OpusDecoder decoder = new OpusDecoder(Pcm.RATE, 1);
        short[] pcm = new short[Pcm.FRAME];
        double sum = 0;
        for (byte[] packet : packets) {
            decoder.decode(packet, 0, packet.length, pcm, 0, Pcm.FRAME, false);
            for (short sample : pcm) {
                sum += (double) sample * sample;
            }
        }
        return sum;
    }
}
