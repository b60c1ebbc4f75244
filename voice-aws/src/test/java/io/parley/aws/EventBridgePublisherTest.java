package io.parley.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.error.ErrorCode;
import io.parley.core.event.SendAudioEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eventbridge.EventBridgeAsyncClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;

class EventBridgePublisherTest {

    private final FakeEventBridge eventBridge = new FakeEventBridge();
    private final EventBridgePublisher publisher =
            new EventBridgePublisher(eventBridge, "voice-bus", "voice-chat", "SendAudioEvent");

    @Test
    void keepsTheFieldNamesOfTheOriginalSystem() {
        publisher.publish(List.of(event(SendAudioEvent.Status.PENDING).build()));

        PutEventsRequestEntry entry = eventBridge.requests.get(0).entries().get(0);
        assertThat(entry.eventBusName()).isEqualTo("voice-bus");
        assertThat(entry.source()).isEqualTo("voice-chat");
        assertThat(entry.detailType()).isEqualTo("SendAudioEvent");
        assertThat(entry.detail())
                .isEqualTo("{\"status\":\"PENDING\",\"message\":{\"action\":\"sendaudio\",\"author\":\"ann\","
                        + "\"timestamp\":17,\"format\":\"opus\",\"room\":\"lobby\",\"sequence\":4294967295,\"frames\":5,"
                        + "\"request_id\":\"r1\"},\"websocket_context\":{\"domain_name\":\"voice.example\","
                        + "\"stage\":\"prod\",\"connection_id\":\"c1\"},\"timestamp\":18,\"s3_key\":\"lobby/a\"}");
    }

    @Test
    void namesTheReasonOfAFailure() {
        String detail = EventBridgePublisher.detail(event(SendAudioEvent.Status.FAILED)
                .reason(ErrorCode.BAD_BASE64)
                .objectKey("")
                .build());

        assertThat(detail)
                .startsWith("{\"status\":\"FAILED\",\"reason\":\"bad_base64\",")
                .doesNotContain("s3_key");
    }

    @Test
    void sendsTenToACallAndCountsWhatWasRefused() {
        eventBridge.refusedOfEach = 2;

        int refused = publisher
                .publish(Collections.nCopies(
                        21, event(SendAudioEvent.Status.PENDING).build()))
                .toCompletableFuture()
                .join();
        assertThat(refused).isEqualTo(6);
        assertThat(eventBridge.requests)
                .extracting(request -> request.entries().size())
                .containsExactly(10, 10, 1);
    }

    @Test
    void callsNobodyForNothing() {
        assertThat(publisher.publish(List.of()).toCompletableFuture().join()).isZero();
        assertThat(eventBridge.requests).isEmpty();
    }

    private static SendAudioEvent.Builder event(SendAudioEvent.Status status) {
        return SendAudioEvent.of(status, 18)
                .speaker("lobby", "ann", "c1")
                .chunk("opus", -1, 5)
                .message("r1", 17)
                .objectKey("lobby/a")
                .gateway("voice.example", "prod");
    }

    private static final class FakeEventBridge implements EventBridgeAsyncClient {
        private final List<PutEventsRequest> requests = new ArrayList<>();
        private int refusedOfEach;

        @Override
        public CompletableFuture<PutEventsResponse> putEvents(PutEventsRequest request) {
            requests.add(request);
            return CompletableFuture.completedFuture(
                    PutEventsResponse.builder().failedEntryCount(refusedOfEach).build());
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
