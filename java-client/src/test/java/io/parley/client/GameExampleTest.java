package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.chunk.Codec;
import io.parley.example.GameVoice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example of docs/games.md. */
class GameExampleTest {

    private final GameVoice voice = new GameVoice();
    private final RoomScript room = new RoomScript();

    @Test
    void isWhatThePageShows() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "games.md"));
        String source = Files.readString(Path.of("src/test/java/io/parley/example/GameVoice.java"));

        assertThat(page).contains("```java\n" + source + "```");
    }

    @Test
    void waitsForThePlayoutDelayThenMixesAndEndsInSilence() {
        voice.onJoined(ServerMessages.joined(ServerMessages.parse(room.joined("\"members\":[],\"playoutMs\":40"))));
        say(1, 0, 100);
        assertThat(voice.mix()[0]).isZero();
        say(1, 1, 200);
        say(2, 0, 5);
        say(2, 1, 5);
        assertThat(voice.mix()[0]).isEqualTo((short) 105);
        assertThat(voice.mix()[0]).isEqualTo((short) 205);
        assertThat(voice.mix()[0]).isZero();
    }

    @Test
    void keepsThePlaceOfWhatIsLostAndClipsWhatIsTooLoud() {
        say(1, 0, 30_000);
        voice.onLost(new LostFrames("lobby", info(1), 1, 1));
        say(1, 2, 7);
        say(2, 0, 30_000);
        assertThat(voice.mix()[0]).isEqualTo(Short.MAX_VALUE);
        assertThat(voice.mix()[0]).isZero();
        assertThat(voice.mix()[0]).isEqualTo((short) 7);
    }

    @Test
    void whatWaitsTooLongIsDropped() {
        for (int frame = 0; frame < 1_000; frame++) {
            say(1, frame, frame);
        }
        assertThat(voice.mix()[0]).isEqualTo((short) 950);
    }

    private void say(int stream, int sequence, int sample) {
        ByteBuffer pcm = ByteBuffer.allocate(GameVoice.FRAME_SAMPLES * 2).order(ByteOrder.LITTLE_ENDIAN);
        while (pcm.hasRemaining()) {
            pcm.putShort((short) sample);
        }
        voice.onFrame(new VoiceFrame("lobby", info(stream), sequence, 30, pcm.array(), 1, 1));
    }

    private static SpeakerInfo info(int stream) {
        return new SpeakerInfo(stream, "p" + stream, Codec.PCM16_16K, GameVoice.FRAME_US);
    }
}
