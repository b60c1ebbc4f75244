package io.parley.local.system;

import io.parley.client.TokenSource;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceClientOptions;
import io.parley.client.VoiceListener;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.local.stack.LocalStack;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client in a room, who speaks at the pace of speech and hears. */
final class Player implements AutoCloseable {

    private static final int FRAMES = 5;

    private final String room;
    private final VoiceClient client;
    private final String participant;
    private final Ear ear;
    private final List<Integer> said = new ArrayList<>();
    private final List<Long> saidAtNs = new ArrayList<>();

    private Player(String room, VoiceClient client, String participant, Ear ear) {
        this.room = room;
        this.client = client;
        this.participant = participant;
        this.ear = ear;
    }

    static VoiceClient connect(LocalStack stack, String user, VoiceListener listener) throws Exception {
        VoiceClientOptions options = VoiceClientOptions.of(
                        URI.create(stack.credentials().url()))
                .withApiKey(stack.credentials().apiKey())
                .withTokens(TokenSource.fixed(stack.token(user)));
        VoiceClient client = VoiceClient.create(options, listener);
        client.connect().get(30, TimeUnit.SECONDS);
        return client;
    }

    static Player joined(LocalStack stack, String user, String room) throws Exception {
        Ear ear = new Ear();
        VoiceClient client = connect(stack, user, ear);
        String participant = client.join(room, user).get(30, TimeUnit.SECONDS).participant();
        return new Player(room, client, participant, ear);
    }

    String room() {
        return room;
    }

    String participant() {
        return participant;
    }

    Ear ear() {
        return ear;
    }

    /** The numbers of all frames that were sent, in their order. */
    List<Integer> said() {
        return List.copyOf(said);
    }

    /** How long after it was sent a frame was heard by that listener. */
    long delayMs(int number, Ear listener) {
        return TimeUnit.NANOSECONDS.toMillis(listener.heardAtNs.get(participant + ":" + number) - saidAtNs.get(number));
    }

    /** Sends the next chunk of its one spurt. */
    void speak() throws Exception {
        int sequence = said.size();
        ChunkBuilder chunk = new ChunkBuilder(Codec.OPUS, 20_000, sequence, sequence, 0);
        for (int f = 0; f < FRAMES; f++) {
            chunk.frame(30, Ear.payload(participant, sequence + f));
            said.add(sequence + f);
            saidAtNs.add(System.nanoTime());
        }
        client.sendChunk(room, chunk.build()).get(30, TimeUnit.SECONDS);
        // The pace of speech: a chunk of 100 ms.
        TimeUnit.MILLISECONDS.sleep(100);
    }

    void speak(int chunks) throws Exception {
        for (int c = 0; c < chunks; c++) {
            speak();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
