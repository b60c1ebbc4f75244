package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.Codec;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SeedAudioTest {

    private static final long ARRIVAL_MS = 1_700_000_000_000L;
    private static final String SILENCE = Base64.getEncoder().encodeToString(new byte[512]);

    @Test
    void makesEightFramesOfOneBufferOfTheMod() {
        byte[] pcm = noise(4_096);
        SeedAudio audio = SeedAudio.read(message(pcm, 1_699_999_999_990L), ARRIVAL_MS);

        assertThat(audio.author()).isEqualTo("Steve");
        assertThat(audio.frameCount()).isEqualTo(8);
        List<Chunk> chunks = audio.chunks();
        assertThat(chunks).hasSize(1);
        Chunk chunk = chunks.get(0);
        assertThat(chunk.codec()).isEqualTo(Codec.PCM16_16K);
        assertThat(chunk.frameDurationUs()).isEqualTo(16_000);
        assertThat(chunk.captureTimeMs()).isEqualTo(1_699_999_999_990L);
        assertThat(payload(chunks)).isEqualTo(pcm);
        assertThat(chunk.level(0)).as("of white noise of full scale").isEqualTo(5);
    }

    @Test
    void splitsWhatIsLongerThanAChunkIntoWholeFramesEachWithItsTime() {
        byte[] pcm = noise(22_016);
        List<Chunk> chunks = SeedAudio.read(message(pcm, 5_000), ARRIVAL_MS).chunks();

        assertThat(chunks).extracting(Chunk::frameCount).containsExactly(12, 12, 12, 7);
        assertThat(chunks).extracting(Chunk::captureTimeMs).containsExactly(5_000L, 5_192L, 5_384L, 5_576L);
        assertThat(chunks)
                .extracting(Chunk::sequence)
                .as("so that their objects in the archive differ")
                .doesNotHaveDuplicates();
        assertThat(payload(chunks)).isEqualTo(pcm);
    }

    @Test
    void fillsTheLastFrameUpWithSilence() {
        byte[] pcm = noise(514);
        SeedAudio audio = SeedAudio.read(message(pcm, 5_000), ARRIVAL_MS);

        assertThat(audio.frameCount()).isEqualTo(2);
        assertThat(payload(audio.chunks())).isEqualTo(Arrays.copyOf(pcm, 1_024));
    }

    @Test
    void takesTheArrivalForTheTimeWhereThereIsNoneAndHasNoAuthorWhereNoneIsNamed() {
        SeedAudio audio = SeedAudio.read("{\"action\":\"sendaudio\",\"data\":\"" + SILENCE + "\"}", ARRIVAL_MS);

        assertThat(audio.chunks().get(0).captureTimeMs()).isEqualTo(ARRIVAL_MS);
        assertThat(audio.author()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'  Steve ', Steve",
        "'St\\u0000e\\u001b[31mve\\n', Ste[31mve",
        "'\\ud800Steve\\udc00', Steve",
        "'\\ud83d\\ude00', 😀",
        "'  ', ''",
    })
    void showsOfTheAuthorWhatCanBeShown(String author, String shown) {
        assertThat(SeedAudio.read("{\"data\":\"" + SILENCE + "\",\"author\":\"" + author + "\"}", ARRIVAL_MS)
                        .author())
                .isEqualTo(shown);
    }

    @Test
    void cutsALongAuthor() {
        String author = "😀".repeat(100);
        assertThat(SeedAudio.read("{\"data\":\"" + SILENCE + "\",\"author\":\"" + author + "\"}", ARRIVAL_MS)
                        .author())
                .isEqualTo("😀".repeat(64));
    }

    static Stream<Arguments> bad() {
        String good = "\"data\":\"" + SILENCE + "\"";
        return Stream.of(
                Arguments.of("{\"action\":\"sendaudio\"}", ErrorCode.BAD_FIELD),
                Arguments.of("{\"data\":null}", ErrorCode.BAD_FIELD),
                Arguments.of("{\"data\":[\"AAAA\"]}", ErrorCode.BAD_FIELD),
                Arguments.of("{\"data\":\"AA*A\"}", ErrorCode.BAD_BASE64),
                Arguments.of("{\"data\":\"AAAAA\"}", ErrorCode.BAD_BASE64),
                Arguments.of("{\"data\":\"AA\\nAA\"}", ErrorCode.BAD_BASE64),
                Arguments.of("{\"data\":\"\"}", ErrorCode.CHUNK_EMPTY),
                Arguments.of("{\"data\":\"AAAA\"}", ErrorCode.FRAME_SIZE),
                Arguments.of("{" + good + ",\"author\":7}", ErrorCode.BAD_FIELD),
                Arguments.of("{" + good + ",\"timestamp\":\"now\"}", ErrorCode.BAD_FIELD),
                Arguments.of("{" + good + ",\"timestamp\":-1}", ErrorCode.BAD_FIELD),
                Arguments.of("{" + good + ",\"timestamp\":1.5}", ErrorCode.BAD_FIELD),
                Arguments.of("{" + good + ",\"timestamp\":9223372036854775807}", ErrorCode.BAD_FIELD),
                Arguments.of("{" + good + ",\"timestamp\":" + "9".repeat(500) + "}", ErrorCode.BAD_FIELD),
                Arguments.of("{" + good + ",\"format\":\"opus\"}", ErrorCode.BAD_FIELD),
                Arguments.of("{" + good + ",\"encoding\":\"hex\"}", ErrorCode.BAD_FIELD));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void saysWhatIsWrong(String body, ErrorCode code) {
        assertThatThrownBy(() -> SeedAudio.read(body, ARRIVAL_MS))
                .isInstanceOfSatisfying(
                        ParleyException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /** As the mod writes it. */
    static String message(byte[] pcm, long timestamp) {
        return "{\"action\":\"sendaudio\",\"data\":\""
                + Base64.getEncoder().encodeToString(pcm)
                + "\",\"author\":\"Steve\",\"timestamp\":"
                + timestamp
                + ",\"format\":\"pcm\",\"encoding\":\"base64\"}";
    }

    static byte[] noise(int count) {
        byte[] bytes = new byte[count];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static byte[] payload(List<Chunk> chunks) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (Chunk chunk : chunks) {
            for (int i = 0; i < chunk.frameCount(); i++) {
                payload.write(chunk.bytes(), chunk.payloadOffset(i), chunk.payloadLength(i));
            }
        }
        return payload.toByteArray();
    }
}
