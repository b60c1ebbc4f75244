package io.parley.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.ConnectionPoster.Outcome;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.StreamRecord;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the adapters put on the wire, and what they make of a service's refusals. */
class AdaptersTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private LoopbackService service;

    @BeforeEach
    void open() throws IOException {
        service = new LoopbackService();
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void takesEndpointRegionAndCredentialsFromTheEnvironmentThatItIsGiven() {
        service.answersKinesis();
        new KinesisVoiceStream(service.clients().kinesis(), "voice")
                .put(StreamRecord.newBuilder().setRoom("lobby").build())
                .toCompletableFuture()
                .join();

        LoopbackService.Request request = service.requests.get(0);
        assertThat(request.header("Authorization"))
                .contains("Credential=THEKEY/")
                .contains("/eu-central-1/kinesis/");
        assertThat(request.header("X-amz-security-token")).isEqualTo("token");
    }

    @ParameterizedTest
    @CsvSource({"400,ProvisionedThroughputExceededException", "500,InternalFailure", "503,ServiceUnavailable"})
    void saysThatAThrottledOrFailingStreamIsUnavailable(int status, String type) {
        for (int attempt = 0; attempt < 2; attempt++) {
            service.refusesKinesis(status, type);
        }

        assertThatThrownBy(() -> await(new KinesisVoiceStream(service.clients().kinesis(), "voice")
                        .put(StreamRecord.newBuilder().setRoom("lobby").build())))
                .cause()
                .isInstanceOfSatisfying(
                        ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(service.requests).hasSize(2);
    }

    @Test
    void saysThatAStreamOutOfReachIsUnavailable() {
        AwsClients clients = service.clients();
        service.close();

        assertThatThrownBy(() -> await(new KinesisVoiceStream(clients.kinesis(), "voice")
                        .put(StreamRecord.newBuilder().setRoom("lobby").build())))
                .cause()
                .isInstanceOfSatisfying(
                        ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void putsAnObjectAsItIsUnderItsPath() {
        service.answers(200, "");
        assertThat(await(store("key-1").putIfAbsent("room/2023/a", new byte[] {1, 2, 3})))
                .isTrue();

        LoopbackService.Request put = service.requests.get(0);
        assertThat(put.line).isEqualTo("PUT /audio/room/2023/a");
        assertThat(put.body).containsExactly(1, 2, 3);
        assertThat(put.header("If-none-match")).isEqualTo("*");
        assertThat(put.header("X-amz-server-side-encryption")).isEqualTo("aws:kms");
        assertThat(put.header("X-amz-server-side-encryption-aws-kms-key-id")).isEqualTo("key-1");
        assertThat(put.header("X-amz-server-side-encryption-bucket-key-enabled"))
                .isEqualTo("true");
        assertThat(put.header("Expect")).isNull();
        assertThat(put.headers.keySet()).noneMatch(name -> name.toLowerCase().contains("checksum"));
    }

    @Test
    void tellsATakenKeyFromAConflict() {
        service.answers(412, "<Error><Code>PreconditionFailed</Code></Error>");
        assertThat(await(store(null).putIfAbsent("a", new byte[1]))).isFalse();

        service.answers(409, "<Error><Code>ConditionalRequestConflict</Code></Error>")
                .answers(200, "");
        assertThat(await(store(null).putIfAbsent("a", new byte[1]))).isTrue();
        assertThat(service.requests).hasSize(3);
    }

    @Test
    void saysThatThereIsNoSuchObject() {
        service.answers(404, "<Error><Code>NoSuchKey</Code></Error>");
        assertThatThrownBy(() -> await(store(null).get("a"))).cause().isInstanceOf(NoSuchElementException.class);
    }

    @ParameterizedTest
    @CsvSource({"200,POSTED", "410,GONE", "413,TOO_LARGE", "429,THROTTLED", "500,FAILED", "403,FAILED"})
    void mapsWhatTheGatewayAnswers(int status, Outcome outcome) {
        service.answers(status, "");
        ApiGatewayPoster poster =
                new ApiGatewayPoster(service.clients().gatewayManagement(URI.create(service.uri() + "/prod"), TIMEOUT));

        assertThat(await(poster.post("c1=", new byte[] {'h', 'i'}))).isEqualTo(outcome);
        assertThat(service.requests).hasSize(1);
        assertThat(service.requests.get(0).line).isEqualTo("POST /prod/@connections/c1%3D");
    }

    @Test
    void countsAGatewayOutOfReachAsFailed() {
        ApiGatewayPoster poster =
                new ApiGatewayPoster(service.clients().gatewayManagement(URI.create(service.uri()), TIMEOUT));
        service.close();

        assertThat(await(poster.close("c1"))).isEqualTo(Outcome.FAILED);
    }

    @Test
    void carriesARequestToTheFunctionAndItsAnswerBack() throws Exception {
        BroadcastRequest request = BroadcastRequest.newBuilder()
                .setVersion(1)
                .setDeliverBeforeMs(7)
                .build();
        BroadcastAnswer answer =
                BroadcastAnswer.newBuilder().setVersion(1).setExpired(true).build();
        service.answers(200, "{\"answer\":\"" + Base64.getEncoder().encodeToString(answer.toByteArray()) + "\"}");

        assertThat(await(broadcaster().broadcast(request))).isEqualTo(answer);
        assertThat(service.requests.get(0).line).isEqualTo("POST /2015-03-31/functions/broadcast/invocations");
        String encoded = Base64.getEncoder().encodeToString(request.toByteArray());
        assertThat(new String(service.requests.get(0).body)).isEqualTo("{\"request\":\"" + encoded + "\"}");
    }

    @Test
    void triesABroadcastOnce() {
        service.answers(500, "{}").answers(200, "{}");

        assertThatThrownBy(() -> await(broadcaster().broadcast(BroadcastRequest.getDefaultInstance())))
                .cause()
                .isInstanceOf(ParleyException.class);
        assertThat(service.requests).hasSize(1);
    }

    @Test
    void failsWhereTheFunctionGaveNoAnswer() {
        service.answers(200, "{\"errorMessage\":\"boom\"}");

        assertThatThrownBy(() -> await(broadcaster().broadcast(BroadcastRequest.getDefaultInstance())))
                .cause()
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesToBlockWhereTheAnswerWouldHaveToBeRead() {
        service.answersKinesis();
        DynamoConnectionRegistry registry =
                new DynamoConnectionRegistry(service.clients().dynamoDb(), "connections", new MovableClock());
        CompletionStage<?> onIoThread = new KinesisVoiceStream(service.clients().kinesis(), "voice")
                .put(StreamRecord.newBuilder()
                        .setRoom("lobby")
                        .setChunk(ByteString.EMPTY)
                        .build())
                .thenApply(done -> registry.members("lobby"));

        assertThatThrownBy(() -> await(onIoThread)).cause().isInstanceOf(IllegalStateException.class);
    }

    private S3ObjectStore store(String kmsKeyId) {
        return new S3ObjectStore(service.clients().s3(), "audio", kmsKeyId);
    }

    private LambdaBroadcaster broadcaster() {
        return new LambdaBroadcaster(service.clients().lambda(TIMEOUT), "broadcast");
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
