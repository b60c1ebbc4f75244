package io.parley.local.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The events of a WebSocket API as JSON. {@link #message} is on the way of every message: it writes the parts that
 * never change for a connection from ready-made bytes and the body from the bytes that came.
 *
 * <p>Field names: "Control access to WebSocket APIs with AWS Lambda REQUEST authorizers" (its sample event) and "Set up
 * data mapping for WebSocket APIs" ($context); they fit {@code APIGatewayV2WebSocketEvent} and
 * {@code APIGatewayCustomAuthorizerEvent}. Single-value maps hold the last of several values, as for REST APIs. Used on
 * the gateway's loop only.
 */
final class GatewayEvents {

    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter REQUEST_TIME = DateTimeFormatter.ofPattern(
                    "dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final GatewayOptions options;
    private long formattedSecond = -1;
    private String formatted;

    GatewayEvents(GatewayOptions options) {
        this.options = options;
    }

    /** The connection's unchanging fields of {@code requestContext}, to be spliced into each of its events. */
    SerializedString connectionFields(Caller caller) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("stage", options.stage());
            json.writeNumberField("connectedAt", caller.connectedAtMs());
            json.writeObjectFieldStart("identity");
            if (caller.userAgent() != null) {
                json.writeStringField("userAgent", caller.userAgent());
            }
            json.writeStringField("sourceIp", caller.sourceIp());
            json.writeEndObject();
            json.writeStringField("domainName", options.domainName());
            json.writeStringField("connectionId", caller.connectionId());
            json.writeStringField("apiId", options.apiId());
            if (caller.authorizer() != null) {
                json.writeObjectFieldStart("authorizer");
                for (Map.Entry<String, String> entry : caller.authorizer().entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String object = text.toString();
        return new SerializedString("," + object.substring(1, object.length() - 1));
    }

    String methodArn(String routeKey) {
        return "arn:aws:execute-api:" + options.region() + ":" + options.accountId() + ":" + options.apiId() + "/"
                + options.stage() + "/" + routeKey;
    }

    /** The authorizer's input; its maps are there even when empty. */
    byte[] authorizer(HttpServerRequest request, Caller caller, String requestId, long nowMs) {
        return write(json -> {
            json.writeStringField("type", "REQUEST");
            json.writeStringField("methodArn", methodArn(GatewayOptions.CONNECT));
            headers(json, request);
            parameters(json, request.params());
            json.writeObjectFieldStart("stageVariables");
            json.writeEndObject();
            json.writeObjectFieldStart("requestContext");
            contextHead(json, GatewayOptions.CONNECT, "CONNECT", requestId, nowMs);
            json.writeRaw(connectionFields(caller));
            json.writeEndObject();
        });
    }

    byte[] connect(HttpServerRequest request, Caller caller, String requestId, long nowMs) {
        return write(json -> {
            headers(json, request);
            if (!request.params().isEmpty()) {
                parameters(json, request.params());
            }
            json.writeObjectFieldStart("requestContext");
            contextHead(json, GatewayOptions.CONNECT, "CONNECT", requestId, nowMs);
            json.writeRaw(connectionFields(caller));
            json.writeEndObject();
            json.writeBooleanField("isBase64Encoded", false);
        });
    }

    /** @param body valid UTF-8 */
    byte[] message(
            String routeKey,
            SerializedString connectionFields,
            String requestId,
            String messageId,
            long nowMs,
            byte[] body) {
        return write(json -> {
            json.writeObjectFieldStart("requestContext");
            contextHead(json, routeKey, "MESSAGE", requestId, nowMs);
            json.writeStringField("messageId", messageId);
            json.writeRaw(connectionFields);
            json.writeEndObject();
            json.writeFieldName("body");
            json.writeUTF8String(body, 0, body.length);
            json.writeBooleanField("isBase64Encoded", false);
        });
    }

    /** "Manage connected users and client apps": status code and reason tell who closed and why. */
    byte[] disconnect(SerializedString connectionFields, String requestId, long nowMs, int code, String reason) {
        return write(json -> {
            json.writeObjectFieldStart("headers");
            json.writeStringField("Host", options.domainName());
            json.writeEndObject();
            json.writeObjectFieldStart("multiValueHeaders");
            json.writeArrayFieldStart("Host");
            json.writeString(options.domainName());
            json.writeEndArray();
            json.writeEndObject();
            json.writeObjectFieldStart("requestContext");
            contextHead(json, GatewayOptions.DISCONNECT, "DISCONNECT", requestId, nowMs);
            json.writeNumberField("disconnectStatusCode", code);
            json.writeStringField("disconnectReason", reason);
            json.writeRaw(connectionFields);
            json.writeEndObject();
            json.writeBooleanField("isBase64Encoded", false);
        });
    }

    private void contextHead(JsonGenerator json, String routeKey, String eventType, String requestId, long nowMs)
            throws IOException {
        json.writeStringField("routeKey", routeKey);
        json.writeStringField("eventType", eventType);
        json.writeStringField("extendedRequestId", requestId);
        json.writeStringField("requestTime", requestTime(nowMs));
        json.writeStringField("messageDirection", "IN");
        json.writeNumberField("requestTimeEpoch", nowMs);
        json.writeStringField("requestId", requestId);
    }

    private void headers(JsonGenerator json, HttpServerRequest request) throws IOException {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(request.headers());
        headers.set("X-Forwarded-For", request.remoteAddress().hostAddress());
        headers.set("X-Forwarded-Port", String.valueOf(request.localAddress().port()));
        headers.set("X-Forwarded-Proto", "http");
        maps(json, "headers", "multiValueHeaders", headers);
    }

    private static void parameters(JsonGenerator json, MultiMap parameters) throws IOException {
        maps(json, "queryStringParameters", "multiValueQueryStringParameters", parameters);
    }

    private static void maps(JsonGenerator json, String single, String multiple, MultiMap values) throws IOException {
        json.writeObjectFieldStart(single);
        for (String name : values.names()) {
            List<String> all = values.getAll(name);
            json.writeStringField(name, all.get(all.size() - 1));
        }
        json.writeEndObject();
        json.writeObjectFieldStart(multiple);
        for (String name : values.names()) {
            json.writeArrayFieldStart(name);
            for (String value : values.getAll(name)) {
                json.writeString(value);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    /** CLF time; formatted once a second, not once a message. */
    private String requestTime(long nowMs) {
        long second = Math.floorDiv(nowMs, 1000L);
        if (second != formattedSecond) {
            formatted = REQUEST_TIME.format(Instant.ofEpochSecond(second));
            formattedSecond = second;
        }
        return formatted;
    }

    private interface Fields {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private static byte[] write(Fields fields) {
        BufferRecycler recycler = JSON._getBufferRecycler();
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(recycler)) {
            try (JsonGenerator json = JSON.createGenerator(bytes)) {
                json.writeStartObject();
                fields.writeTo(json);
                json.writeEndObject();
            }
            return bytes.getClearAndRelease();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            recycler.releaseToPool();
        }
    }
}
