package io.parley.local.stack;

import io.parley.client.TicketSource;
import io.parley.client.TokenSource;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceClientOptions;
import io.parley.client.VoiceListener;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Goes the whole way once before anybody else does, as a client of its own: joins a room, speaks, sends a probe, leaves.
 * When it comes back the stack is ready in fact, and each part has its first call, the slow one, behind it.
 */
final class Readiness {

    private static final String ROOM = "readiness";
    private static final Duration LIMIT = Duration.ofSeconds(90);
    /** One 20 ms frame of silence: the shortest Opus packet. */
    private static final byte[] SILENCE = {(byte) (19 << 3)};

    private Readiness() {}

    /** Returns when the whole way has been gone; what fails at first, as cold parts may, is tried again. */
    static void await(String url, String apiKey, String token, TicketSource tickets) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        VoiceClientOptions options = VoiceClientOptions.of(URI.create(url))
                .withApiKey(apiKey)
                .withTokens(TokenSource.fixed(token))
                .withTickets(tickets)
                .withBackoff(Duration.ofMillis(50), Duration.ofMillis(500));
        VoiceListener nothing = new VoiceListener() {};
        try (VoiceClient client = VoiceClient.create(options, nothing)) {
            retry(end, client::connect);
            retry(end, () -> client.join(ROOM));
            retry(end, () -> client.sendChunk(ROOM, silence()));
            retry(end, () -> client.probe(ROOM));
            retry(end, () -> client.leave(ROOM));
        }
    }

    private static byte[] silence() {
        return new ChunkBuilder(Codec.OPUS, 20_000, 0, 0, 0)
                .frame(127, SILENCE)
                .flag(Chunk.FLAG_END_OF_SPURT)
                .build();
    }

    private static void retry(long end, Step step) throws Exception {
        while (true) {
            try {
                step.start().get(15, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException | TimeoutException e) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(
                            "the stack did not become ready in " + LIMIT.toSeconds() + " s; see the log", e);
                }
            }
        }
    }

    private interface Step {
        CompletableFuture<?> start();
    }
}
