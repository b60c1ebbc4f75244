package io.parley.job.live;

import io.parley.core.event.SendAudioEvent;
import io.parley.core.port.EventPublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Keeps events; answers at once, or by hand where it was told to wait. */
final class MemoryEventPublisher implements EventPublisher {

    private final List<List<SendAudioEvent>> batches = new ArrayList<>();
    private final List<CompletableFuture<Integer>> held = new ArrayList<>();
    private boolean holds;

    @Override
    public synchronized CompletionStage<Integer> publish(List<SendAudioEvent> events) {
        batches.add(List.copyOf(events));
        if (!holds) {
            return CompletableFuture.completedFuture(0);
        }
        held.add(new CompletableFuture<>());
        return held.get(held.size() - 1);
    }

    synchronized void hold() {
        holds = true;
    }

    void release(int call, int refused) {
        CompletableFuture<Integer> answer;
        synchronized (this) {
            answer = held.get(call);
        }
        answer.complete(refused);
    }

    void fail(int call, Throwable failure) {
        CompletableFuture<Integer> answer;
        synchronized (this) {
            answer = held.get(call);
        }
        answer.completeExceptionally(failure);
    }

    synchronized List<List<SendAudioEvent>> batches() {
        return List.copyOf(batches);
    }

    synchronized List<SendAudioEvent> events() {
        return batches.stream().flatMap(List::stream).collect(Collectors.toList());
    }

    /** As "COMPLETED request-id". */
    synchronized List<String> statuses() {
        return events().stream()
                .map(event -> event.status() + " " + event.requestId())
                .collect(Collectors.toList());
    }
}
