package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.client.ClientCounter;
import io.parley.client.SpeakerStream;
import io.parley.client.VoiceClient;
import io.parley.core.chunk.Codec;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Connections are replaced while somebody speaks, over real sockets and the real job. */
class HandoverITCase {

    private static final String ROOM = "handover";
    private static final int FRAMES = 5;

    @Test
    void listenersAndSpeakersChangeTheirConnectionsAndNobodyMissesAFrame() throws Exception {
        Ear moving = new Ear();
        Ear staying = new Ear();
        Ear mouth = new Ear();
        try (LocalStack stack = LocalStack.start(StackOptions.onFreePorts());
                VoiceClient listener = Player.connect(stack, "moving", moving);
                VoiceClient witness = Player.connect(stack, "staying", staying);
                VoiceClient speaker = Player.connect(stack, "speaker", mouth)) {
            listener.join(ROOM, "moving").get(30, TimeUnit.SECONDS);
            witness.join(ROOM, "staying").get(30, TimeUnit.SECONDS);
            String participant =
                    speaker.join(ROOM, "speaker").get(30, TimeUnit.SECONDS).participant();
            SpeakerStream stream = speaker.speaker(ROOM, Codec.OPUS, 20_000, FRAMES);
            List<Integer> said = new ArrayList<>();

            for (int round = 0; round < 3; round++) {
                CompletableFuture<Void> replaced = listener.replaceConnection();
                speakUntil(replaced, participant, stream, said);
            }
            speakUntil(speaker.replaceConnection(), participant, stream, said);
            stream.endSpurt();

            for (Ear ear : List.of(moving, staying)) {
                Eventually.until(
                        "all that was said is heard",
                        () -> ear.heard(participant).size()
                                        + ear.lost(participant).size()
                                >= said.size());
                assertThat(ear.heard(participant)).isEqualTo(said);
                assertThat(ear.missedTicks()).isZero();
                assertThat(ear.chainBreaks()).isZero();
                assertThat(ear.altered).isEmpty();
                assertThat(ear.errors).isEmpty();
            }
            assertThat(mouth.errors).isEmpty();
            assertThat(listener.count(ClientCounter.REPLACEMENTS)).isEqualTo(3);
            assertThat(speaker.count(ClientCounter.REPLACEMENTS)).isEqualTo(1);
        }
    }

    /** At the pace of speech, until it is done and five chunks more. */
    private static void speakUntil(
            CompletableFuture<Void> done, String participant, SpeakerStream stream, List<Integer> said)
            throws Exception {
        for (int after = 0; after < 5; after += done.isDone() ? 1 : 0) {
            for (int f = 0; f < FRAMES; f++) {
                int sequence = (int) stream.nextSequence();
                stream.frame(30, Ear.payload(participant, sequence));
                said.add(sequence);
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        done.get(30, TimeUnit.SECONDS);
    }
}
