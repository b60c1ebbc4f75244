package io.parley.core.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.envelope.Envelope.Purpose;
import io.parley.core.port.DataKeys.DataKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class EnvelopeTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] AUDIO = "what somebody said in the lobby".getBytes(StandardCharsets.US_ASCII);

    private final DataKey key = new DataKey(random(32), random(90));
    private final Function<byte[], byte[]> unwrap = wrapped -> {
        assertThat(wrapped).isEqualTo(key.wrapped());
        return key.plaintext();
    };

    @Test
    void opensWhatItSealed() {
        byte[] sealed = Envelope.seal(Purpose.CHUNK, "lobby", "lobby/1", key, RANDOM, AUDIO);

        assertThat(Envelope.open("lobby/1", sealed, unwrap)).isEqualTo(AUDIO);
        assertThat(Envelope.wrappedKey(sealed)).isEqualTo(key.wrapped());
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("somebody");
    }

    @Test
    void opensTheShortestEnvelopeAndOneWithALongKey() {
        DataKey shortest = new DataKey(random(32), new byte[0]);
        byte[] empty = Envelope.seal(Purpose.CHUNK, "", "k", shortest, RANDOM, new byte[0]);
        assertThat(Envelope.open("k", empty, wrapped -> shortest.plaintext())).isEmpty();

        DataKey longest = new DataKey(random(32), random(600));
        byte[] sealed = Envelope.seal(Purpose.CHUNK, "lobby", "lobby/1", longest, RANDOM, AUDIO);
        assertThat(Envelope.open("lobby/1", sealed, wrapped -> longest.plaintext()))
                .isEqualTo(AUDIO);
        assertThat(Envelope.wrappedKey(sealed)).isEqualTo(longest.wrapped());
    }

    @Test
    void refusesAPurposeThatItDoesNotKnow() {
        byte[] sealed = Envelope.seal(Purpose.CHUNK, "lobby", "lobby/1", key, RANDOM, AUDIO);
        for (int purpose : new int[] {2, 0xFF}) {
            sealed[5] = (byte) purpose;
            assertThatThrownBy(() -> Envelope.open("lobby/1", sealed, unwrap))
                    .isInstanceOf(EnvelopeException.class)
                    .hasMessageContaining("header is broken");
        }
    }

    @Test
    void sealsTheSameAudioDifferentlyEachTime() {
        assertThat(Envelope.seal(Purpose.CHUNK, "lobby", "lobby/1", key, RANDOM, AUDIO))
                .isNotEqualTo(Envelope.seal(Purpose.CHUNK, "lobby", "lobby/1", key, RANDOM, AUDIO));
    }

    @Test
    void refusesAnObjectThatLiesUnderAnotherKey() {
        byte[] sealed = Envelope.seal(Purpose.CHUNK, "lobby", "lobby/1", key, RANDOM, AUDIO);

        assertThatThrownBy(() -> Envelope.open("lobby/2", sealed, unwrap)).isInstanceOf(EnvelopeException.class);
    }

    @Test
    void refusesEveryAlteredByte() {
        byte[] sealed = Envelope.seal(Purpose.SEGMENT, "lobby", "lobby/1", key, RANDOM, AUDIO);
        for (int i = 0; i < sealed.length; i++) {
            byte[] altered = sealed.clone();
            altered[i] ^= 1;
            assertThatThrownBy(() -> Envelope.open("lobby/1", altered, wrapped -> key.plaintext()))
                    .as("byte %d", i)
                    .isInstanceOf(EnvelopeException.class);
        }
    }

    @Test
    void refusesWhatIsCutOff() {
        byte[] sealed = Envelope.seal(Purpose.SEGMENT, "lobby", "lobby/1", key, RANDOM, AUDIO);
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> Envelope.open("lobby/1", cut, wrapped -> key.plaintext()))
                    .isInstanceOf(EnvelopeException.class);
        }
    }

    /** RFC 5869 appendix A.3: no salt, no info; the first 32 of its 42 bytes are the first block. */
    @Test
    void derivesKeysAsTheTestVectorOfRfc5869() throws Exception {
        byte[] inputKey = new byte[22];
        Arrays.fill(inputKey, (byte) 0x0b);

        assertThat(Envelope.hkdf(inputKey, new byte[0]))
                .asHexString()
                .isEqualToIgnoringCase("8DA4E775A563C18F715F802A063C5A31B8A11F5C5EE1879EC3454E5F3C738D2D");
    }

    /** FIPS 180-2 appendix B.1: SHA-256 of "abc". */
    @Test
    void namesContentByTheFirstHalfOfItsDigest() {
        assertThat(ContentHash.of(new byte[] {'a', 'b', 'c'})).isEqualTo("ba7816bf8f01cfea414140de5dae2223");
    }

    @Test
    void objectNamesListInTimeOrderAndNeverCollide() {
        String first = ObjectKeys.chunk("lobby", "ann", "c1", 1_700_000_000_000L, 5);
        String second = ObjectKeys.chunk("lobby", "ann", "c1", 1_700_000_000_000L, 10);
        String later = ObjectKeys.chunk("lobby", "ann", "c1", 1_700_000_000_100L, 15);

        assertThat(first)
                .isEqualTo("lobby/2023/11/14/22/ann/1700000000000-c1-5")
                .isNotEqualTo(second);
        assertThat(later).isGreaterThan(second);
        assertThat(ObjectKeys.segment("lobby", 9, 10, 0, "x")).isGreaterThan(ObjectKeys.segment("lobby", 9, 9, 0, "y"));
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
