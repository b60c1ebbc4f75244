package io.parley.benchmarks.ingest;

import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;
import java.util.concurrent.atomic.AtomicLong;

/** A service that counts its requests. Thread safe. */
final class CountedService implements EdgeService {

    private final EdgeService service;
    private final AtomicLong requests = new AtomicLong();

    CountedService(EdgeService service) {
        this.service = service;
    }

    /** One that is not there: it answers everything with an error. */
    static CountedService absent(String signingName) {
        return new CountedService(new EdgeService() {
            @Override
            public String signingName() {
                return signingName;
            }

            @Override
            public void handle(EdgeRequest request) {
                throw new AwsException(500, "InternalFailure", signingName + " is not there");
            }
        });
    }

    /** One that takes everything and does nothing, as fast as it can. */
    static CountedService accepting(String signingName) {
        return new CountedService(new EdgeService() {
            @Override
            public String signingName() {
                return signingName;
            }

            @Override
            public void handle(EdgeRequest request) {
                request.response().setStatusCode(200).end();
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
