package io.parley.client;

import io.parley.core.record.Micros;
import java.time.Clock;

/**
 * One attempt at a WebSocket and what comes of it, brought from the transport's threads to the loop. Once it is over
 * nothing is heard of it any more. All but what the transport calls runs on the loop.
 */
final class Connection implements Transport.Receiver {

    /** What a connection tells. */
    interface Owner {
        /** @param receivedUs when the message came in, in µs since the epoch */
        void received(Connection connection, String text, long receivedUs);

        /** It ended, and not by {@link Connection#close}. */
        void ended(Connection connection, String reason);
    }

    private final EventLoop loop;
    private final Clock clock;
    private final Owner owner;
    private Transport.Socket socket;
    private boolean over;

    Connection(EventLoop loop, Clock clock, Owner owner) {
        this.loop = loop;
        this.clock = clock;
        this.owner = owner;
    }

    /** Gives false, and closes the socket, if nobody waits for it any more. */
    boolean open(Transport.Socket opened) {
        if (over) {
            opened.close();
            return false;
        }
        socket = opened;
        return true;
    }

    Transport.Socket socket() {
        return socket;
    }

    boolean isOpen() {
        return socket != null && !over;
    }

    boolean isOver() {
        return over;
    }

    void close() {
        if (!over && socket != null) {
            socket.close();
        }
        over = true;
    }

    @Override
    public void text(String text, Runnable processed) {
        long receivedUs = Micros.now(clock);
        loop.execute(() -> {
            if (over) {
                return;
            }
            try {
                owner.received(this, text, receivedUs);
            } finally {
                processed.run();
            }
        });
    }

    @Override
    public void closed(int code, String reason) {
        loop.execute(() -> end("closed with " + code + (reason.isEmpty() ? "" : " " + reason)));
    }

    @Override
    public void failed(Throwable failure) {
        loop.execute(() -> end("broke: " + failure));
    }

    private void end(String reason) {
        if (isOpen()) {
            over = true;
            owner.ended(this, reason);
        }
    }
}
