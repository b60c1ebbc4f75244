package io.parley.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.contract.AwsCommandLine;
import io.parley.local.contract.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stock AWS CLI against the local Kinesis. */
class KinesisCommandLineITCase {

    /** From a file, since version 1 of the CLI takes text on the command line and version 2 base64. */
    @TempDir
    Path folder;

    private Endpoint endpoint;
    private AwsCommandLine aws;

    @BeforeEach
    void start() {
        endpoint = Endpoint.local(vertx -> List.of(
                new KinesisEndpoint(vertx, Clock.systemUTC(), KinesisOptions.likeAws("eu-central-1", "123456789012"))));
        aws = new AwsCommandLine(endpoint);
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    @Test
    void createsWritesAndReadsAStream() throws Exception {
        aws.run("kinesis", "create-stream", "--stream-name", "voice", "--shard-count", "2");
        aws.run("kinesis", "wait", "stream-exists", "--stream-name", "voice");
        assertThat(aws.run("kinesis", "list-streams")
                        .path("StreamNames")
                        .path(0)
                        .asText())
                .isEqualTo("voice");
        JsonNode put = aws.run(
                "kinesis",
                "put-record",
                "--stream-name",
                "voice",
                "--partition-key",
                "room-1",
                "--data",
                "fileb://" + Files.writeString(folder.resolve("data"), "hello"));
        JsonNode iterator = aws.run(
                "kinesis",
                "get-shard-iterator",
                "--stream-name",
                "voice",
                "--shard-id",
                put.path("ShardId").asText(),
                "--shard-iterator-type",
                "TRIM_HORIZON");

        JsonNode record = aws.run(
                        "kinesis",
                        "get-records",
                        "--shard-iterator",
                        iterator.path("ShardIterator").asText())
                .path("Records")
                .path(0);

        assertThat(record.path("PartitionKey").asText()).isEqualTo("room-1");
        assertThat(record.path("Data").binaryValue()).asString().isEqualTo("hello");
        assertThat(record.path("SequenceNumber")).isEqualTo(put.path("SequenceNumber"));
    }

    @Test
    void saysWhatIsNotThere() {
        assertThat(aws.fail("kinesis", "describe-stream-summary", "--stream-name", "none"))
                .contains("ResourceNotFoundException", "Stream none under account 123456789012 not found");
    }
}
