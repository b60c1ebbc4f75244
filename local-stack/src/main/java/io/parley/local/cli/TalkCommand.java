package io.parley.local.cli;

import io.parley.client.JoinedRoom;
import io.parley.client.SpeakerStream;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceError;
import io.parley.client.VoiceListener;
import io.parley.core.chunk.Codec;
import io.parley.local.audio.Pcm;
import io.parley.local.audio.SpeechClip;
import io.parley.local.audio.SpeechPace;
import io.parley.local.stack.DevelopmentCredentials;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parley talk}: speaks a WAV file into a room. */
@Command(
        name = "talk",
        mixinStandardHelpOptions = true,
        description = "Speak a WAV file into a room.",
        sortOptions = false)
public final class TalkCommand implements ParleySubcommand {

    private static final int ANSWER_SECONDS = 15;

    @Option(names = "--wav", paramLabel = "FILE", description = "What to say (default: a bundled clip).")
    private Path wav;

    @Option(names = "--room", required = true, description = "The room to speak into.")
    private String room;

    @Option(names = "--name", defaultValue = "talker", description = "Display name (default: ${DEFAULT-VALUE}).")
    private String name;

    @Mixin
    private ClientArguments arguments;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws Exception {
        SpeechClip clip = wav == null ? SpeechClip.bundled().get(0) : SpeechClip.ofWav(wav);
        VoiceListener errors = new VoiceListener() {
            @Override
            public void onError(VoiceError error) {
                System.err.println("parley: " + error.code() + ": " + error.text() + " " + error.cure());
            }
        };
        VoiceClient client = VoiceClient.create(arguments.resolve(DevelopmentCredentials::aliceToken, command), errors);
        try {
            client.connect().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            JoinedRoom joined = client.join(room, name).get(ANSWER_SECONDS, TimeUnit.SECONDS);
            System.out.printf(
                    "Speaking %s (%.1f s) into %s, with %d there.%n",
                    clip.name(),
                    clip.frames().size() * Pcm.FRAME_MS / 1000.0,
                    room,
                    joined.members().size() - 1);
            speak(client, clip.frames(), Math.max(Pcm.FRAME_MS, joined.chunkMs()));
            // What the client still holds goes out before it leaves; the last answer proves it.
            client.ping().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            client.leave(room).get(ANSWER_SECONDS, TimeUnit.SECONDS);
            return 0;
        } finally {
            client.close();
        }
    }

    private void speak(VoiceClient client, List<SpeechClip.Frame> frames, int chunkMs) {
        Clock clock = Clock.systemUTC();
        int perChunk = chunkMs / Pcm.FRAME_MS;
        // Each hop of its way can be seen, on the operator's page and by whoever listens.
        SpeakerStream speaker =
                client.speaker(room, Codec.OPUS, Pcm.FRAME_MS * 1000, perChunk).traced();
        SpeechPace pace = new SpeechPace();
        for (int i = 0; i < frames.size(); i++) {
            if (i % perChunk == 0) {
                pace.await(chunkMs);
            }
            SpeechClip.Frame frame = frames.get(i);
            long captureMs = clock.millis() - chunkMs;
            if (i == frames.size() - 1) {
                speaker.lastFrame(frame.level(), frame.payload(), captureMs);
            } else {
                speaker.frame(frame.level(), frame.payload(), captureMs);
            }
        }
    }
}
