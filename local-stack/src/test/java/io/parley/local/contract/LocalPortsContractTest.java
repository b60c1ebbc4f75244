package io.parley.local.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.aws.LambdaBroadcaster;
import io.parley.core.event.SendAudioEvent;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.StreamRecord;
import io.parley.local.events.EventBridgeEndpoint;
import io.parley.local.events.EventBuses;
import io.parley.local.events.EventLog;
import io.parley.local.events.MatchedEvent;
import io.parley.local.kinesis.KinesisEndpoint;
import io.parley.local.kinesis.KinesisOptions;
import io.parley.local.kms.KmsService;
import io.parley.local.lambda.FunctionRegistry;
import io.parley.local.lambda.LambdaEndpoint;
import io.parley.local.lambda.LocalFunction;
import io.parley.local.s3.S3Service;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With what only our own endpoints can show: the functions, and what became of the events. */
class LocalPortsContractTest extends PortsContractTest {

    private static final String REGION = "eu-central-1";
    private static final String ACCOUNT = "123456789012";

    @TempDir
    static Path folder;

    private final Clock clock = Clock.systemUTC();
    private final EventLog log = new EventLog(100);
    private final FunctionRegistry functions = new FunctionRegistry(clock, REGION, ACCOUNT, Duration.ZERO);
    private final EventBuses buses = new EventBuses(clock, REGION, ACCOUNT, functions, log);

    @Override
    Endpoint open() {
        return Endpoint.local(vertx -> List.of(
                new KinesisEndpoint(vertx, clock, KinesisOptions.likeAws(REGION, ACCOUNT)),
                new S3Service(vertx, folder.resolve("s3"), clock),
                new EventBridgeEndpoint(buses),
                new LambdaEndpoint(functions),
                new KmsService(vertx, folder.resolve("kms"), clock, REGION, ACCOUNT)));
    }

    @AfterAll
    void closeFunctions() {
        functions.close();
    }

    /** As moto does, but that takes it ten seconds. */
    @Test
    void listsMoreThanOnePage() {
        assertListed(1_010);
    }

    @Test
    void publishesEventsThatRulesCanMatch() {
        buses.createBus("matched");
        buses.putRule("matched", "pending", "{\"source\":[\"voice-chat\"],\"detail\":{\"status\":[\"PENDING\"]}}");
        buses.putTarget(
                "matched", "pending", "log", "arn:aws:logs:" + REGION + ":" + ACCOUNT + ":log-group:/aws/events/voice");
        await(ports.eventPublisher("matched", "voice-chat", "SendAudioEvent")
                .publish(List.of(SendAudioEvent.of(SendAudioEvent.Status.PENDING, 1_700_000_000_000L)
                        .speaker("lobby", "ann", "c1=")
                        .build())));

        MatchedEvent event = log.whenSeen(1, seen -> true).join().get(0);
        assertThat(event.detailType()).isEqualTo("SendAudioEvent");
        assertThat(event.detail().at("/message/author").asText()).isEqualTo("ann");
    }

    /** moto takes records for a stream that is not there. */
    @Test
    void doesNotCallAMissingStreamUnavailable() {
        assertThatThrownBy(() -> await(ports.voiceStream("no-such-stream")
                        .put(StreamRecord.newBuilder().setRoom("lobby").build())))
                .cause()
                .hasMessageContaining("no-such-stream");
    }

    @Test
    void bringsBackTheFunctionsAnswer() {
        BroadcastAnswer answer =
                BroadcastAnswer.newBuilder().setVersion(1).setExpired(true).build();
        functions.register(LocalFunction.of("broadcast", () -> (RequestStreamHandler) (input, output, context) -> {
            JsonNode payload = new ObjectMapper().readTree(input);
            assertThat(BroadcastRequest.parseFrom(Base64.getDecoder()
                                    .decode(payload.get("request").asText()))
                            .getDeliverBeforeMs())
                    .isEqualTo(42);
            String encoded = Base64.getEncoder().encodeToString(answer.toByteArray());
            output.write(("{\"answer\":\"" + encoded + "\"}").getBytes(StandardCharsets.UTF_8));
        }));
        LambdaBroadcaster broadcaster = ports.broadcaster("broadcast", Duration.ofSeconds(5));

        assertThat(await(broadcaster.broadcast(
                        BroadcastRequest.newBuilder().setDeliverBeforeMs(42).build())))
                .isEqualTo(answer);
    }

    @Test
    void failsWhereTheFunctionFails() {
        functions.register(LocalFunction.of("broken", () -> (RequestStreamHandler) (input, output, context) -> {
            throw new IllegalStateException("boom");
        }));

        assertThatThrownBy(() -> await(ports.broadcaster("broken", Duration.ofSeconds(5))
                        .broadcast(BroadcastRequest.getDefaultInstance())))
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("broken failed");
    }
}
