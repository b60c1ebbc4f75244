package io.parley.local.edge;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A service that can be made to fail, so that an outage can be tried on a running stack. Until it is told otherwise the
 * service behind it answers. Thread safe; a change holds for the requests that come after it.
 */
public final class FaultSwitch implements EdgeService {

    private final EdgeService service;
    private final AtomicLong kept = new AtomicLong();
    /** Takes a request in the service's place and counts it, or leaves it to the service; null where all is well. */
    private volatile Predicate<EdgeRequest> instead;
    /** Brings each request that is held to the service. Guarded by this. */
    private final List<Runnable> held = new ArrayList<>();

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
        Objects.requireNonNull(answer);
        instead = request -> {
            kept.incrementAndGet();
            answer.accept(request);
            return true;
        };
    }

    /**
     * From now on requests like these stall: they reach the service only when it is {@link #mend mended}, also those
     * whose callers have given up by then. The others are answered as ever and do not count as kept.
     *
     * @param which called on the event loop; must not block
     */
    public void hold(Predicate<EdgeRequest> which) {
        Objects.requireNonNull(which);
        instead = request -> which.test(request) && stall(request);
    }

    /** From now on the service answers again, first what was held. */
    public void mend() {
        List<Runnable> released;
        synchronized (this) {
            instead = null;
            released = List.copyOf(held);
            held.clear();
        }
        released.forEach(Runnable::run);
    }

    /** Gives whether it was held: not where the service was mended just now. */
    private synchronized boolean stall(EdgeRequest request) {
        if (instead == null) {
            return false;
        }
        kept.incrementAndGet();
        Context context = Vertx.currentContext();
        held.add(() -> context.runOnContext(ignored -> release(request)));
        return true;
    }

    private void release(EdgeRequest request) {
        try {
            service.handle(request);
        } catch (AwsException e) {
            service.fail(request, e);
        }
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
        Predicate<EdgeRequest> fault = instead;
        if (fault == null || !fault.test(request)) {
            service.handle(request);
        }
    }

    @Override
    public void fail(EdgeRequest request, AwsException error) {
        service.fail(request, error);
    }
}
