package io.parley.local.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.client.JdkTransport;
import io.parley.client.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A transport that keeps all messages in both directions, of however many clients share it. Thread safe. */
final class Recorder implements Transport {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Transport transport = new JdkTransport();
    private final List<JsonNode> sent = new CopyOnWriteArrayList<>();
    private final List<JsonNode> received = new CopyOnWriteArrayList<>();

    List<JsonNode> sent() {
        return sent;
    }

    List<JsonNode> received() {
        return received;
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CompletionStage<Socket> connect(Upgrade upgrade, Receiver receiver) {
        return transport.connect(upgrade, new RecordedReceiver(receiver)).thenApply(RecordedSocket::new);
    }

    private final class RecordedSocket implements Socket {
        private final Socket socket;

        RecordedSocket(Socket socket) {
            this.socket = socket;
        }

        @Override
        public CompletionStage<Void> send(String text) {
            sent.add(read(text));
            return socket.send(text);
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private final class RecordedReceiver implements Receiver {
        private final Receiver receiver;

        RecordedReceiver(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void text(String text, Runnable processed) {
            received.add(read(text));
            receiver.text(text, processed);
        }

        @Override
        public void closed(int code, String reason) {
            receiver.closed(code, reason);
        }

        @Override
        public void failed(Throwable failure) {
            receiver.failed(failure);
        }
    }
}
