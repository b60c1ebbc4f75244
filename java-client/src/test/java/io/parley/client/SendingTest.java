package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SendingTest {

    /** TOC of a 20 ms packet, CELT fullband. */
    private static final byte[] PACKET = {(byte) (31 << 3), 1, 2};

    private final ClientFixture fixture = new ClientFixture(ClientFixture.OPTIONS.withMaxQueuedMessages(3));

    private List<Chunk> chunks() throws Exception {
        List<Chunk> chunks = new ArrayList<>();
        for (JsonNode audio : fixture.transport.socket().sent("sendaudio")) {
            chunks.add(Chunk.parse(audio.path("chunk").binaryValue()));
        }
        return chunks;
    }

    @Test
    void oneMessageIsOnItsWayAtATimeAndOneTooManyIsRefused() {
        fixture.joined();
        fixture.transport.slow();
        CompletableFuture<Void> first = fixture.client.sendChunk("lobby", new byte[] {1});
        CompletableFuture<Void> second = fixture.client.sendChunk("lobby", new byte[] {2});
        CompletableFuture<Void> third = fixture.client.sendChunk("lobby", new byte[] {3});
        CompletableFuture<Void> fourth = fixture.client.sendChunk("lobby", new byte[] {4});
        FakeTransport.FakeSocket socket = fixture.transport.socket();

        assertThat(socket.onTheirWay).hasSize(1);
        assertThatThrownBy(fourth::join).hasMessageContaining("queue_full").hasMessageContaining("3 messages");
        assertThat(fixture.count(ClientCounter.REFUSED_SENDS)).isEqualTo(1);

        socket.take();
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        CompletableFuture<Void> fifth = fixture.client.sendChunk("lobby", new byte[] {5});
        socket.take();
        socket.take();
        socket.take();

        assertThat(third).isCompleted();
        assertThat(fifth).isCompleted();
        assertThat(socket.mostOnTheirWay).isEqualTo(1);
        assertThat(socket.sent("sendaudio"))
                .extracting(audio -> audio.path("chunk").asText())
                .containsExactly("AQ==", "Ag==", "Aw==", "BQ==");
    }

    @Test
    void whatWaitsWhenTheConnectionIsLostFailsAndItsPlacesAreFree() {
        fixture.joined();
        fixture.transport.slow();
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(fixture.client.sendChunk("lobby", new byte[] {1}));
        }
        fixture.transport.socket().drop();

        assertThat(waiting).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThatThrownBy(fixture.client.sendChunk("lobby", new byte[] {2})::join)
                .hasMessageContaining(VoiceError.NOT_CONNECTED);
        fixture.loop.advanceMs(1_000);
        fixture.transport.socket().take();
        fixture.say(fixture.room.joined());
        for (int i = 0; i < 3; i++) {
            fixture.client.sendChunk("lobby", new byte[] {3});
        }
        assertThat(fixture.count(ClientCounter.REFUSED_SENDS)).isZero();
    }

    @Test
    void nothingIsSentToARoomThatIsNotJoined() {
        fixture.connected();

        assertThatThrownBy(fixture.client.sendChunk("attic", new byte[22])::join)
                .hasMessageContaining(VoiceError.NOT_JOINED);
        assertThat(fixture.transport.socket().sent("sendaudio")).isEmpty();
    }

    @Test
    void aChunkThatMakesTooLargeAMessageIsRefusedHere() {
        fixture.joined();

        assertThatThrownBy(fixture.client.sendChunk("lobby", new byte[22_500])::join)
                .hasMessageContaining("message_too_large")
                .hasMessageContaining("30000");
    }

    @Test
    void framesAreNumberedBundledAndCountedInTheirSpurt() throws Exception {
        fixture.joined();
        SpeakerStream speaker =
                fixture.client.speaker("lobby", Codec.OPUS, 20_000, 2).startingAt(0xFFFF_FFFFL);

        speaker.frame(40, PACKET, 1_000);
        assertThat(chunks()).isEmpty();
        speaker.frame(41, PACKET, 1_020);
        speaker.frame(42, PACKET, 1_040);
        speaker.lastFrame(43, PACKET, 1_060);
        speaker.frame(44, PACKET, 5_000);
        speaker.endSpurt();
        speaker.endSpurt();

        List<Chunk> chunks = chunks();
        assertThat(chunks)
                .extracting(chunk -> Integer.toUnsignedLong(chunk.sequence()))
                .containsExactly(0xFFFF_FFFFL, 1L, 3L);
        assertThat(chunks).extracting(Chunk::spurtOffset).containsExactly(0L, 2L, 0L);
        assertThat(chunks).extracting(Chunk::isEndOfSpurt).containsExactly(false, true, true);
        assertThat(chunks).extracting(Chunk::frameCount).containsExactly(2, 2, 1);
        assertThat(chunks).extracting(Chunk::captureTimeMs).containsExactly(1_000L, 1_040L, 5_000L);
        assertThat(chunks.get(0).level(1)).isEqualTo(41);
        assertThat(chunks.get(0).isTraced()).isFalse();
        assertThat(speaker.nextSequence()).isEqualTo(4);
    }

    @Test
    void flagsGoWithEveryChunk() throws Exception {
        fixture.joined();
        SpeakerStream speaker =
                fixture.client.speaker("lobby", Codec.OPUS, 20_000, 1).traced().pushToTalk();
        speaker.frame(40, PACKET);
        speaker.frame(40, PACKET);

        assertThat(chunks()).hasSize(2).allMatch(Chunk::isTraced).allMatch(Chunk::isPushToTalk);
    }

    @Test
    void aChunkThatWouldBeTooLargeIsSentBeforeItIsFull() throws Exception {
        fixture.joined();
        SpeakerStream speaker = fixture.client.speaker("lobby", Codec.OPUS, 2_500, 80);
        byte[] large = new byte[1_275];
        large[0] = (byte) (28 << 3);
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            sent.add(speaker.frame(40, large));
        }
        speaker.endSpurt();

        assertThat(chunks().stream().mapToInt(Chunk::frameCount).sum()).isEqualTo(80);
        assertThat(sent).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void aNewConnectionBeginsANewSpurtWithoutTheFramesOfTheOld() throws Exception {
        fixture.joined();
        SpeakerStream speaker = fixture.client.speaker("lobby", Codec.OPUS, 20_000, 2);
        speaker.frame(40, PACKET);
        speaker.frame(40, PACKET);
        CompletableFuture<Void> collected = speaker.frame(40, PACKET);
        fixture.transport.socket().drop();
        fixture.loop.advanceMs(1_000);
        fixture.say(fixture.room.joined());
        speaker.frame(40, PACKET);
        speaker.frame(40, PACKET);

        assertThat(collected).isCompletedExceptionally();
        assertThat(chunks()).hasSize(1);
        assertThat(chunks().get(0).sequence()).isEqualTo(3);
        assertThat(chunks().get(0).spurtOffset()).isZero();
    }

    @Test
    void chunksOverTwoHundredMillisecondsAreRefusedAtOnce() {
        assertThatThrownBy(() -> fixture.client.speaker("lobby", Codec.OPUS, 20_000, 11))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("11 frames of 20000 µs");
    }
}
