package io.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** A server in memory: opens, refuses or fails upgrades as it was told, keeps what was sent, and says what the test wants. */
final class FakeTransport implements Transport {

    private static final ObjectMapper JSON = new ObjectMapper();

    final List<Upgrade> upgrades = new ArrayList<>();
    final List<FakeSocket> sockets = new ArrayList<>();
    private final Deque<Throwable> failures = new ArrayDeque<>();
    private boolean slow;

    FakeTransport refuse(int times, int status) {
        for (int i = 0; i < times; i++) {
            failures.add(new UpgradeRefusedException(status));
        }
        return this;
    }

    FakeTransport fail(int times) {
        for (int i = 0; i < times; i++) {
            failures.add(new IOException("no route"));
        }
        return this;
    }

    /** Messages are taken by the network only when {@link FakeSocket#take} is called. */
    FakeTransport slow() {
        slow = true;
        return this;
    }

    @Override
    public CompletionStage<Socket> connect(Upgrade upgrade, Receiver receiver) {
        upgrades.add(upgrade);
        Throwable failure = failures.poll();
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        FakeSocket socket = new FakeSocket(receiver);
        sockets.add(socket);
        return CompletableFuture.completedFuture(socket);
    }

    FakeSocket socket() {
        return sockets.get(sockets.size() - 1);
    }

    final class FakeSocket implements Socket {
        final List<String> sent = new ArrayList<>();
        final Deque<CompletableFuture<Void>> onTheirWay = new ArrayDeque<>();
        private final Receiver receiver;
        int mostOnTheirWay;
        boolean closed;
        int processed;

        FakeSocket(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public CompletionStage<Void> send(String text) {
            sent.add(text);
            CompletableFuture<Void> taken = new CompletableFuture<>();
            if (slow) {
                onTheirWay.add(taken);
                mostOnTheirWay = Math.max(mostOnTheirWay, onTheirWay.size());
            } else {
                taken.complete(null);
            }
            return taken;
        }

        @Override
        public void close() {
            closed = true;
        }

        void take() {
            onTheirWay.remove().complete(null);
        }

        void say(String text) {
            receiver.text(text, () -> processed++);
        }

        void drop() {
            receiver.closed(1006, "");
        }

        /** What the client sent of that action, in order. */
        List<JsonNode> sent(String action) {
            return sent.stream()
                    .map(FakeTransport::read)
                    .filter(message -> message.path("action").asText().equals(action))
                    .collect(Collectors.toList());
        }
    }

    /** The last message of that action; what a test answers. */
    JsonNode last(String action) {
        List<JsonNode> all = socket().sent(action);
        return all.get(all.size() - 1);
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
