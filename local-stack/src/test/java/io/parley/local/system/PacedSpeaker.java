package io.parley.local.system;

import io.parley.client.SpeakerStream;
import io.parley.client.VoiceClient;
import io.parley.core.chunk.Codec;
import io.parley.local.stack.LocalStack;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A client that speaks without a pause, in chunks of 100 ms at the pace of speech, until it is told to stop. */
final class PacedSpeaker implements AutoCloseable {

    /** In a chunk. */
    static final int FRAMES = 5;

    private static final int CHUNK_MS = 100;

    private final String room;
    private final String participant;
    private final VoiceClient client;
    private final Ear ear;
    private final SpeakerStream stream;
    private final Map<FrameId, Long> sentMs = Collections.synchronizedMap(new LinkedHashMap<>());
    private ScheduledFuture<?> speaking;

    private PacedSpeaker(String room, String participant, VoiceClient client, Ear ear) {
        this.room = room;
        this.participant = participant;
        this.client = client;
        this.ear = ear;
        stream = client.speaker(room, Codec.OPUS, 20_000, FRAMES);
    }

    static PacedSpeaker joined(LocalStack stack, String user, String room) throws Exception {
        Ear ear = new Ear();
        VoiceClient client = Player.connect(stack, user, ear);
        String participant = client.join(room, user).get(30, TimeUnit.SECONDS).participant();
        return new PacedSpeaker(room, participant, client, ear);
    }

    /** Begins to speak on a thread of the executor's. */
    void speak(ScheduledExecutorService pace) {
        speaking = pace.scheduleAtFixedRate(this::sendChunk, 0, CHUNK_MS, TimeUnit.MILLISECONDS);
    }

    /** Stops after the chunk that is being sent. */
    void stop() {
        speaking.cancel(false);
    }

    /** When each frame was given to the network, in ms; a copy. */
    Map<FrameId, Long> sentMs() {
        synchronized (sentMs) {
            return Map.copyOf(sentMs);
        }
    }

    /** The codes of what the server has refused. */
    List<String> errors() {
        return List.copyOf(ear.errors);
    }

    private void sendChunk() {
        long nowMs = System.currentTimeMillis();
        for (int f = 0; f < FRAMES; f++) {
            int sequence = (int) stream.nextSequence();
            sentMs.put(new FrameId(room, participant, sequence), nowMs);
            stream.frame(30, Ear.payload(participant, sequence), nowMs);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
