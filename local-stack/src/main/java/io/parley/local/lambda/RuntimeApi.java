package io.parley.local.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Lambda's side of one execution environment: hands invocations to the runtime, one at a time, and takes its answers
 * ("Using the Lambda runtime API for custom runtimes"). Thread safe.
 */
public final class RuntimeApi implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/2018-06-01/runtime/";
    private static final String NEXT = "invocation/next";
    /** With SnapStart: the snapshot may be taken; answered when a process made of it goes on, which is at once here. */
    private static final String RESTORE = "restore/next";

    static {
        // Else each invocation waits for the acknowledgement of its headers, some 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final String functionArn;
    private final Duration timeout;
    private final Clock clock;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();
    private final Map<String, CompletableFuture<byte[]>> answers = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> initialised = new CompletableFuture<>();

    private record Invocation(String id, byte[] event) {}

    /**
     * Binds a free port.
     *
     * @param functionArn as which the function is invoked
     */
    public RuntimeApi(String functionArn, Duration timeout, Clock clock) throws IOException {
        this.functionArn = functionArn;
        this.timeout = timeout;
        this.clock = clock;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(PATH, this::serve);
        server.setExecutor(threads);
        server.start();
    }

    /** What {@code AWS_LAMBDA_RUNTIME_API} has to be. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Completes when the runtime has started: it asks for an invocation, or for its snapshot. Fails with what its initialisation failed with. */
    public CompletableFuture<Void> initialised() {
        return initialised;
    }

    /** Completes with the handler's answer, or fails with {@link FunctionError}. */
    public CompletableFuture<byte[]> invoke(byte[] event) {
        Invocation invocation = new Invocation(UUID.randomUUID().toString(), event);
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        answers.put(invocation.id(), answer);
        waiting.add(invocation);
        return answer;
    }

    /** Fails all that was not answered: the process has ended. */
    public void ended(String how) {
        FunctionError error = new FunctionError(how);
        initialised.completeExceptionally(error);
        List<CompletableFuture<byte[]>> open = new ArrayList<>(answers.values());
        open.forEach(answer -> answer.completeExceptionally(error));
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String what = exchange.getRequestURI().getPath().substring(PATH.length());
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (what.equals(NEXT)) {
                initialised.complete(null);
                next(exchange);
                return;
            }
            if (what.equals(RESTORE)) {
                initialised.complete(null);
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            if (what.equals("init/error")) {
                initialised.completeExceptionally(FunctionError.of(body));
            } else {
                String[] parts = what.split("/");
                CompletableFuture<byte[]> answer = answers.remove(parts[1]);
                if (parts[2].equals("response")) {
                    answer.complete(body);
                } else {
                    answer.completeExceptionally(FunctionError.of(body));
                }
            }
            exchange.sendResponseHeaders(202, -1);
        }
    }

    private void next(HttpExchange exchange) throws IOException {
        Invocation invocation;
        try {
            invocation = waiting.take();
        } catch (InterruptedException e) {
            // Closed while the runtime waits.
            return;
        }
        Map.of(
                        "Lambda-Runtime-Aws-Request-Id",
                        invocation.id(),
                        "Lambda-Runtime-Deadline-Ms",
                        String.valueOf(clock.instant().plus(timeout).toEpochMilli()),
                        "Lambda-Runtime-Invoked-Function-Arn",
                        functionArn,
                        "Content-Type",
                        "application/json")
                .forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(200, invocation.event().length);
        exchange.getResponseBody().write(invocation.event());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** The function, or its initialisation, failed; the message is the {@code errorMessage} of what the runtime sent. */
    public static final class FunctionError extends RuntimeException {

        FunctionError(String message) {
            super(message);
        }

        private static FunctionError of(byte[] error) throws IOException {
            return new FunctionError(JSON.readTree(error).path("errorMessage").asText());
        }
    }
}
