package io.parley.job.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.job.JobOptions;
import io.parley.job.Settings;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class KinesisSourceFactoryTest {

    @Test
    void looksForNewShardsFiveTimesASecondAndReadsByFanOutUnderTheGivenConsumer() {
        Properties properties = KinesisSourceFactory.properties(new Settings()
                .with(JobOptions.STREAM_READER, "efo")
                .with(JobOptions.CONSUMER_REGISTRATION, "none")
                .with(JobOptions.CONSUMER_ARN, "arn:aws:kinesis:consumer")
                .options());

        assertThat(properties)
                .containsEntry("aws.region", "eu-central-1")
                .containsEntry("flink.stream.recordpublisher", "EFO")
                .containsEntry("flink.stream.efo.registration", "NONE")
                .containsEntry("flink.stream.efo.consumerarn.voice", "arn:aws:kinesis:consumer")
                .containsEntry("flink.stream.initpos", "LATEST")
                .containsEntry("flink.shard.discovery.intervalmillis", "200")
                .doesNotContainKeys("aws.endpoint", "aws.credentials.provider");
    }

    @Test
    void pollsALocalStackWithItsCredentials() {
        Properties properties = KinesisSourceFactory.properties(new Settings()
                .with(JobOptions.AWS_ENDPOINT, "http://127.0.0.1:4566")
                .with(JobOptions.ACCESS_KEY_ID, "id")
                .with(JobOptions.SECRET_ACCESS_KEY, "secret")
                .with(JobOptions.POLL_INTERVAL, 20)
                .with(JobOptions.INITIAL_POSITION, "trim-horizon")
                .options());

        assertThat(properties)
                .containsEntry("aws.endpoint", "http://127.0.0.1:4566")
                .containsEntry("aws.credentials.provider", "BASIC")
                .containsEntry("aws.credentials.provider.basic.accesskeyid", "id")
                .containsEntry("aws.credentials.provider.basic.secretkey", "secret")
                .containsEntry("flink.stream.recordpublisher", "POLLING")
                .containsEntry("flink.shard.getrecords.intervalmillis", "20")
                .containsEntry("flink.stream.initpos", "TRIM_HORIZON")
                .doesNotContainKey("flink.stream.efo.registration");
    }
}
