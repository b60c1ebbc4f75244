package io.parley.broadcast;

import io.parley.core.port.ConnectionPoster;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A gateway in memory: keeps what was posted, answers as it was told, at once or when it is told to. */
final class FakePoster implements ConnectionPoster {

    static final String CLOSE = "<close>";

    private final Map<String, List<String>> posts = new HashMap<>();
    private final Map<String, Deque<Outcome>> scripted = new HashMap<>();
    private final Set<String> thrown = new HashSet<>();
    private final Deque<Runnable> held = new ArrayDeque<>();
    private final Set<String> onTheirWay = new HashSet<>();
    private final Set<byte[]> arrays = new HashSet<>();
    private Runnable onPost = () -> {};
    private boolean hold;
    private int mostOnTheirWay;
    private int heldNow;
    private boolean overlapped;

    synchronized FakePoster answer(String connection, Outcome... outcomes) {
        scripted.put(connection, new ArrayDeque<>(List.of(outcomes)));
        return this;
    }

    synchronized FakePoster throwFor(String connection) {
        thrown.add(connection);
        return this;
    }

    /** From now on answers wait for {@link #release}. */
    synchronized FakePoster hold() {
        hold = true;
        return this;
    }

    synchronized FakePoster onPost(Runnable action) {
        onPost = action;
        return this;
    }

    /** Answers the oldest held post; gives whether there was one. */
    boolean release() {
        Runnable answer;
        synchronized (this) {
            answer = held.poll();
        }
        if (answer == null) {
            return false;
        }
        answer.run();
        return true;
    }

    @Override
    public CompletionStage<Outcome> post(String connection, byte[] text) {
        synchronized (this) {
            arrays.add(text);
        }
        return take(connection, new String(text, StandardCharsets.UTF_8));
    }

    @Override
    public CompletionStage<Outcome> close(String connection) {
        return take(connection, CLOSE);
    }

    private CompletionStage<Outcome> take(String connection, String what) {
        CompletableFuture<Outcome> result = new CompletableFuture<>();
        Outcome outcome;
        synchronized (this) {
            if (thrown.contains(connection)) {
                throw new IllegalStateException("the poster broke");
            }
            posts.computeIfAbsent(connection, id -> new ArrayList<>()).add(what);
            Deque<Outcome> script = scripted.getOrDefault(connection, new ArrayDeque<>());
            outcome = script.isEmpty() ? Outcome.POSTED : script.poll();
            onPost.run();
            if (hold) {
                overlapped |= !onTheirWay.add(connection);
                mostOnTheirWay = Math.max(mostOnTheirWay, ++heldNow);
                held.add(() -> {
                    synchronized (this) {
                        onTheirWay.remove(connection);
                        heldNow--;
                    }
                    result.complete(outcome);
                });
                return result;
            }
        }
        result.complete(outcome);
        return result;
    }

    synchronized List<String> posted(String connection) {
        return List.copyOf(posts.getOrDefault(connection, List.of()));
    }

    synchronized int heldNow() {
        return heldNow;
    }

    synchronized int mostOnTheirWay() {
        return mostOnTheirWay;
    }

    synchronized boolean overlapped() {
        return overlapped;
    }

    /** How many arrays were posted: {@code byte[]} has the identity of an object. */
    synchronized int arrays() {
        return arrays.size();
    }
}
