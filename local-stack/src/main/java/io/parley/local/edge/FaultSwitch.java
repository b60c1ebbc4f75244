package io.parley.local.edge;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A service that can be made to fail, so that an outage can be tried on a running stack. Until it is told otherwise the
 * service behind it answers. Thread safe; a change holds for the requests that come after it.
 */
public final class FaultSwitch implements EdgeService {

    private final EdgeService service;
    private final AtomicLong kept = new AtomicLong();
    private volatile Consumer<EdgeRequest> instead;

    public FaultSwitch(EdgeService service) {
        this.service = Objects.requireNonNull(service);
    }

    /** From now on every request is answered with 500 InternalFailure, in the service's protocol. */
    public void fail() {
        answerInstead(request ->
                service.fail(request, new AwsException(500, "InternalFailure", signingName() + " is switched off")));
    }

    /**
     * From now on requests are answered by this and not by the service; one that answers nothing lets them time out.
     *
     * @param answer as {@link EdgeService#handle}
     */
    public void answerInstead(Consumer<EdgeRequest> answer) {
        instead = Objects.requireNonNull(answer);
    }

    /** From now on the service answers again. */
    public void mend() {
        instead = null;
    }

    /** How many requests were kept from the service so far. */
    public long kept() {
        return kept.get();
    }

    @Override
    public String signingName() {
        return service.signingName();
    }

    @Override
    public void handle(EdgeRequest request) {
        Consumer<EdgeRequest> answer = instead;
        if (answer == null) {
            service.handle(request);
        } else {
            kept.incrementAndGet();
            answer.accept(request);
        }
    }

    @Override
    public void fail(EdgeRequest request, AwsException error) {
        service.fail(request, error);
    }
}
