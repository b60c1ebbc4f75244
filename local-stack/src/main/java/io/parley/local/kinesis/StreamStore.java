package io.parley.local.kinesis;

import io.parley.local.edge.AwsException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All streams by name. Not safe for threads: see {@link KinesisShard}. */
final class StreamStore {

    private static final Pattern STREAM_ARN = Pattern.compile("arn:aws[^:]*:kinesis:[^:]*:\\d{12}:stream/([^/]+)");
    private static final Pattern CONSUMER_ARN =
            Pattern.compile("(arn:aws[^:]*:kinesis:[^:]*:\\d{12}:stream/[^/]+)/consumer/([^/:]+)(:\\d+)?");

    private final Clock clock;
    private final KinesisOptions options;
    private final NavigableMap<String, KinesisStream> streams = new TreeMap<>();

    StreamStore(Clock clock, KinesisOptions options) {
        this.clock = clock;
        this.options = options;
    }

    long nowMs() {
        return clock.millis();
    }

    KinesisOptions options() {
        return options;
    }

    KinesisStream create(String name, String mode, int shards) {
        if (streams.containsKey(name)) {
            throw new AwsException(
                    400,
                    "ResourceInUseException",
                    "Stream " + name + " under account " + options.accountId() + " already exists.");
        }
        KinesisStream stream = new KinesisStream(name, mode, shards, nowMs(), options);
        streams.put(name, stream);
        return stream;
    }

    void delete(KinesisStream stream) {
        streams.remove(stream.name());
        stream.delete();
    }

    List<KinesisStream> after(String name) {
        return new ArrayList<>(streams.tailMap(name, false).values());
    }

    KinesisStream byName(String name) {
        KinesisStream stream = streams.get(name);
        if (stream == null) {
            throw new AwsException(
                    400,
                    "ResourceNotFoundException",
                    "Stream " + name + " under account " + options.accountId() + " not found.");
        }
        return stream;
    }

    /** By StreamName, StreamARN or both, as every operation takes them. */
    KinesisStream named(CallBody body) {
        String arn = body.optionalText("StreamARN");
        String name = body.optionalName("StreamName");
        if (arn == null && name == null) {
            throw new AwsException(400, "InvalidArgumentException", "Give StreamName or StreamARN.");
        }
        KinesisStream stream = arn == null ? byName(name) : byArn(arn);
        if (name != null && !name.equals(stream.name())) {
            throw new AwsException(
                    400, "InvalidArgumentException", "StreamARN " + arn + " is not of the stream named " + name + ".");
        }
        return stream;
    }

    KinesisStream byArn(String arn) {
        Matcher matcher = STREAM_ARN.matcher(arn);
        if (!matcher.matches()) {
            throw AwsException.validation(CallBody.detected(arn, "streamARN", "be the ARN of a stream"));
        }
        return byName(matcher.group(1));
    }

    StreamConsumer consumerByArn(String arn) {
        Matcher matcher = CONSUMER_ARN.matcher(arn);
        if (!matcher.matches()) {
            throw AwsException.validation(CallBody.detected(arn, "consumerARN", "be the ARN of a stream's consumer"));
        }
        KinesisStream stream = byArn(matcher.group(1));
        StreamConsumer consumer = stream.consumers().get(matcher.group(2));
        if (consumer == null
                || (matcher.group(3) != null && !arn.endsWith(consumer.arn().split("/consumer/")[1]))) {
            throw consumerNotFound(arn);
        }
        return consumer;
    }

    /** By ConsumerARN, or by StreamARN and ConsumerName. */
    StreamConsumer consumer(CallBody body) {
        String arn = body.optionalText("ConsumerARN");
        if (arn != null) {
            return consumerByArn(arn);
        }
        String name = body.name("ConsumerName");
        StreamConsumer consumer = byArn(body.text("StreamARN")).consumers().get(name);
        if (consumer == null) {
            throw consumerNotFound(name);
        }
        return consumer;
    }

    private AwsException consumerNotFound(String consumer) {
        return new AwsException(
                400,
                "ResourceNotFoundException",
                "Consumer " + consumer + ", account " + options.accountId() + " not found.");
    }
}
