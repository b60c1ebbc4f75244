package io.parley.broadcast;

import io.parley.core.port.VoiceStream;
import io.parley.core.wire.StreamRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A voice stream in memory. */
final class FakeStream implements VoiceStream {

    private final List<StreamRecord> records = new ArrayList<>();

    @Override
    public synchronized CompletionStage<Void> put(StreamRecord record) {
        records.add(record);
        return CompletableFuture.completedFuture(null);
    }

    synchronized List<StreamRecord> records() {
        return List.copyOf(records);
    }
}
