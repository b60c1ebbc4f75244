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
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A Lambda of which invocations are measured. Not safe for threads.
 *
 * @param label as tables name it
 * @param event of the next invocation
 * @param check gives the share of the work that was done, 0 to 1; throws {@link IllegalStateException} for an answer that is
 *     none
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
        double done(byte[] answer) throws IOException;
    }

    /** A chunk in the middle of what the speaker says. */
    static Subject audio(DeployedJar jar, Map<String, String> environment, Speaker speaker) {
        return new Subject(
                "audio: a chunk", jar, AudioHandler.class.getName(), environment, speaker::eventJson, answer -> {
                    if (JSON.readTree(answer).path("statusCode").asInt() != 200) {
                        throw new IllegalStateException("a chunk was answered with " + new String(answer));
                    }
                    return 1;
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
                answer -> (double) counts(answer).getPosted() / listeners);
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

    /** The same, up to that level of Java's compilers: 1 is the fast one alone, as Lambda has it, 4 is all of them. */
    Subject compiledTo(int level) {
        return with("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=" + level);
    }

    /** The same, started for that reason: {@code on-demand}, {@code snap-start} and others of Lambda's. */
    Subject startedFor(String initializationType) {
        return with("AWS_LAMBDA_INITIALIZATION_TYPE", initializationType);
    }

    private Subject with(String variable, String value) {
        Map<String, String> other = new TreeMap<>(environment);
        other.put(variable, value);
        return new Subject(label, jar, handler, other, event, check);
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

    /**
     * One invocation.
     *
     * @param ms as long as its caller waited
     * @param done the share of its work that was done: under a tight limit posts are given up
     */
    record Invocation(double ms, double done) {}

    Invocation invoke(FunctionProcess function) throws Exception {
        byte[] next = event.call();
        long begun = System.nanoTime();
        byte[] answer = function.invoke(next).get(WAIT_SECONDS, TimeUnit.SECONDS);
        double ms = (System.nanoTime() - begun) / 1e6;
        return new Invocation(ms, check.done(answer));
    }
}
