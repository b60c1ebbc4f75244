package io.parley.local.edge;

/**
 * One AWS service at the edge port.
 *
 * <p>Called on a Vert.x event loop with the request's whole body; must not block, so that slow work (disk, a Lambda
 * handler) goes to {@code vertx.executeBlocking}. An {@link AwsException} thrown by {@link #handle} becomes the error
 * answer of the service's protocol.
 */
public interface EdgeService {

    /** The name in the SigV4 credential scope, such as {@code kinesis}; how the edge finds the service. */
    String signingName();

    void handle(EdgeRequest request);

    /** Answers with the error; by default as the JSON protocols have it. */
    default void fail(EdgeRequest request, AwsException error) {
        request.fail(error);
    }
}
