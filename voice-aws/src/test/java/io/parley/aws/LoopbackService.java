package io.parley.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A service on loopback that gives the answers it was told, in turn, and remembers what it was asked. */
final class LoopbackService implements AutoCloseable {

    final CopyOnWriteArrayList<Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    LoopbackService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "loopback-service");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
    }

    LoopbackService answers(int status, String body) {
        answers.add(new Answer(status, "", body.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    /** An empty map in CBOR, which is what the SDK speaks with Kinesis. */
    LoopbackService answersKinesis() {
        answers.add(new Answer(200, "", new byte[] {(byte) 0xA0}));
        return this;
    }

    LoopbackService refusesKinesis(int status, String type) {
        answers.add(new Answer(status, type, new byte[] {(byte) 0xA0}));
        return this;
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    AwsClients clients() {
        return AwsClients.from(Map.of(
                "AWS_REGION", "eu-central-1",
                "AWS_ENDPOINT_URL", uri(),
                "AWS_ACCESS_KEY_ID", "THEKEY",
                "AWS_SECRET_ACCESS_KEY", "secret",
                "AWS_SESSION_TOKEN", "token"));
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        requests.add(new Request(exchange, body));
        Answer answer = answers.isEmpty() ? new Answer(500, "", new byte[0]) : answers.remove();
        if (!answer.errorType.isEmpty()) {
            exchange.getResponseHeaders().add("x-amzn-ErrorType", answer.errorType);
        }
        exchange.sendResponseHeaders(answer.status, answer.body.length == 0 ? -1 : answer.body.length);
        exchange.getResponseBody().write(answer.body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    static final class Request {
        final String line;
        final Map<String, List<String>> headers;
        final byte[] body;

        Request(HttpExchange exchange, byte[] body) {
            this.line = exchange.getRequestMethod() + ' ' + exchange.getRequestURI();
            this.headers = exchange.getRequestHeaders();
            this.body = body;
        }

        /** Null where it is not there. */
        String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? null : values.get(0);
        }
    }

    private static final class Answer {
        private final int status;
        private final String errorType;
        private final byte[] body;

        Answer(int status, String errorType, byte[] body) {
            this.status = status;
            this.errorType = errorType;
            this.body = body;
        }
    }
}
