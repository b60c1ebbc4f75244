package io.parley.job.source;

import io.parley.job.JobOptions;
import io.parley.job.JobOptions.ConsumerRegistration;
import io.parley.job.JobOptions.StreamReader;
import java.util.Properties;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.connectors.kinesis.FlinkKinesisConsumer;
import org.apache.flink.streaming.connectors.kinesis.config.AWSConfigConstants;
import org.apache.flink.streaming.connectors.kinesis.config.ConsumerConfigConstants;

/**
 * The voice stream as a Flink source: the one place that knows the connector, since Flink 2 will need another one.
 *
 * <p>FlinkKinesisConsumer neither reads parents before children at a reshard nor orders shards; nothing in the job
 * relies on either.
 */
public final class KinesisSourceFactory {

    private KinesisSourceFactory() {}

    @SuppressWarnings("deprecation") // the connector that has EFO is a SourceFunction
    public static DataStream<ShardRecord> create(StreamExecutionEnvironment environment, JobOptions options) {
        return environment
                .addSource(new FlinkKinesisConsumer<>(
                        options.get(JobOptions.STREAM_NAME), new ShardRecordSchema(), properties(options)))
                .name("voice-stream")
                .uid("voice-stream");
    }

    static Properties properties(JobOptions options) {
        Properties properties = new Properties();
        properties.setProperty(AWSConfigConstants.AWS_REGION, options.get(JobOptions.AWS_REGION));
        if (!options.get(JobOptions.AWS_ENDPOINT).isEmpty()) {
            properties.setProperty(AWSConfigConstants.AWS_ENDPOINT, options.get(JobOptions.AWS_ENDPOINT));
        }
        if (!options.get(JobOptions.ACCESS_KEY_ID).isEmpty()) {
            properties.setProperty(AWSConfigConstants.AWS_CREDENTIALS_PROVIDER, "BASIC");
            properties.setProperty(AWSConfigConstants.AWS_ACCESS_KEY_ID, options.get(JobOptions.ACCESS_KEY_ID));
            properties.setProperty(AWSConfigConstants.AWS_SECRET_ACCESS_KEY, options.get(JobOptions.SECRET_ACCESS_KEY));
        }
        properties.setProperty(
                ConsumerConfigConstants.STREAM_INITIAL_POSITION,
                options.get(JobOptions.INITIAL_POSITION).name());
        properties.setProperty(
                ConsumerConfigConstants.SHARD_DISCOVERY_INTERVAL_MILLIS,
                options.get(JobOptions.DISCOVERY_INTERVAL).toString());
        properties.setProperty(
                ConsumerConfigConstants.SHARD_GETRECORDS_INTERVAL_MILLIS,
                options.get(JobOptions.POLL_INTERVAL).toString());
        properties.setProperty(
                ConsumerConfigConstants.RECORD_PUBLISHER_TYPE,
                options.get(JobOptions.STREAM_READER).name());
        if (options.get(JobOptions.STREAM_READER) == StreamReader.EFO) {
            ConsumerRegistration registration = options.get(JobOptions.CONSUMER_REGISTRATION);
            properties.setProperty(ConsumerConfigConstants.EFO_REGISTRATION_TYPE, registration.name());
            properties.setProperty(ConsumerConfigConstants.EFO_CONSUMER_NAME, options.get(JobOptions.CONSUMER_NAME));
            if (registration == ConsumerRegistration.NONE) {
                properties.setProperty(
                        ConsumerConfigConstants.efoConsumerArn(options.get(JobOptions.STREAM_NAME)),
                        options.get(JobOptions.CONSUMER_ARN));
            }
        }
        return properties;
    }
}
