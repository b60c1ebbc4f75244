package io.parley.local.edge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.UUID;

/**
 * One call of an AWS API with its whole body, and the answers that AWS's protocols have in common.
 *
 * <p>The JSON protocols (kinesis, dynamodb, events, kms, ssm, cognito-idp) name their operation in
 * {@code X-Amz-Target}; Kinesis speaks CBOR as well. A service with a protocol of its own (s3, lambda) answers through
 * {@link #response()}.
 */
public final class EdgeRequest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper CBOR = new CBORMapper();

    private final HttpServerRequest http;
    private final Buffer body;
    private JsonNode tree;
    private final String requestId = UUID.randomUUID().toString();

    EdgeRequest(HttpServerRequest http, Buffer body) {
        this.http = http;
        this.body = body;
    }

    public HttpServerRequest http() {
        return http;
    }

    public HttpServerResponse response() {
        return http.response();
    }

    public Buffer body() {
        return body;
    }

    public String requestId() {
        return requestId;
    }

    /** The operation in {@code X-Amz-Target}, such as {@code PutRecord}; empty where there is none. */
    public String operation() {
        String target = http.getHeader("X-Amz-Target");
        return target == null ? "" : target.substring(target.lastIndexOf('.') + 1);
    }

    public boolean isCbor() {
        String contentType = http.getHeader("Content-Type");
        return contentType != null && contentType.startsWith("application/x-amz-cbor");
    }

    /** The body as a tree, from JSON or CBOR; in CBOR, blobs are binary nodes. Read once; not to be changed. */
    public JsonNode tree() {
        if (tree == null) {
            tree = parse();
        }
        return tree;
    }

    private JsonNode parse() {
        if (body.length() == 0) {
            return JSON.createObjectNode();
        }
        try {
            return mapper().readTree(body.getBytes());
        } catch (IOException e) {
            throw new AwsException(400, "SerializationException", "the body is not what its content type says");
        }
    }

    /** An empty object to fill and give to {@link #reply}. */
    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** Answers 200 with the tree in the request's own encoding; binary nodes become base64 in JSON. */
    public void reply(JsonNode tree) {
        send(200, tree);
    }

    /** Answers with the error as the JSON protocols have it; anything unforeseen is a 500 InternalFailure. */
    public void fail(Throwable failure) {
        AwsException error = failure instanceof AwsException
                ? (AwsException) failure
                : new AwsException(500, "InternalFailure", String.valueOf(failure));
        ObjectNode tree = object();
        tree.put("__type", error.code());
        tree.put("message", error.getMessage());
        response().putHeader("x-amzn-ErrorType", error.code());
        send(error.status(), tree);
    }

    private void send(int status, JsonNode tree) {
        if (response().ended() || response().closed()) {
            return;
        }
        byte[] bytes;
        try {
            bytes = mapper().writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new IllegalStateException("a tree of our own could not be written", e);
        }
        String version = http.getHeader("Content-Type");
        response()
                .setStatusCode(status)
                .putHeader("x-amzn-RequestId", requestId)
                .putHeader("Content-Type", version == null ? "application/x-amz-json-1.1" : version)
                .end(Buffer.buffer(bytes));
    }

    private ObjectMapper mapper() {
        return isCbor() ? CBOR : JSON;
    }
}
