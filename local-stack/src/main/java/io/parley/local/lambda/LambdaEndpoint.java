package io.parley.local.lambda;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lambda's Invoke (RequestResponse, Event, DryRun) and the configuration part of GetFunction, before a
 * {@link FunctionRegistry}.
 *
 * <p>Limits are those of "Lambda quotas": 6 MB of payload for a synchronous call, 1 MB for an event. The log tail
 * ({@code X-Amz-Log-Type}), client contexts, versions and aliases are not served.
 */
public final class LambdaEndpoint implements EdgeService {

    static final int MAX_SYNCHRONOUS_BYTES = 6 * 1024 * 1024;
    static final int MAX_EVENT_BYTES = 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(LambdaEndpoint.class);
    private static final Pattern FUNCTION = Pattern.compile("/2015-03-31/functions/([^/]+)(/invocations)?/?");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FunctionRegistry functions;

    public LambdaEndpoint(FunctionRegistry functions) {
        this.functions = functions;
    }

    @Override
    public String signingName() {
        return "lambda";
    }

    @Override
    public void handle(EdgeRequest request) {
        Matcher path = FUNCTION.matcher(request.http().path());
        HttpMethod method = request.http().method();
        if (path.matches() && path.group(2) != null && method == HttpMethod.POST) {
            invoke(request, name(request, path));
        } else if (path.matches() && path.group(2) == null && method == HttpMethod.GET) {
            describe(request, name(request, path));
        } else {
            throw new AwsException(
                    404,
                    "UnknownOperationException",
                    "not served locally: " + method + " " + request.http().path());
        }
    }

    private static String name(EdgeRequest request, Matcher path) {
        String name = URLDecoder.decode(path.group(1), StandardCharsets.UTF_8);
        String qualifier = request.http().getParam("Qualifier");
        return qualifier == null ? name : name + ":" + qualifier;
    }

    private void invoke(EdgeRequest request, String name) {
        String type = request.http().getHeader("X-Amz-Invocation-Type");
        if (type == null) {
            type = "RequestResponse";
        }
        if (!functions.has(name)) {
            throw functions.notFound(name);
        }
        // A call without a payload gives the function an empty object.
        byte[] payload = request.body().length() == 0
                ? "{}".getBytes(StandardCharsets.UTF_8)
                : request.body().getBytes();
        switch (type) {
            case "DryRun" -> request.response().setStatusCode(204).end();
            case "Event" -> {
                checkPayload(payload, MAX_EVENT_BYTES);
                functions.invokeEvent(name, payload).whenComplete((result, failure) -> {
                    if (failure != null) {
                        LOG.warn("an event for {} was lost: {}", name, failure.toString());
                    }
                });
                head(request, 202, request.requestId()).end();
            }
            case "RequestResponse" -> {
                checkPayload(payload, MAX_SYNCHRONOUS_BYTES);
                functions.invoke(name, payload).whenComplete((result, failure) -> {
                    if (failure == null) {
                        answer(request, result);
                    } else {
                        request.fail(failure instanceof CompletionException ? failure.getCause() : failure);
                    }
                });
            }
            default ->
                throw new AwsException(
                        400,
                        "InvalidParameterValueException",
                        "InvocationType '" + type + "' is none of RequestResponse, Event, DryRun");
        }
    }

    private static void answer(EdgeRequest request, InvocationResult result) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        HttpServerResponse response =
                head(request, 200, result.requestId()).putHeader("X-Amz-Executed-Version", "$LATEST");
        if (result.failed()) {
            response.putHeader("X-Amz-Function-Error", "Unhandled");
        }
        response.end(Buffer.buffer(result.payload()));
    }

    private static HttpServerResponse head(EdgeRequest request, int status, String requestId) {
        return request.response()
                .setStatusCode(status)
                .putHeader("x-amzn-RequestId", requestId)
                .putHeader("Content-Type", "application/json");
    }

    private static void checkPayload(byte[] payload, int maxBytes) {
        if (payload.length > maxBytes) {
            throw new AwsException(
                    413,
                    "RequestTooLargeException",
                    "Request must be smaller than " + maxBytes + " bytes for the InvokeFunction operation");
        }
        if (!isJson(payload)) {
            throw new AwsException(
                    400,
                    "InvalidRequestContentException",
                    "Could not parse request body into json: not one JSON value");
        }
    }

    private static boolean isJson(byte[] payload) {
        try (JsonParser parser = JSON.createParser(payload)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private void describe(EdgeRequest request, String name) {
        FunctionRunner runner = functions.lookUp(name);
        if (runner == null) {
            throw functions.notFound(name);
        }
        LocalFunction function = runner.function();
        ObjectNode answer = EdgeRequest.object();
        answer.putObject("Configuration")
                .put("FunctionName", function.name())
                .put("FunctionArn", runner.arn())
                .put("Version", "$LATEST")
                .put("Timeout", Math.max(1, function.timeout().toSeconds()))
                .put("State", "Active");
        answer.putObject("Concurrency").put("ReservedConcurrentExecutions", function.concurrency());
        request.reply(answer);
    }
}
