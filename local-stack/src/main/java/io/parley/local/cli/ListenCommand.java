package io.parley.local.cli;

import io.parley.client.JoinedRoom;
import io.parley.client.LostFrames;
import io.parley.client.RoomEvent;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceError;
import io.parley.client.VoiceFrame;
import io.parley.client.VoiceListener;
import io.parley.local.audio.HeardMix;
import io.parley.local.stack.DevelopmentCredentials;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parley listen}: writes what is heard in a room to an Ogg Opus file until Ctrl-C. */
@Command(
        name = "listen",
        mixinStandardHelpOptions = true,
        description = "Write what is heard in a room to a file, until Ctrl-C.",
        sortOptions = false)
public final class ListenCommand implements ParleySubcommand {

    private static final int ANSWER_SECONDS = 15;
    private static final int PLAYOUT_MS = 200;

    @Option(names = "--room", required = true, description = "The room to listen to.")
    private String room;

    @Option(names = "--out", paramLabel = "FILE.ogg", required = true, description = "Ogg Opus file to write.")
    private Path file;

    @Option(names = "--name", defaultValue = "listener", description = "Display name (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(names = "--seconds", description = "Stop after so long (default: at Ctrl-C).")
    private Integer seconds;

    @Mixin
    private ClientArguments arguments;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                HeardMix mix = new HeardMix(out, PLAYOUT_MS)) {
            Ear ear = new Ear(mix, stop);
            VoiceClient client = VoiceClient.create(arguments.resolve(DevelopmentCredentials::bobToken, command), ear);
            client.connect().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            JoinedRoom joined = client.join(room, name).get(ANSWER_SECONDS, TimeUnit.SECONDS);
            System.out.printf(
                    "Listening to %s with %d there%s; Ctrl-C ends it.%n",
                    room, joined.members().size() - 1, joined.recording() ? "; the room is recorded" : "");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                stop.countDown();
                try {
                    closed.await(ANSWER_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            if (seconds == null) {
                stop.await();
            } else {
                stop.await(seconds, TimeUnit.SECONDS);
            }
            client.close();
            synchronized (mix) {
                System.out.printf("%nHeard %d frames, %d lost: %s%n", ear.frames, ear.lost, file);
            }
        } finally {
            closed.countDown();
        }
        return 0;
    }

    /** Mixes on the client's thread; the file is closed on another, so the mix is guarded by itself. */
    private static final class Ear implements VoiceListener {

        private final HeardMix mix;
        private final CountDownLatch stop;
        private final Clock clock = Clock.systemUTC();
        private long frames;
        private long lost;

        Ear(HeardMix mix, CountDownLatch stop) {
            this.mix = mix;
            this.stop = stop;
        }

        @Override
        public void onFrame(VoiceFrame frame) {
            synchronized (mix) {
                frames++;
                if (stop.getCount() > 0) {
                    mix.hear(frame.stream(), frame.codec(), frame.frameDurationUs(), frame.payload(), clock.millis());
                }
            }
        }

        @Override
        public void onLost(LostFrames frames) {
            synchronized (mix) {
                lost += frames.count();
                if (stop.getCount() > 0) {
                    mix.conceal(
                            frames.speaker().stream(),
                            frames.speaker().frameDurationUs(),
                            (int) frames.count(),
                            clock.millis());
                }
            }
        }

        @Override
        public void onEvent(RoomEvent event) {
            System.out.println("  " + event);
        }

        @Override
        public void onError(VoiceError error) {
            System.err.println("parley: " + error.code() + ": " + error.text() + " " + error.cure());
        }

        @Override
        public void onDisconnected(String reason, boolean willReconnect) {
            if (stop.getCount() == 0) {
                return; // as it was meant
            }
            System.err.println("parley: disconnected: " + reason + (willReconnect ? "; connecting again" : ""));
            if (!willReconnect) {
                stop.countDown();
            }
        }
    }
}
