package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.parley.core.chunk.Chunk;
import io.parley.core.error.ParleyException;

/** Chunks: any bytes. */
class ChunkFuzz {

    @FuzzTest(maxDuration = "8s")
    void aChunkIsRefusedWithACodeOrItsFramesFillIt(byte[] bytes) {
        Chunk chunk;
        try {
            chunk = Chunk.parse(bytes);
        } catch (ParleyException e) {
            assertThat(e.code().name()).matches("(CHUNK|FRAME)_.*");
            return;
        }
        int end = Chunk.HEADER_BYTES;
        for (int i = 0; i < chunk.frameCount(); i++) {
            assertThat(chunk.payloadOffset(i)).isEqualTo(end + Chunk.FRAME_HEADER_BYTES);
            assertThat(chunk.level(i)).isBetween(0, 127);
            end = chunk.payloadOffset(i) + chunk.payloadLength(i);
        }
        assertThat(end).isEqualTo(bytes.length);
        assertThat(chunk.frameCount() * (long) chunk.frameDurationUs()).isBetween(1L, (long) Chunk.MAX_DURATION_US);
    }
}
