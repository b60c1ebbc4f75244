package io.parley.benchmarks.naive;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** What the naive functions ask of AWS. Each call here is at least one call there; nothing is remembered between calls. */
public interface NaivePorts {

    /** Stores bytes under a data key made for them alone. */
    CompletionStage<Void> store(String key, byte[] bytes);

    /** Reads the object and has KMS open its data key. */
    CompletionStage<byte[]> fetch(String key);

    CompletionStage<Void> publish(NaiveFrame frame);

    CompletionStage<Void> join(String room, String connection);

    /** Connections in the room; may be as old as a second. */
    CompletionStage<List<String>> connections(String room);

    CompletionStage<Void> post(String connection, String text);
}
