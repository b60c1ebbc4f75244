package io.parley.client;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Opens WebSockets. {@link JdkTransport} is the one for normal use; another may be given where an application brings a
 * WebSocket library of its own. Thread safe.
 */
public interface Transport {

    /**
     * Opens a WebSocket. Fails with {@link UpgradeRefusedException} where the server answered the upgrade with an HTTP
     * status, with any other exception where it could not be reached.
     *
     * @param receiver is called by one thread at a time, never before this stage has completed
     */
    CompletionStage<Socket> connect(Upgrade upgrade, Receiver receiver);

    /** One open WebSocket. Thread safe. */
    interface Socket {

        /** Sends one text message. The caller sends the next one when this has completed. */
        CompletionStage<Void> send(String text);

        /** Closes with 1000 and frees the connection, also where the server never answers the close. */
        void close();
    }

    /** What comes in. The end comes once, as {@link #closed} or {@link #failed}. */
    interface Receiver {

        /**
         * A whole text message.
         *
         * @param processed to be run when the next message may come
         */
        void text(String text, Runnable processed);

        /** The server closed the WebSocket. */
        void closed(int code, String reason);

        /** The WebSocket broke. */
        void failed(Throwable failure);
    }

    /** What the upgrade request says. Immutable. */
    final class Upgrade {

        private final URI uri;
        private final Map<String, String> headers;
        private final List<String> subprotocols;

        /** An upgrade request for that address with those headers, offering those subprotocols. */
        public Upgrade(URI uri, Map<String, String> headers, List<String> subprotocols) {
            this.uri = Objects.requireNonNull(uri, "uri");
            this.headers = Map.copyOf(headers);
            this.subprotocols = List.copyOf(subprotocols);
        }

        /** The address, {@code wss://...}. */
        public URI uri() {
            return uri;
        }

        /** The headers besides those of the WebSocket itself. */
        public Map<String, String> headers() {
            return headers;
        }

        /** The subprotocols to offer; may be empty. */
        public List<String> subprotocols() {
            return subprotocols;
        }
    }

    /** The server answered the upgrade with an HTTP status other than 101. */
    final class UpgradeRefusedException extends IOException {

        private static final long serialVersionUID = 1L;

        /** The HTTP status. */
        private final int status;

        /** The server answered with that status. */
        public UpgradeRefusedException(int status) {
            super("the server answered the upgrade with " + status);
            this.status = status;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }
    }
}
