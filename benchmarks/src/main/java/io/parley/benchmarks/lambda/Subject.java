package io.parley.benchmarks.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.benchmarks.ingest.Speaker;
import io.parley.benchmarks.traffic.Ticks;
import io.parley.broadcast.BroadcastHandler;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.PostCounts;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.Tick;
import io.parley.ingest.AudioHandler;
import io.parley.local.lambda.FunctionProcess;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A Lambda of which invocations are measured. Not safe for threads.
 *
 * @param label as tables name it
 * @param event of the next invocation
 * @param check throws {@link IllegalStateException} for an answer that says that the work was not done
 */
record Subject(
        String label,
        DeployedJar jar,
        String handler,
        Map<String, String> environment,
        Callable<byte[]> event,
        Check check) {

    /** Of Java's heap in a function's memory. */
    private static final double HEAP = 0.8;

    private static final int WAIT_SECONDS = 120;
    private static final int SPEAKERS = 2;
    private static final long DELIVER_WITHIN_MS = 60_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Looks at an answer. */
    @FunctionalInterface
    interface Check {
        void accept(byte[] answer) throws IOException;
    }

    /** A chunk in the middle of what the speaker says. */
    static Subject audio(DeployedJar jar, Map<String, String> environment, Speaker speaker) {
        return new Subject(
                "audio: a chunk", jar, AudioHandler.class.getName(), environment, speaker::eventJson, answer -> {
                    if (JSON.readTree(answer).path("statusCode").asInt() != 200) {
                        throw new IllegalStateException("a chunk was answered with " + new String(answer));
                    }
                });
    }

    /** A tick of two speakers to each of the listeners, who are in the room already. */
    static Subject broadcast(
            DeployedJar jar, Map<String, String> environment, String room, int listeners, Clock clock) {
        Tick tick = Ticks.full(SPEAKERS);
        return new Subject(
                "broadcast: a tick to " + listeners,
                jar,
                BroadcastHandler.class.getName(),
                environment,
                () -> request(room, tick, clock),
                answer -> {
                    PostCounts counts = counts(answer);
                    if (counts.getPosted() != listeners) {
                        throw new IllegalStateException("a tick for " + listeners + " was answered with " + counts);
                    }
                });
    }

    private static byte[] request(String room, Tick tick, Clock clock) throws JsonProcessingException {
        BroadcastRequest request = BroadcastRequest.newBuilder()
                .setVersion(1)
                .setDeliverBeforeMs(clock.millis() + DELIVER_WITHIN_MS)
                .addRooms(
                        RoomTicks.newBuilder().setRoom(room).setRosterVersion(1).addTicks(tick))
                .build();
        return JSON.writeValueAsBytes(Map.of("request", Base64.getEncoder().encodeToString(request.toByteArray())));
    }

    private static PostCounts counts(byte[] answer) throws IOException {
        byte[] protobuf = JSON.readTree(answer).path("answer").binaryValue();
        try {
            return BroadcastAnswer.parseFrom(protobuf).getRooms(0).getCounts();
        } catch (InvalidProtocolBufferException | IndexOutOfBoundsException e) {
            throw new IllegalStateException("a tick was answered with " + new String(answer), e);
        }
    }

    /** Returns when it waits for its first invocation. */
    FunctionProcess start(int memoryMb, Clock clock) throws Exception {
        FunctionProcess.Code code = new FunctionProcess.Code(
                "measured",
                "1",
                "arn:aws:lambda:local:000000000000:function:measured",
                handler,
                memoryMb,
                Duration.ofSeconds(WAIT_SECONDS),
                jar.taskRoot(),
                environment);
        return FunctionProcess.start(code, (int) (HEAP * memoryMb), jar.log(), clock);
    }

    /** One invocation, as long as its caller waits, in ms. */
    double invokeMs(FunctionProcess function) throws Exception {
        byte[] next = event.call();
        long begun = System.nanoTime();
        byte[] answer = function.invoke(next).get(WAIT_SECONDS, TimeUnit.SECONDS);
        double ms = (System.nanoTime() - begun) / 1e6;
        check.accept(answer);
        return ms;
    }
}
