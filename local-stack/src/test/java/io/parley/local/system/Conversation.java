package io.parley.local.system;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Players who all speak at once, each on a thread of its own and at the pace of speech, until it is ended. */
final class Conversation implements AutoCloseable {

    private final AtomicBoolean over = new AtomicBoolean();
    private final CompletableFuture<Void> spoken;

    private Conversation(List<Player> speakers) {
        spoken = CompletableFuture.allOf(speakers.stream()
                .map(speaker -> CompletableFuture.runAsync(() -> speak(speaker), task -> new Thread(task).start()))
                .toArray(CompletableFuture<?>[]::new));
    }

    static Conversation of(List<Player> speakers) {
        return new Conversation(speakers);
    }

    static Conversation of(Player... speakers) {
        return new Conversation(Stream.of(speakers).toList());
    }

    /** Lets them speak for so long. */
    void goOn(int seconds) throws Exception {
        TimeUnit.SECONDS.sleep(seconds);
        if (spoken.isCompletedExceptionally()) {
            spoken.join();
        }
    }

    /** Ends it, and gives what has failed in it. */
    void end() throws Exception {
        over.set(true);
        spoken.get(60, TimeUnit.SECONDS);
    }

    private void speak(Player speaker) {
        try {
            while (!over.get()) {
                speaker.speak();
            }
        } catch (Exception e) {
            throw new IllegalStateException(speaker.participant() + " could not go on", e);
        }
    }

    @Override
    public void close() {
        over.set(true);
    }
}
