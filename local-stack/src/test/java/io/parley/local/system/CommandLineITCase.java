package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.local.audio.OggOpus;
import io.parley.local.cli.ListenCommand;
import io.parley.local.cli.TalkCommand;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code talk} and {@code listen} as a person would use them. */
class CommandLineITCase {

    private static final int WAV_RATE = 22_050;
    private static final int WAV_SECONDS = 2;

    @Test
    void whatIsTalkedFromAWavFileIsHeardInAnOggFile(@TempDir Path folder) throws Exception {
        Path wav = folder.resolve("tone.wav");
        Path ogg = folder.resolve("heard.ogg");
        writeTone(wav);
        try (LocalStack stack = LocalStack.start(StackOptions.onFreePorts())) {
            String[] listen = {
                "--url", stack.credentials().url(),
                "--api-key", stack.credentials().apiKey(),
                "--token", stack.credentials().bobToken(),
                "--room", "cli",
                "--out", ogg.toString(),
                "--seconds", "15"
            };
            CompletableFuture<Integer> listening =
                    CompletableFuture.supplyAsync(() -> new CommandLine(new ListenCommand()).execute(listen));
            Eventually.until("the listener is in the room", () -> stack.connectionItems() >= 4);
            int talked = new CommandLine(new TalkCommand())
                    .execute(
                            "--url", stack.credentials().url(),
                            "--api-key", stack.credentials().apiKey(),
                            "--token", stack.credentials().aliceToken(),
                            "--room", "cli",
                            "--wav", wav.toString());

            assertThat(talked).isZero();
            assertThat(listening.get(60, TimeUnit.SECONDS)).isZero();
        }
        try (InputStream in = Files.newInputStream(ogg)) {
            assertThat(OggOpus.read(in)).hasSizeBetween(WAV_SECONDS * 50, WAV_SECONDS * 50 + 60);
        }
    }

    @Test
    void sayWhatIsMissingWhereNoStackRunsOrAnOptionLacks() {
        assertThat(errorOf("--url", "ws://127.0.0.1:1/local", "--room", "r")).contains("--url needs --api-key");
        assertThat(errorOf(
                        "--url", "ws://127.0.0.1:1/local", "--api-key", "k", "--room", "r", "--file", "no/login.json"))
                .contains("nobody is signed in", "./parley login");
        assertThat(errorOf("--room")).contains("--room");
    }

    private static String errorOf(String... arguments) {
        StringWriter error = new StringWriter();
        CommandLine line = new CommandLine(new TalkCommand()).setErr(new PrintWriter(error));
        assertThat(line.execute(arguments)).isEqualTo(2);
        return error.toString();
    }

    private static void writeTone(Path file) throws Exception {
        ByteBuffer samples = ByteBuffer.allocate(WAV_RATE * WAV_SECONDS * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < WAV_RATE * WAV_SECONDS; i++) {
            samples.putShort((short) (8_000 * Math.sin(2 * Math.PI * 440 * i / WAV_RATE)));
        }
        AudioFormat format = new AudioFormat(WAV_RATE, 16, 1, true, false);
        try (AudioInputStream in = new AudioInputStream(
                new ByteArrayInputStream(samples.array()), format, (long) WAV_RATE * WAV_SECONDS)) {
            AudioSystem.write(in, AudioFileFormat.Type.WAVE, file.toFile());
        }
    }
}
