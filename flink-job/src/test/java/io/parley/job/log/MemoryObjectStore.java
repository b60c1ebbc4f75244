package io.parley.job.log;

import io.parley.core.port.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Keeps objects in memory; can be away, or answer only when told to. */
public final class MemoryObjectStore implements ObjectStore {

    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final List<Runnable> held = new ArrayList<>();
    private volatile boolean away;
    private volatile boolean holds;
    private int puts;

    @Override
    public CompletionStage<Void> put(String key, byte[] bytes) {
        objects.put(key, bytes);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Boolean> putIfAbsent(String key, byte[] bytes) {
        puts++;
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Runnable work = () -> {
            if (away) {
                answer.completeExceptionally(new IllegalStateException("503 Slow Down"));
            } else {
                answer.complete(objects.putIfAbsent(key, bytes) == null);
            }
        };
        if (holds) {
            held.add(work);
        } else {
            work.run();
        }
        return answer;
    }

    @Override
    public CompletionStage<byte[]> get(String key) {
        byte[] bytes = objects.get(key);
        return bytes == null
                ? CompletableFuture.failedFuture(new NoSuchElementException(key))
                : CompletableFuture.completedFuture(bytes);
    }

    @Override
    public CompletionStage<List<String>> list(String prefix) {
        return CompletableFuture.completedFuture(
                keys().stream().filter(key -> key.startsWith(prefix)).collect(Collectors.toList()));
    }

    public List<String> keys() {
        return objects.keySet().stream().sorted().collect(Collectors.toList());
    }

    byte[] object(String key) {
        return objects.get(key);
    }

    public synchronized int puts() {
        return puts;
    }

    public void setAway(boolean value) {
        away = value;
    }

    void hold() {
        holds = true;
    }

    synchronized int held() {
        return held.size();
    }

    void release() {
        List<Runnable> due;
        synchronized (this) {
            holds = false;
            due = List.copyOf(held);
            held.clear();
        }
        due.forEach(Runnable::run);
    }
}
