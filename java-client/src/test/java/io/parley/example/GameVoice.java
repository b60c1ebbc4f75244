package io.parley.example;

import io.parley.client.JoinedRoom;
import io.parley.client.LostFrames;
import io.parley.client.RoomEvent;
import io.parley.client.RoomRemoval;
import io.parley.client.SpeakerStream;
import io.parley.client.TicketSource;
import io.parley.client.TokenSource;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceClientOptions;
import io.parley.client.VoiceError;
import io.parley.client.VoiceFrame;
import io.parley.client.VoiceListener;
import io.parley.core.chunk.Codec;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.SourceDataLine;
import javax.sound.sampled.TargetDataLine;

/** A game's voice: the microphone goes to a room, and the room, mixed, to the loudspeaker. */
public final class GameVoice implements VoiceListener, AutoCloseable {

    public static final int FRAME_US = 20_000;
    public static final int SAMPLE_RATE = Codec.PCM16_16K.sampleRate();
    public static final int FRAME_SAMPLES = SAMPLE_RATE / 50;
    /** More than this of one speaker is too late to be worth hearing. */
    private static final int MAX_WAITING = SAMPLE_RATE;

    /** What waits to be heard of one speaker. */
    private static final class Voice {
        final Deque<short[]> frames = new ArrayDeque<>();
        int waiting; // samples
        int played; // samples of the first frame
        boolean playing;
    }

    private final Map<Integer, Voice> voices = new HashMap<>(); // by stream; guarded by this
    private int playoutSamples; // guarded by this
    private SpeakerStream speaker; // of the capturing thread, as the next
    private boolean wasTalking;

    @Override
    public synchronized void onJoined(JoinedRoom room) {
        playoutSamples = room.playoutMs() * SAMPLE_RATE / 1_000;
        System.out.println(room.room() + (room.recording() ? " is recorded" : ""));
    }

    @Override
    public synchronized void onEvent(RoomEvent event) {
        if (event.kind() == RoomEvent.Kind.OPENED) {
            voices.clear(); // in another epoch streams have other numbers
        }
    }

    @Override
    public synchronized void onFrame(VoiceFrame frame) {
        if (frame.codec() == Codec.PCM16_16K) { // for Codec.OPUS: a decoder for each stream
            short[] samples = new short[frame.payload().length / 2];
            ByteBuffer.wrap(frame.payload())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asShortBuffer()
                    .get(samples);
            add(frame.stream(), samples);
        }
    }

    @Override
    public synchronized void onLost(LostFrames lost) {
        // Silence in the place of what never comes, so that the rest is heard when it should be; Opus can do better.
        long samples = lost.count() * lost.speaker().frameDurationUs() * SAMPLE_RATE / 1_000_000;
        add(lost.speaker().stream(), new short[(int) Math.min(samples, MAX_WAITING)]);
    }

    private void add(int stream, short[] samples) {
        Voice voice = voices.computeIfAbsent(stream, index -> new Voice());
        voice.frames.add(samples);
        voice.waiting += samples.length;
        while (voice.waiting > MAX_WAITING) {
            voice.waiting -= voice.frames.remove().length - voice.played;
            voice.played = 0;
        }
    }

    /** The next 20 ms of everybody; the loudspeaker's thread asks for them, at its own pace. */
    public synchronized short[] mix() {
        int[] sum = new int[FRAME_SAMPLES];
        for (Voice voice : voices.values()) {
            voice.playing = voice.playing ? voice.waiting > 0 : voice.waiting >= Math.max(playoutSamples, 1);
            for (int i = 0; voice.playing && i < FRAME_SAMPLES && voice.waiting > 0; i++) {
                sum[i] += voice.frames.element()[voice.played++];
                voice.waiting--;
                if (voice.played == voice.frames.element().length) {
                    voice.frames.remove();
                    voice.played = 0;
                }
            }
        }
        short[] mixed = new short[FRAME_SAMPLES];
        for (int i = 0; i < FRAME_SAMPLES; i++) {
            mixed[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, sum[i]));
        }
        return mixed;
    }

    /** 20 ms of the microphone; the capturing thread gives all of them, and whether the key to talk is held down. */
    public void capture(byte[] pcm, boolean talking) {
        if (talking) {
            speaker.frame(level(pcm), pcm);
        } else if (wasTalking) {
            speaker.lastFrame(level(pcm), pcm, System.currentTimeMillis()); // in silence nothing is sent
        }
        wasTalking = talking;
    }

    /** In -dBov (RFC 6464): 0 is the loudest, 127 silence. */
    static int level(byte[] pcm) {
        double squares = 0;
        for (int i = 0; i < pcm.length; i += 2) {
            int sample = pcm[i + 1] << 8 | pcm[i] & 0xFF;
            squares += (double) sample * sample;
        }
        double rms = Math.sqrt(squares / (pcm.length / 2));
        return rms < 1 ? 127 : (int) Math.min(127, Math.round(-20 * Math.log10(rms / 32_768)));
    }

    void speakBy(SpeakerStream stream) {
        speaker = stream;
    }

    @Override
    public void onRemoved(RoomRemoval removal, boolean willRejoin) {
        System.out.println("out of " + removal);
    }

    @Override
    public void onError(VoiceError error) {
        System.out.println(error + " " + error.cure());
    }

    @Override
    public synchronized void close() {
        voices.clear();
    }

    /** Address, API key, user token and, if the deployment wants tickets, a ticket for the lobby. */
    public static void main(String[] args) throws Exception {
        VoiceClientOptions options = VoiceClientOptions.of(URI.create(args[0]))
                .withApiKey(args[1])
                .withTokens(TokenSource.fixed(args[2])); // a real game: () -> myLogin.freshToken()
        if (args.length > 3) {
            options =
                    options.withTickets(TicketSource.fixed(args[3])); // a real game: room -> myBackend.ticketFor(room)
        }
        AudioFormat format = new AudioFormat(SAMPLE_RATE, 16, 1, true, false);
        try (GameVoice voice = new GameVoice();
                VoiceClient client = VoiceClient.create(options, voice);
                TargetDataLine microphone = AudioSystem.getTargetDataLine(format);
                SourceDataLine loudspeaker = AudioSystem.getSourceDataLine(format)) {
            CompletableFuture<JoinedRoom> joining =
                    client.connect().thenCompose(open -> client.join("lobby", "Player One"));
            int framesPerChunk = Math.max(1, joining.get().chunkMs() * 1_000 / FRAME_US);
            voice.speakBy(client.speaker("lobby", Codec.PCM16_16K, FRAME_US, framesPerChunk)
                    .pushToTalk());
            microphone.open(format);
            microphone.start();
            loudspeaker.open(format, FRAME_SAMPLES * 2 * 4);
            loudspeaker.start();
            Thread playing = new Thread(() -> {
                while (loudspeaker.isOpen()) {
                    ByteBuffer bytes = ByteBuffer.allocate(FRAME_SAMPLES * 2).order(ByteOrder.LITTLE_ENDIAN);
                    bytes.asShortBuffer().put(voice.mix());
                    loudspeaker.write(bytes.array(), 0, bytes.capacity()); // waits until there is room
                }
            });
            playing.setDaemon(true);
            playing.start();
            while (!client.stopped().isDone()) {
                byte[] pcm = new byte[FRAME_SAMPLES * 2];
                if (microphone.read(pcm, 0, pcm.length) == pcm.length) {
                    voice.capture(pcm, true); // a real game: whether the key is held down
                }
            }
        }
    }
}
