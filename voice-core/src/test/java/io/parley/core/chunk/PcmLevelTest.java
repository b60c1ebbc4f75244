package io.parley.core.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class PcmLevelTest {

    @Test
    void aSquareWaveOfFullScaleIsTheLoudest() {
        assertThat(PcmLevel.of(square(Short.MIN_VALUE, 256), 0, 512)).isZero();
    }

    @Test
    void everyHalvingIsSixDecibels() {
        assertThat(PcmLevel.of(square(16_384, 256), 0, 512)).isEqualTo(6);
        assertThat(PcmLevel.of(square(1_024, 256), 0, 512)).isEqualTo(30);
        assertThat(PcmLevel.of(square(-1, 256), 0, 512)).isEqualTo(90);
    }

    @Test
    void silenceIs127() {
        assertThat(PcmLevel.of(new byte[512], 0, 512)).isEqualTo(127);
    }

    @Test
    void measuresNoMoreThanItIsAskedTo() {
        byte[] pcm = new byte[1_024];
        System.arraycopy(square(16_384, 256), 0, pcm, 512, 512);

        assertThat(PcmLevel.of(pcm, 0, 512)).isEqualTo(127);
        assertThat(PcmLevel.of(pcm, 512, 512)).isEqualTo(6);
    }

    private static byte[] square(int amplitude, int samples) {
        ByteBuffer bytes = ByteBuffer.allocate(samples * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < samples; i++) {
            bytes.putShort((short) amplitude);
        }
        return bytes.array();
    }
}
