package io.parley.client;

import io.parley.core.error.Retry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * What waits to be sent on one connection: one message is handed to the socket at a time, the next one when the socket
 * has taken it, so that a slow network is felt here and not in the socket's memory. Runs on the loop.
 */
final class SendQueue {

    private final EventLoop loop;
    private final Counters counters;
    private final SendPlaces places;
    private final Deque<Message> waiting = new ArrayDeque<>();
    private Transport.Socket socket;
    private Message sending;
    private Runnable whenEmpty;

    private static final class Message {
        final String text;
        final CompletableFuture<Void> sent;

        Message(String text, CompletableFuture<Void> sent) {
            this.text = text;
            this.sent = sent;
        }
    }

    SendQueue(Transport.Socket socket, EventLoop loop, Counters counters, SendPlaces places) {
        this.socket = socket;
        this.loop = loop;
        this.counters = counters;
        this.places = places;
    }

    /** Sends when the time comes; the place must have been taken. */
    void add(String text, CompletableFuture<Void> sent) {
        if (socket == null) {
            places.release();
            sent.completeExceptionally(new VoiceException(notConnected()));
            return;
        }
        waiting.add(new Message(text, sent));
        sendNext();
    }

    /** Sends what the client itself has to say, which needs no place. */
    void addOwn(String text) {
        places.take();
        add(text, new CompletableFuture<>());
    }

    /** The socket is gone, and all that waits with it: what was said then is not worth hearing later. */
    void close() {
        socket = null;
        Message late = sending;
        sending = null;
        if (late != null) {
            fail(late);
        }
        while (!waiting.isEmpty()) {
            fail(waiting.poll());
        }
        ranEmpty();
    }

    /** Runs the task when nothing waits any more, at once if so now. */
    void whenEmpty(Runnable task) {
        whenEmpty = task;
        ranEmpty();
    }

    private void sendNext() {
        if (socket == null || sending != null || waiting.isEmpty()) {
            ranEmpty();
            return;
        }
        Message message = waiting.poll();
        sending = message;
        try {
            socket.send(message.text).whenComplete((done, failure) -> loop.execute(() -> sent(message, failure)));
        } catch (RuntimeException e) {
            loop.execute(() -> sent(message, e));
        }
    }

    private void sent(Message message, Throwable failure) {
        if (sending != message) {
            return; // of a socket that is gone
        }
        sending = null;
        if (failure == null) {
            places.release();
            counters.add(ClientCounter.SENT);
            message.sent.complete(null);
        } else {
            fail(message);
        }
        sendNext();
    }

    private void fail(Message message) {
        places.release();
        message.sent.completeExceptionally(new VoiceException(notConnected()));
    }

    private void ranEmpty() {
        if (whenEmpty != null && sending == null && waiting.isEmpty()) {
            Runnable task = whenEmpty;
            whenEmpty = null;
            task.run();
        }
    }

    static VoiceError notConnected() {
        return VoiceError.local(VoiceError.NOT_CONNECTED, "There is no connection to send it on.", Retry.LATER, null);
    }
}
