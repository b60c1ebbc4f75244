package io.parley.job.live;

import io.parley.core.port.Broadcaster;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.RoomAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers by hand: the test says when, and with what. */
final class HandBroadcaster implements Broadcaster {

    private final List<BroadcastRequest> requests = new ArrayList<>();
    private final List<CompletableFuture<BroadcastAnswer>> answers = new ArrayList<>();

    @Override
    public synchronized CompletionStage<BroadcastAnswer> broadcast(BroadcastRequest request) {
        requests.add(request);
        answers.add(new CompletableFuture<>());
        return answers.get(answers.size() - 1);
    }

    synchronized int calls() {
        return requests.size();
    }

    synchronized BroadcastRequest request(int call) {
        return requests.get(call);
    }

    void answer(int call) {
        BroadcastAnswer.Builder answer = BroadcastAnswer.newBuilder().setVersion(1);
        request(call)
                .getRoomsList()
                .forEach(room -> answer.addRooms(RoomAnswer.newBuilder().setRoom(room.getRoom())));
        answer(call, answer.build());
    }

    void answer(int call, BroadcastAnswer answer) {
        pending(call).complete(answer);
    }

    void fail(int call, Throwable failure) {
        pending(call).completeExceptionally(failure);
    }

    private synchronized CompletableFuture<BroadcastAnswer> pending(int call) {
        return answers.get(call);
    }
}
