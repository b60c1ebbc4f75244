package io.parley.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Keeps its events and answers as told; 200 unless told otherwise. */
final class RecordingFunction implements RouteFunction {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
    private volatile Function<JsonNode, CompletionStage<byte[]>> behaviour = event -> answer("{\"statusCode\":200}");

    static CompletionStage<byte[]> answer(String json) {
        return CompletableFuture.completedFuture(json.getBytes(StandardCharsets.UTF_8));
    }

    RecordingFunction answering(String json) {
        behaviour = event -> answer(json);
        return this;
    }

    RecordingFunction failing(String errorMessage) {
        behaviour = event -> CompletableFuture.failedFuture(new IllegalStateException(errorMessage));
        return this;
    }

    RecordingFunction silent() {
        behaviour = event -> new CompletableFuture<>();
        return this;
    }

    RecordingFunction behaving(Function<JsonNode, CompletionStage<byte[]>> behaviour) {
        this.behaviour = behaviour;
        return this;
    }

    @Override
    public CompletionStage<byte[]> invoke(byte[] event) {
        events.add(event);
        return behaviour.apply(tree(event));
    }

    byte[] nextBytes() {
        try {
            byte[] event = events.poll(10, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("the function was not invoked");
            }
            return event;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonNode next() {
        return tree(nextBytes());
    }

    int waiting() {
        return events.size();
    }

    static JsonNode tree(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
