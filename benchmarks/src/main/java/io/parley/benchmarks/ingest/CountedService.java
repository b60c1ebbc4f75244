package io.parley.benchmarks.ingest;

import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A service that counts its requests. Thread safe. */
final class CountedService implements EdgeService {

    private final EdgeService service;
    private final AtomicLong requests = new AtomicLong();

    CountedService(EdgeService service) {
        this.service = service;
    }

    /** One that is not there: it answers everything with an error. */
    static CountedService absent(String signingName) {
        return of(signingName, request -> {
            throw new AwsException(500, "InternalFailure", signingName + " is not there");
        });
    }

    /** One that takes everything and does nothing, as fast as it can. */
    static CountedService accepting(String signingName) {
        return of(signingName, request -> request.response().setStatusCode(200).end());
    }

    private static CountedService of(String signingName, Consumer<EdgeRequest> handler) {
        return new CountedService(new EdgeService() {
            @Override
            public String signingName() {
                return signingName;
            }

            @Override
            public void handle(EdgeRequest request) {
                handler.accept(request);
            }
        });
    }

    long requests() {
        return requests.get();
    }

    @Override
    public String signingName() {
        return service.signingName();
    }

    @Override
    public void handle(EdgeRequest request) {
        requests.incrementAndGet();
        service.handle(request);
    }

    @Override
    public void fail(EdgeRequest request, AwsException error) {
        service.fail(request, error);
    }
}
