package io.parley.core.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkTest {

    /** TOC 19: CELT fullband... of 20 ms, one frame in the packet. */
    private static final byte[] OPUS_20_MS = {(byte) (19 << 3), 1, 2};

    private static ChunkBuilder opus() {
        return new ChunkBuilder(Codec.OPUS, 20_000, 7, 3, 1_700_000_000_123L);
    }

    @Test
    void readsBackWhatTheBuilderWrote() {
        byte[] bytes = opus().flag(Chunk.FLAG_END_OF_SPURT)
                .flag(Chunk.FLAG_TRACE)
                .frame(0, OPUS_20_MS)
                .frame(127, new byte[] {(byte) (19 << 3)})
                .build();

        Chunk chunk = Chunk.parse(bytes);

        assertThat(chunk.codec()).isEqualTo(Codec.OPUS);
        assertThat(chunk.sequence()).isEqualTo(7);
        assertThat(chunk.spurtOffset()).isEqualTo(3);
        assertThat(chunk.captureTimeMs()).isEqualTo(1_700_000_000_123L);
        assertThat(chunk.frameDurationUs()).isEqualTo(20_000);
        assertThat(chunk.isEndOfSpurt()).isTrue();
        assertThat(chunk.isPushToTalk()).isFalse();
        assertThat(chunk.isTraced()).isTrue();
        assertThat(chunk.frameCount()).isEqualTo(2);
        assertThat(chunk.level(0)).isZero();
        assertThat(chunk.level(1)).isEqualTo(127);
        int at = chunk.payloadOffset(0);
        assertThat(Arrays.copyOfRange(bytes, at, at + chunk.payloadLength(0))).isEqualTo(OPUS_20_MS);
    }

    @Test
    void readsAChunkWhereItLiesInAMessageWithoutCopyingIt() {
        byte[] bytes = opus().flag(Chunk.FLAG_TRACE)
                .frame(5, OPUS_20_MS)
                .frame(6, OPUS_20_MS)
                .build();
        byte[] message = new byte[bytes.length + 20];
        System.arraycopy(bytes, 0, message, 13, bytes.length);

        Chunk chunk = Chunk.parse(UnsafeByteOperations.unsafeWrap(message).substring(13, 13 + bytes.length));

        assertThat(chunk.bytes()).isSameAs(message);
        assertThat(chunk.content()).isEqualTo(ByteString.copyFrom(bytes));
        assertThat(chunk.sequence()).isEqualTo(7);
        assertThat(chunk.spurtOffset()).isEqualTo(3);
        assertThat(chunk.captureTimeMs()).isEqualTo(1_700_000_000_123L);
        assertThat(chunk.frameDurationUs()).isEqualTo(20_000);
        assertThat(chunk.isTraced()).isTrue();
        assertThat(chunk.isEndOfSpurt()).isFalse();
        assertThat(chunk.level(1)).isEqualTo(6);
        int at = chunk.payloadOffset(1);
        assertThat(Arrays.copyOfRange(message, at, at + chunk.payloadLength(1))).isEqualTo(OPUS_20_MS);
    }

    @Test
    void readsAChunkThatLiesInPieces() {
        byte[] bytes = opus().frame(5, new byte[] {(byte) (19 << 3), 1, 2, 3, 4, 5})
                .frame(6, OPUS_20_MS)
                .build();
        ByteString padded = ByteString.copyFrom(new byte[200]);
        ByteString pieces = padded.concat(ByteString.copyFrom(bytes, 0, 25))
                .concat(ByteString.copyFrom(bytes, 25, bytes.length - 25).concat(padded))
                .substring(200, 200 + bytes.length);

        assertThat(Chunk.parse(pieces).content()).isEqualTo(ByteString.copyFrom(bytes));
    }

    @Test
    void whatLiesBesideAChunkInAMessageIsNotPartOfIt() {
        byte[] bytes = opus().frame(5, OPUS_20_MS).build();
        ByteString message = ByteString.copyFrom(bytes).concat(ByteString.copyFrom(bytes));
        ByteString flat = ByteString.copyFrom(message.toByteArray());

        assertThatThrownBy(() -> Chunk.parse(flat.substring(0, bytes.length - 1)))
                .isInstanceOf(ParleyException.class)
                .hasMessageContaining("is cut off");
        assertThatThrownBy(() -> Chunk.parse(flat.substring(0, bytes.length + 1)))
                .hasMessageContaining("1 bytes after the last frame");
    }

    @Test
    void whatIsWrongWithAChunkIsSaidOfItsOwnBytesWhereverItLies() {
        byte[] bytes = opus().frame(5, OPUS_20_MS).build();

        assertThatThrownBy(() -> parseInMessage(bytes, 0, 200)).hasMessageContaining("version 200");
        assertThatThrownBy(() -> parseInMessage(bytes, 1, 201)).hasMessageContaining("codec 201");
        assertThatThrownBy(() -> parseInMessage(bytes, 2, 202)).hasMessageContaining("flags 202");
    }

    @Test
    void readsAChunkThatLiesOutsideOfTheHeap() {
        byte[] bytes = opus().frame(5, OPUS_20_MS).build();
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length);
        direct.put(bytes).flip();

        assertThat(Chunk.parse(UnsafeByteOperations.unsafeWrap(direct)).content())
                .isEqualTo(ByteString.copyFrom(bytes));
    }

    @Test
    void numbersAreUnsigned() {
        Chunk chunk = Chunk.parse(new ChunkBuilder(Codec.OPUS, 20_000, -1, 0xFFFF_FFFFL, Long.MAX_VALUE)
                .frame(1, OPUS_20_MS)
                .build());

        assertThat(Integer.toUnsignedLong(chunk.sequence())).isEqualTo(4_294_967_295L);
        assertThat(chunk.spurtOffset()).isEqualTo(4_294_967_295L);
        assertThat(chunk.captureTimeMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void refusesEveryCutOffChunkAndNoOther() {
        byte[] bytes = opus().frame(5, OPUS_20_MS).frame(5, OPUS_20_MS).build();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertRefused(cut, ErrorCode.CHUNK_TRUNCATED);
        }
        assertThat(Chunk.parse(bytes).frameCount()).isEqualTo(2);
    }

    @Test
    void refusesBytesAfterTheLastFrame() {
        byte[] bytes = opus().frame(5, OPUS_20_MS).build();
        assertRefused(Arrays.copyOf(bytes, bytes.length + 1), ErrorCode.CHUNK_TRUNCATED);
    }

    @Test
    void refusesAnotherVersionBeforeAnythingElse() {
        byte[] bytes = opus().frame(5, OPUS_20_MS).build();
        bytes[0] = 2;
        assertRefused(bytes, ErrorCode.CHUNK_VERSION);
        assertRefused(new byte[] {9}, ErrorCode.CHUNK_VERSION);
    }

    @Test
    void refusesAnUnknownCodecOrFlag() {
        byte[] bytes = opus().frame(5, OPUS_20_MS).build();
        bytes[1] = 4;
        assertRefused(bytes, ErrorCode.CHUNK_CODEC);
        bytes[1] = 0;
        bytes[2] = 8;
        assertRefused(bytes, ErrorCode.CHUNK_FLAGS);
    }

    @Test
    void refusesAChunkWithoutFrames() {
        assertRefused(opus().build(), ErrorCode.CHUNK_EMPTY);
    }

    @Test
    void refusesMoreThan200Milliseconds() {
        ChunkBuilder ten = opus();
        for (int i = 0; i < 10; i++) {
            ten.frame(5, OPUS_20_MS);
        }
        assertThat(Chunk.parse(ten.build()).frameCount()).isEqualTo(10);
        assertRefused(ten.frame(5, OPUS_20_MS).build(), ErrorCode.CHUNK_DURATION);
    }

    @Test
    void refusesADurationThatTheCodecDoesNotHave() {
        assertRefused(
                new ChunkBuilder(Codec.OPUS, 15_000, 0, 0, 0)
                        .frame(5, OPUS_20_MS)
                        .build(),
                ErrorCode.CHUNK_DURATION);
        assertRefused(
                new ChunkBuilder(Codec.PCM16_16K, 61_000, 0, 0, 0)
                        .frame(5, new byte[1952])
                        .build(),
                ErrorCode.CHUNK_DURATION);
    }

    @Test
    void takesPcmFramesOfOneToSixtyMilliseconds() {
        for (int us : new int[] {1_000, 60_000}) {
            byte[] samples = new byte[us * 16 / 1_000 * 2];
            Chunk chunk = Chunk.parse(new ChunkBuilder(Codec.PCM16_16K, us, 0, 0, 0)
                    .frame(5, samples)
                    .build());
            assertThat(chunk.frameDurationUs()).isEqualTo(us);
        }
    }

    @Test
    void refusesAnOpusFrameWhoseTocContradictsTheHeader() {
        byte[] tenMilliseconds = {(byte) (18 << 3), 1, 2};
        assertRefused(opus().frame(5, tenMilliseconds).build(), ErrorCode.FRAME_TOC);
        byte[] twoOfTen = {(byte) (18 << 3 | 1), 1, 2};
        assertThat(Chunk.parse(opus().frame(5, twoOfTen).build()).frameCount()).isEqualTo(1);
    }

    @Test
    void refusesOpusFramesOfNoneOrTooManyBytes() {
        assertRefused(opus().frame(5, new byte[0]).build(), ErrorCode.FRAME_SIZE);
        byte[] large = new byte[1276];
        large[0] = (byte) (19 << 3);
        assertThat(Chunk.parse(opus().frame(5, large, 0, 1275).build()).payloadLength(0))
                .isEqualTo(1275);
        assertRefused(opus().frame(5, large).build(), ErrorCode.FRAME_SIZE);
    }

    @Test
    void wantsPcmFramesOfExactlyTheirDuration() {
        // The buffer of the original clients: 128 ms as 8 frames of 16 ms.
        ChunkBuilder seed = new ChunkBuilder(Codec.PCM16_16K, 16_000, 0, 0, 0);
        for (int i = 0; i < 8; i++) {
            seed.frame(20, new byte[512]);
        }
        assertThat(Chunk.parse(seed.build()).frameCount()).isEqualTo(8);
        assertRefused(
                new ChunkBuilder(Codec.PCM16_16K, 16_000, 0, 0, 0)
                        .frame(20, new byte[510])
                        .build(),
                ErrorCode.FRAME_SIZE);
    }

    @Test
    void refusesALevelOver127() {
        assertRefused(opus().frame(128, OPUS_20_MS).build(), ErrorCode.FRAME_LEVEL);
    }

    @Test
    void neverFailsOtherwiseThanByTheCatalogue() {
        Random random = new Random(20261123);
        byte[] valid = opus().frame(5, OPUS_20_MS).frame(5, OPUS_20_MS).build();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = valid.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                Chunk chunk = Chunk.parse(bytes);
                for (int f = 0; f < chunk.frameCount(); f++) {
                    assertThat(chunk.payloadOffset(f) + chunk.payloadLength(f)).isLessThanOrEqualTo(bytes.length);
                }
            } catch (ParleyException e) {
                assertThat(e.code()).isNotNull();
            }
        }
    }

    @Test
    void readsTheDurationOfEveryOpusConfiguration() {
        int[] silk = {10_000, 20_000, 40_000, 60_000};
        int[] celt = {2_500, 5_000, 10_000, 20_000};
        for (int config = 0; config < 32; config++) {
            int expected = config < 12 ? silk[config % 4] : config < 16 ? 10_000 << config % 2 : celt[config % 4];
            byte[] one = {(byte) (config << 3)};
            byte[] three = {(byte) (config << 3 | 3), 3, 0};
            byte[] threeThatAreEmpty = {(byte) (config << 3 | 3), 3};
            assertThat(OpusPacket.durationUs(one, 0, 1)).isEqualTo(expected);
            assertThat(OpusPacket.durationUs(three, 0, 3)).isEqualTo(3 * expected);
            assertThat(OpusPacket.durationUs(threeThatAreEmpty, 0, 2)).isEqualTo(3 * expected);
        }
        assertThat(OpusPacket.durationUs(new byte[] {3}, 0, 1)).isZero();
    }

    /** The chunk with one byte that is another, in the middle of others. */
    private static Chunk parseInMessage(byte[] bytes, int at, int value) {
        byte[] message = new byte[bytes.length + 20];
        System.arraycopy(bytes, 0, message, 13, bytes.length);
        message[13 + at] = (byte) value;
        return Chunk.parse(UnsafeByteOperations.unsafeWrap(message).substring(13, 13 + bytes.length));
    }

    private static void assertRefused(byte[] bytes, ErrorCode code) {
        assertThatThrownBy(() -> Chunk.parse(bytes))
                .isInstanceOfSatisfying(
                        ParleyException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
