package io.parley.core.tick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LiveFramesTest {

    private final LiveFrames.Writer writer = new LiveFrames.Writer();

    @Test
    void consecutiveFramesOfAStreamShareARun() {
        writer.add(1, 10, 20, new byte[] {1}, 0, 1);
        writer.add(1, 11, 20, new byte[] {2}, 0, 1);
        writer.add(2, 12, 20, new byte[] {3}, 0, 1);
        byte[] bytes = writer.take();

        assertThat(bytes).hasSize(2 * 7 + 3 * 4);
        LiveFrames.Reader reader = new LiveFrames.Reader(bytes);
        assertThat(reader.next()).isTrue();
        assertThat(reader.next()).isTrue();
        assertThat(reader.sequence()).isEqualTo(11);
        assertThat(reader.payload()).containsExactly(2);
        assertThat(reader.next()).isTrue();
        assertThat(reader.stream()).isEqualTo(2);
        assertThat(reader.next()).isFalse();
    }

    @Test
    void runsAreCountedWithoutLookingAtTheirFrames() {
        writer.add(1, 10, 20, new byte[] {1}, 0, 1);
        writer.add(1, 11, 20, new byte[300], 0, 300);
        writer.add(40_000, 12, 20, new byte[0], 0, 0);
        LiveFrames.Runs runs = new LiveFrames.Runs(ByteString.copyFrom(writer.take()));

        assertThat(runs.next()).isTrue();
        assertThat(runs.stream()).isEqualTo(1);
        assertThat(runs.frames()).isEqualTo(2);
        assertThat(runs.next()).isTrue();
        assertThat(runs.stream()).isEqualTo(40_000);
        assertThat(runs.frames()).isEqualTo(1);
        assertThat(runs.next()).isFalse();
    }

    @Test
    void aRunGoesOverTheWrapAndIsNeverLongerThan255() {
        for (int i = 0; i < 600; i++) {
            writer.add(65_535, i - 300, 127, new byte[] {9}, 0, 1);
        }
        LiveFrames.Reader reader = new LiveFrames.Reader(writer.take());
        for (int i = 0; i < 600; i++) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.sequence()).isEqualTo(i - 300);
            assertThat(reader.stream()).isEqualTo(65_535);
        }
        assertThat(reader.next()).isFalse();
    }

    @Test
    void framesFitHoweverFullTheWriterIsWhenTheyCome() {
        for (int length = 4_050; length <= 4_096; length++) {
            for (int stream = 1; stream <= 2; stream++) {
                writer.add(1, 10, 20, new byte[length], 0, length);
                writer.add(stream, 11, 21, new byte[] {1, 2, 3}, 0, 3);
                LiveFrames.Reader reader = new LiveFrames.Reader(writer.take());
                assertThat(reader.next()).isTrue();
                assertThat(reader.length()).isEqualTo(length);
                assertThat(reader.next()).isTrue();
                assertThat(reader.payload()).containsExactly(1, 2, 3);
            }
        }
        writer.add(1, 10, 20, new byte[50_000], 0, 50_000);
        assertThat(writer.take()).hasSize(LiveFrames.Writer.bound(50_000));
    }

    @Test
    void aRunWithoutFramesIsRefused() {
        assertThatThrownBy(() -> new LiveFrames.Reader(new byte[7]).next()).hasMessageContaining("without frames at 0");
    }

    @Test
    void bytesThatEndInsideAFrameAreRefused() {
        writer.add(1, 10, 20, new byte[] {1, 2, 3}, 0, 3);
        byte[] bytes = writer.take();
        for (int length = 1; length < bytes.length; length++) {
            LiveFrames.Reader reader = new LiveFrames.Reader(Arrays.copyOf(bytes, length));
            assertThatThrownBy(reader::next).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
