package io.parley.core.port;

import io.parley.core.event.SendAudioEvent;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Takes SendAudioEvents to the event bus. Thread safe. */
public interface EventPublisher {

    /** Publishes them; completes with how many the bus refused, fails if it could not be reached. */
    CompletionStage<Integer> publish(List<SendAudioEvent> events);
}
