package io.parley.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.core.event.SendAudioEvent;
import io.parley.core.port.EventPublisher;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.services.eventbridge.EventBridgeAsyncClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;

/**
 * SendAudioEvents on an EventBridge bus, ten to a call (Amazon EventBridge API reference, PutEvents). The detail keeps
 * the field names of the original system and adds to them:
 *
 * <pre>
 * {"status":"FAILED","reason":"bad_base64",
 *  "message":{"action":"sendaudio","author":"&lt;participant&gt;","timestamp":&lt;arrival, ms&gt;,"format":"opus","room":"..",
 *             "sequence":7,"frames":5,"request_id":".."},
 *  "websocket_context":{"domain_name":"..","stage":"..","connection_id":".."},
 *  "timestamp":&lt;of the event, ms&gt;,"s3_key":"&lt;if the chunk is kept&gt;"}
 * </pre>
 *
 * <p>{@code reason} is there with FAILED only. Where {@code format} is empty the chunk could not be read, and sequence
 * and frames say nothing.
 */
public final class EventBridgePublisher implements EventPublisher {

    private static final int BATCH = 10;
    private static final JsonFactory JSON = new JsonFactory();

    private final EventBridgeAsyncClient eventBridge;
    private final String bus;
    private final String source;
    private final String detailType;

    public EventBridgePublisher(EventBridgeAsyncClient eventBridge, String bus, String source, String detailType) {
        this.eventBridge = Objects.requireNonNull(eventBridge);
        this.bus = Objects.requireNonNull(bus);
        this.source = Objects.requireNonNull(source);
        this.detailType = Objects.requireNonNull(detailType);
    }

    /** Batches go out side by side; when one of several cannot be sent the stage fails though others were taken. */
    @Override
    public CompletionStage<Integer> publish(List<SendAudioEvent> events) {
        CompletableFuture<Integer> refused = CompletableFuture.completedFuture(0);
        for (int from = 0; from < events.size(); from += BATCH) {
            refused = refused.thenCombine(
                    publishBatch(events.subList(from, Math.min(events.size(), from + BATCH))), Integer::sum);
        }
        return refused;
    }

    private CompletableFuture<Integer> publishBatch(List<SendAudioEvent> events) {
        List<PutEventsRequestEntry> entries = new ArrayList<>(events.size());
        for (SendAudioEvent event : events) {
            entries.add(PutEventsRequestEntry.builder()
                    .eventBusName(bus)
                    .source(source)
                    .detailType(detailType)
                    .time(Instant.ofEpochMilli(event.timestampMs()))
                    .detail(detail(event))
                    .build());
        }
        return eventBridge
                .putEvents(PutEventsRequest.builder().entries(entries).build())
                .handle((answer, failure) -> {
                    if (failure != null) {
                        throw ServiceFailure.translate("eventbridge", failure);
                    }
                    return answer.failedEntryCount() == null ? 0 : answer.failedEntryCount();
                });
    }

    static String detail(SendAudioEvent event) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("status", event.status().name());
            if (event.reason() != null) {
                json.writeStringField("reason", event.reason().code());
            }
            json.writeObjectFieldStart("message");
            json.writeStringField("action", "sendaudio");
            json.writeStringField("author", event.participant());
            json.writeNumberField("timestamp", event.arrivalTimeMs());
            json.writeStringField("format", event.format());
            json.writeStringField("room", event.room());
            json.writeNumberField("sequence", Integer.toUnsignedLong(event.sequence()));
            json.writeNumberField("frames", event.frameCount());
            json.writeStringField("request_id", event.requestId());
            json.writeEndObject();
            json.writeObjectFieldStart("websocket_context");
            json.writeStringField("domain_name", event.domainName());
            json.writeStringField("stage", event.stage());
            json.writeStringField("connection_id", event.connection());
            json.writeEndObject();
            json.writeNumberField("timestamp", event.timestampMs());
            if (!event.objectKey().isEmpty()) {
                json.writeStringField("s3_key", event.objectKey());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
