package io.parley.core.port;

import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import java.util.concurrent.CompletionStage;

/** Asks the broadcast Lambda to fan out. Thread safe; never blocks. */
public interface Broadcaster {

    /**
     * Makes one call and no second. Completes with the Lambda's answer, fails if it could not be reached, refused the
     * call or broke. The caller sets the time limit; a call that it has given up may still be answered.
     */
    CompletionStage<BroadcastAnswer> broadcast(BroadcastRequest request);
}
