package io.parley.benchmarks.naive;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.benchmarks.naive.NaiveFrame.Status;
import io.parley.core.chunk.Chunk;
import io.parley.core.tick.LiveFrames;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * The design that Parley replaces, as functions: every frame is a message, an object with a data key of its own, three
 * events, the functions behind them, and a post for each listener. The messages look like those of {@code parley.v1}, so
 * that the same load measures both; nothing puts frames in order.
 */
final class NaiveFunctions {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Serves every route; {@code $connect} needs the subprotocol. */
    private static final byte[] OK = "{\"statusCode\":200,\"headers\":{\"Sec-WebSocket-Protocol\":\"parley.v1\"}}"
            .getBytes(StandardCharsets.UTF_8);
    /** The client wants a hash in a tick, and there is none. */
    private static final String NO_HASH = Base64.getEncoder().encodeToString(new byte[32]);

    private final NaivePorts ports;
    /** Frames being taken in; the others wait, so that a slow machine works them off instead of timing out. */
    private final Semaphore takingIn;

    /** @param atATime how many frames are taken in at once */
    NaiveFunctions(NaivePorts ports, int atATime) {
        this.ports = ports;
        this.takingIn = new Semaphore(atATime);
    }

    private interface Step {
        void run(JsonNode event) throws Exception;
    }

    private static RequestStreamHandler handler(Step step) {
        return (InputStream in, OutputStream out, Context context) -> {
            try {
                step.run(JSON.readTree(in));
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
            out.write(OK);
        };
    }

    /** {@code $connect} and {@code $disconnect}: the room is only known at the join. */
    RequestStreamHandler nothing() {
        return handler(event -> {});
    }

    RequestStreamHandler message() {
        return handler(event -> {
            JsonNode body = JSON.readTree(event.path("body").asText());
            if (!body.path("action").asText().equals("join")) {
                return;
            }
            String room = body.path("room").asText();
            String connection = connection(event);
            ports.join(room, connection).toCompletableFuture().get();
            ObjectNode joined = JSON.createObjectNode();
            joined.put("action", "joined").put("room", room).put("participant", connection);
            ports.post(connection, joined.toString()).toCompletableFuture().get();
        });
    }

    /** Stores each frame of the message by itself, and tells that it is pending. */
    RequestStreamHandler audio() {
        return handler(event -> {
            JsonNode body = JSON.readTree(event.path("body").asText());
            String room = body.path("room").asText();
            String speaker = connection(event);
            Chunk chunk = Chunk.parse(body.path("chunk").binaryValue());
            for (int i = 0; i < chunk.frameCount(); i++) {
                long number = Integer.toUnsignedLong(chunk.sequence() + i);
                byte[] payload = new byte[chunk.payloadLength(i)];
                System.arraycopy(chunk.bytes(), chunk.payloadOffset(i), payload, 0, payload.length);
                String key = room + '/' + speaker + '/' + number;
                takingIn.acquire();
                try {
                    ports.store(key, payload).toCompletableFuture().get();
                    ports.publish(new NaiveFrame(Status.PENDING, room, key, speaker, number))
                            .toCompletableFuture()
                            .get();
                } finally {
                    takingIn.release();
                }
            }
        });
    }

    /** Looks at a pending frame. */
    RequestStreamHandler process() {
        return handler(event -> {
            NaiveFrame frame = frame(event);
            ports.fetch(frame.key()).toCompletableFuture().get();
            ports.publish(frame.with(Status.PROCESSING)).toCompletableFuture().get();
        });
    }

    /** Posts a frame to everybody else in the room. */
    RequestStreamHandler broadcast() {
        return handler(event -> {
            NaiveFrame frame = frame(event);
            byte[] payload = ports.fetch(frame.key()).toCompletableFuture().get();
            List<String> connections =
                    ports.connections(frame.room()).toCompletableFuture().get();
            String message = tick(frame, payload);
            CompletableFuture.allOf(connections.stream()
                            .filter(connection -> !connection.equals(frame.speaker()))
                            .map(connection -> ports.post(connection, message).toCompletableFuture())
                            .toArray(CompletableFuture[]::new))
                    .get();
            ports.publish(frame.with(Status.COMPLETED)).toCompletableFuture().get();
        });
    }

    private static String tick(NaiveFrame frame, byte[] payload) {
        LiveFrames.Writer frames = new LiveFrames.Writer();
        int stream = frame.speaker().hashCode() & 0x7FFF;
        frames.add(stream, (int) frame.number(), 0, payload, 0, payload.length);
        ObjectNode message = JSON.createObjectNode().put("action", "tick").put("room", frame.room());
        ObjectNode tick = message.putArray("ticks").addObject();
        tick.put("epoch", 1).put("tick", frame.number()).put("hash", NO_HASH);
        tick.putArray("events")
                .addObject()
                .put("kind", "stream")
                .put("stream", stream)
                .put("participant", frame.speaker());
        tick.put("frames", frames.take());
        return message.toString();
    }

    private static String connection(JsonNode event) {
        return event.path("requestContext").path("connectionId").asText();
    }

    private static NaiveFrame frame(JsonNode event) throws IOException {
        return JSON.treeToValue(event.path("detail"), NaiveFrame.class);
    }

    /** By the names under which they are registered. */
    Map<String, RequestStreamHandler> all() {
        return Map.of(
                NaiveStackProcess.CONNECT, nothing(),
                NaiveStackProcess.MESSAGE, message(),
                NaiveStackProcess.AUDIO, audio(),
                NaiveStackProcess.PROCESS, process(),
                NaiveStackProcess.BROADCAST, broadcast(),
                NaiveStackProcess.COMPLETE, nothing());
    }
}
