package io.parley.core.tick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.parley.core.wire.Tick;
import java.security.MessageDigest;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TickHashTest {

    private static final byte[] PAYLOAD = new byte[3_000];

    private final TickHash hasher = new TickHash();

    @Test
    void aTickThatIsCutOffDisturbsNoLaterHash() {
        Tick whole = tick(frames());
        ByteString hash = new TickHash().hash(whole);
        byte[] cutOff = Arrays.copyOf(frames(), frames().length - 1);

        assertThatThrownBy(() -> hasher.hash(tick(cutOff))).isInstanceOf(IllegalArgumentException.class);
        assertThat(hasher.hash(whole)).isEqualTo(hash);
    }

    @Test
    void theDigestOfAFrameIsThatOfItsFieldsAndPayloadHoweverLong() throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        for (int length : new int[] {0, 1, 48, 57, 70, PAYLOAD.length}) {
            sha.update(new byte[] {1, 2, 3, 4, 5, 6, 7});
            sha.update(PAYLOAD, 0, length);
            assertThat(hasher.frameDigest(0x0102, 0x03040506, 7, PAYLOAD, 0, length))
                    .isEqualTo(sha.digest());
        }
    }

    private static byte[] frames() {
        LiveFrames.Writer writer = new LiveFrames.Writer();
        writer.add(0, 1, 30, PAYLOAD, 0, 70);
        writer.add(0, 2, 30, PAYLOAD, 0, PAYLOAD.length);
        return writer.take();
    }

    private static Tick tick(byte[] frames) {
        return Tick.newBuilder()
                .setRoom("room")
                .setPreviousHash(TickHash.ZERO)
                .setFrames(ByteString.copyFrom(frames))
                .build();
    }
}
