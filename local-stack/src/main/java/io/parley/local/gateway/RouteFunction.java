package io.parley.local.gateway;

import java.util.concurrent.CompletionStage;

/**
 * The Lambda function behind a route or the authorizer.
 *
 * <p>Called on the gateway's event loop, so it must not block: it hands the work to threads of its own and returns. The
 * stage completes, on any thread, with the function's answer as JSON (empty counts as {@code null}), or fails as an
 * invocation with a function error does; the failure's message is then the error's {@code errorMessage}.
 */
@FunctionalInterface
public interface RouteFunction {

    CompletionStage<byte[]> invoke(byte[] eventJson);
}
