package io.parley.local.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.dynamodb.DynamoDbOptions;
import io.parley.local.dynamodb.DynamoDbService;
import io.parley.local.events.EventBridgeEndpoint;
import io.parley.local.events.EventBuses;
import io.parley.local.events.EventLog;
import io.parley.local.kinesis.KinesisEndpoint;
import io.parley.local.kinesis.KinesisOptions;
import io.parley.local.kms.KmsService;
import io.parley.local.lambda.FunctionRegistry;
import io.parley.local.s3.S3Service;
import io.parley.local.ssm.SsmService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The stock AWS CLI finds every service at the one edge port. What the services do in depth is in their contract tests.
 *
 * <p>Blobs are given as {@code fileb://}, which both versions of the CLI read alike.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AwsCliITCase {

    private static final String REGION = "eu-central-1";
    private static final String ACCOUNT = "123456789012";

    @TempDir
    static Path folder;

    private final Clock clock = Clock.systemUTC();
    private final EventLog events = new EventLog(10);
    private FunctionRegistry functions;
    private Endpoint endpoint;
    private AwsCommandLine aws;

    @BeforeAll
    void start() {
        functions = new FunctionRegistry(clock, REGION, ACCOUNT);
        endpoint = Endpoint.local(vertx -> List.of(
                new KinesisEndpoint(vertx, clock, KinesisOptions.likeAws(REGION, ACCOUNT)),
                new S3Service(vertx, folder.resolve("s3"), clock),
                new DynamoDbService(vertx, clock, DynamoDbOptions.DEFAULT),
                new EventBridgeEndpoint(new EventBuses(clock, REGION, ACCOUNT, functions, events)),
                new KmsService(vertx, folder.resolve("kms"), clock, REGION, ACCOUNT),
                new SsmService(clock)));
        aws = new AwsCommandLine(endpoint);
    }

    @AfterAll
    void stop() {
        endpoint.close();
        functions.close();
    }

    @Test
    void listsKinesisStreams() {
        aws.text("kinesis", "create-stream", "--stream-name", "voice", "--shard-count", "1");

        assertThat(aws.run("kinesis", "list-streams")
                        .path("StreamNames")
                        .path(0)
                        .asText())
                .isEqualTo("voice");
    }

    @Test
    void copiesListsAndRemovesS3Objects() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(5).nextBytes(bytes);
        String sent = Files.write(folder.resolve("sent"), bytes).toString();

        aws.text("s3", "mb", "s3://audio");
        aws.text("s3", "cp", sent, "s3://audio/lobby/a b%c");
        assertThat(aws.text("s3", "ls", "s3://audio/lobby/")).contains("300000 a b%c");
        aws.text(
                "s3", "cp", "s3://audio/lobby/a b%c", folder.resolve("received").toString());
        assertThat(folder.resolve("received")).hasBinaryContent(bytes);
        assertThat(aws.fail(
                        "s3api",
                        "put-object",
                        "--bucket",
                        "audio",
                        "--key",
                        "lobby/a b%c",
                        "--body",
                        sent,
                        "--if-none-match",
                        "*"))
                .contains("PreconditionFailed");
        aws.text("s3", "rm", "--recursive", "s3://audio");
        aws.text("s3", "rb", "s3://audio");
        assertThat(aws.fail("s3", "ls", "s3://audio")).contains("NoSuchBucket");
    }

    @Test
    void putsAndQueriesDynamoDbItems() {
        aws.text(
                "dynamodb",
                "create-table",
                "--table-name",
                "connections",
                "--billing-mode",
                "PAY_PER_REQUEST",
                "--attribute-definitions",
                "AttributeName=pk,AttributeType=S",
                "AttributeName=sk,AttributeType=S",
                "--key-schema",
                "AttributeName=pk,KeyType=HASH",
                "AttributeName=sk,KeyType=RANGE");
        aws.text(
                "dynamodb",
                "put-item",
                "--table-name",
                "connections",
                "--item",
                "{\"pk\":{\"S\":\"ROOM#lobby\"},\"sk\":{\"S\":\"MEMBER#alice\"},\"version\":{\"N\":\"3\"}}");

        JsonNode found = aws.run(
                "dynamodb",
                "query",
                "--table-name",
                "connections",
                "--key-condition-expression",
                "pk = :pk",
                "--expression-attribute-values",
                "{\":pk\":{\"S\":\"ROOM#lobby\"}}");

        assertThat(found.path("Count").asInt()).isEqualTo(1);
        assertThat(found.path("Items").path(0).path("version").path("N").asText())
                .isEqualTo("3");
    }

    @Test
    void putsEvents() {
        JsonNode answer = aws.run(
                "events",
                "put-events",
                "--entries",
                "[{\"Source\":\"parley\",\"DetailType\":\"SendAudioEvent\",\"Detail\":\"{\\\"room\\\":\\\"lobby\\\"}\"}]");

        assertThat(answer.path("FailedEntryCount").asInt()).isZero();
        assertThat(events.events())
                .singleElement()
                .satisfies(event ->
                        assertThat(event.detail().path("room").asText()).isEqualTo("lobby"));
    }

    @Test
    void decryptsADataKeyInItsContextOnly() throws IOException {
        String key =
                aws.run("kms", "create-key").path("KeyMetadata").path("KeyId").asText();
        aws.text("kms", "create-alias", "--alias-name", "alias/audio", "--target-key-id", key);
        JsonNode dataKey = aws.run(
                "kms",
                "generate-data-key",
                "--key-id",
                "alias/audio",
                "--key-spec",
                "AES_256",
                "--encryption-context",
                "room=lobby");
        String blob = "fileb://"
                + Files.write(
                        folder.resolve("blob"), dataKey.path("CiphertextBlob").binaryValue());

        assertThat(aws.run("kms", "decrypt", "--ciphertext-blob", blob, "--encryption-context", "room=lobby")
                        .path("Plaintext"))
                .isEqualTo(dataKey.path("Plaintext"));
        assertThat(aws.fail("kms", "decrypt", "--ciphertext-blob", blob, "--encryption-context", "room=hall"))
                .contains("InvalidCiphertextException");
    }

    @Test
    void getsAParameter() {
        aws.text("ssm", "put-parameter", "--name", "/parley/room", "--type", "String", "--value", "lobby");

        assertThat(aws.run("ssm", "get-parameter", "--name", "/parley/room")
                        .path("Parameter")
                        .path("Value")
                        .asText())
                .isEqualTo("lobby");
    }
}
