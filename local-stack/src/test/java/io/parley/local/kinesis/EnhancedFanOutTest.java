package io.parley.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.local.contract.Endpoint;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;

/**
 * Enhanced fan-out through the SDK's own client, h2c with prior knowledge; moto has no SubscribeToShard. The clock
 * stands still but where a test moves it, so that what arrives without that was pushed and not fetched by a timer.
 */
@Timeout(60)
class EnhancedFanOutTest {

    private static final String STREAM = "voice";
    private static final String SHARD = "shardId-000000000000";
    private static final int MEBIBYTE = 1 << 20;
    private static final StartingPosition LATEST = from(ShardIteratorType.LATEST);
    private static final StartingPosition TRIM_HORIZON = from(ShardIteratorType.TRIM_HORIZON);

    private static SdkAsyncHttpClient http;

    private final ManualTime time = new ManualTime();
    private final List<ShardSubscriber> subscribers = new ArrayList<>();
    private KinesisEndpoint service;
    private Endpoint endpoint;
    private KinesisAsyncClient kinesis;
    private String consumer;

    @BeforeAll
    static void openClient() {
        http = NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP2).build();
    }

    @AfterAll
    static void closeClient() {
        http.close();
    }

    @BeforeEach
    void start() {
        start(KinesisOptions.likeAws("eu-central-1", "123456789012"));
    }

    @AfterEach
    void stop() {
        subscribers.forEach(ShardSubscriber::cancel);
        kinesis.close();
        endpoint.close();
    }

    private void start(KinesisOptions options) {
        endpoint = Endpoint.local(vertx -> {
            service = new KinesisEndpoint(vertx, time, time, options);
            return List.of(service);
        });
        service.createStream(STREAM, 1);
        kinesis = endpoint.client(KinesisAsyncClient.builder().httpClient(http));
        consumer = kinesis.registerStreamConsumer(
                        request -> request.streamARN(arn()).consumerName("job"))
                .join()
                .consumer()
                .consumerARN();
    }

    @Test
    void pushesWhatIsPutAtOnce() {
        ShardSubscriber subscriber = subscribe(LATEST);

        String first = put("one");
        SubscribeToShardEvent event = subscriber.next();
        assertThat(texts(event.records())).containsExactly("one");
        assertThat(event.records().get(0).sequenceNumber()).isEqualTo(first);
        assertThat(event.records().get(0).approximateArrivalTimestamp()).isEqualTo(time.instant());
        assertThat(event.continuationSequenceNumber()).isEqualTo(first);
        assertThat(event.millisBehindLatest()).isZero();

        put("two");
        assertThat(texts(subscriber.next().records())).containsExactly("two");
    }

    @Test
    void pushesToEveryConsumer() {
        String other = kinesis.registerStreamConsumer(
                        request -> request.streamARN(arn()).consumerName("recorder"))
                .join()
                .consumer()
                .consumerARN();
        ShardSubscriber first = subscribe(LATEST);
        ShardSubscriber second = subscribe(other, LATEST);

        put("one");

        assertThat(texts(first.next().records())).containsExactly("one");
        assertThat(texts(second.next().records())).containsExactly("one");
    }

    @Test
    void beginsWithWhatIsThereAndGoesOnAfterTheContinuationNumber() {
        put("one");
        put("two");
        ShardSubscriber early = subscribe(TRIM_HORIZON);
        SubscribeToShardEvent event = early.next();
        assertThat(texts(event.records())).containsExactly("one", "two");
        early.cancel();
        put("three");
        time.advance(Duration.ofSeconds(5));

        ShardSubscriber late = subscribe(StartingPosition.builder()
                .type(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                .sequenceNumber(event.continuationSequenceNumber())
                .build());

        assertThat(texts(late.next().records())).containsExactly("three");
    }

    @Test
    void sendsAnEmptyEventAfterFiveSecondsOfSilence() {
        ShardSubscriber subscriber = subscribe(LATEST);
        time.advance(Duration.ofSeconds(4));
        put("one");
        assertThat(texts(subscriber.next().records())).containsExactly("one");

        time.advance(Duration.ofSeconds(4));
        put("two");
        assertThat(texts(subscriber.next().records())).containsExactly("two");

        while (!subscriber.hasEvent()) {
            time.advanceToTimer(Duration.ofSeconds(5));
        }
        SubscribeToShardEvent heartbeat = subscriber.next();
        assertThat(heartbeat.records()).isEmpty();
        assertThat(heartbeat.continuationSequenceNumber()).hasSize(56);
    }

    /** The number of an empty event must be good to go on with, also where the shard never had a record. */
    @Test
    void goesOnFromAHeartbeatOfAnEmptyShard() {
        ShardSubscriber silent = subscribe(LATEST);
        time.advanceToTimer(Duration.ofSeconds(5));
        String number = silent.next().continuationSequenceNumber();
        silent.cancel();
        put("one");
        time.advance(Duration.ofSeconds(5));

        ShardSubscriber subscriber = subscribe(StartingPosition.builder()
                .type(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                .sequenceNumber(number)
                .build());

        assertThat(texts(subscriber.next().records())).containsExactly("one");
    }

    @Test
    void endsAfterFiveMinutes() {
        ShardSubscriber subscriber = subscribe(LATEST);
        time.advance(Duration.ofMinutes(5));

        subscriber.completion().join();
    }

    @Test
    void refusesASecondSubscriptionWithinFiveSeconds() {
        ShardSubscriber first = subscribe(LATEST);
        time.advance(Duration.ofMillis(4_999));

        assertThatThrownBy(() -> request(consumer, LATEST).completion().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ResourceInUseException.class);
        put("one");
        assertThat(texts(first.nextRecords())).containsExactly("one");
    }

    @Test
    void givesAShardToASecondSubscriptionAfterFiveSeconds() {
        ShardSubscriber first = subscribe(LATEST);
        time.advance(Duration.ofSeconds(5));

        ShardSubscriber second = subscribe(LATEST);

        assertThatThrownBy(() -> first.completion().join()).hasCauseInstanceOf(ResourceInUseException.class);
        put("one");
        assertThat(texts(second.next().records())).containsExactly("one");
    }

    @Test
    void endsAClosedShardWithItsChildren() {
        ShardSubscriber subscriber = subscribe(LATEST);
        put("last");
        assertThat(texts(subscriber.next().records())).containsExactly("last");

        kinesis.splitShard(request -> request.streamName(STREAM)
                        .shardToSplit(SHARD)
                        .newStartingHashKey(BigInteger.ONE.shiftLeft(127).toString()))
                .join();

        SubscribeToShardEvent end = subscriber.next();
        assertThat(end.continuationSequenceNumber()).isNull();
        assertThat(end.childShards())
                .extracting(ChildShard::shardId)
                .containsExactly("shardId-000000000001", "shardId-000000000002");
        subscriber.completion().join();
    }

    @Test
    void failsASubscriptionWhoseConsumerIsDeregistered() {
        ShardSubscriber subscriber = subscribe(LATEST);

        kinesis.deregisterStreamConsumer(request -> request.consumerARN(consumer))
                .join();

        assertThatThrownBy(() -> subscriber.completion().join()).hasCauseInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void refusesWhatItCannotSubscribeTo() {
        assertThatThrownBy(() -> request(consumer + "0", LATEST).completion().join())
                .hasCauseInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> request(consumer, from(ShardIteratorType.AT_SEQUENCE_NUMBER))
                        .completion()
                        .join())
                .hasCauseInstanceOf(InvalidArgumentException.class);
    }

    @Test
    void forgetsAClientThatHasGone() {
        subscribe(LATEST).cancel();
        put("nobody hears this");
        time.advance(Duration.ofSeconds(5));

        ShardSubscriber next = subscribe(LATEST);
        put("one");

        assertThat(texts(next.next().records())).containsExactly("one");
    }

    /** Two megabytes a second for each subscription. */
    @Test
    void pacesASubscriptionThatReadsFast() {
        for (int index = 0; index < 4; index++) {
            put("x".repeat(MEBIBYTE - 1));
            time.advance(Duration.ofSeconds(1));
        }
        put("end");
        ShardSubscriber subscriber = subscribe(TRIM_HORIZON);

        assertThat(subscriber.nextRecords()).hasSize(1);
        assertThat(subscriber.nextRecords()).hasSize(1);
        time.advanceToTimer(Duration.ofSeconds(1));
        assertThat(subscriber.nextRecords()).hasSize(1);
        assertThat(subscriber.nextRecords()).hasSize(1);
        time.advanceToTimer(Duration.ofSeconds(1));
        assertThat(texts(subscriber.nextRecords())).containsExactly("end");
    }

    /**
     * While the client reads nothing, what is put must wait in the shard and not in an unbounded queue to it: the
     * shard, which holds four megabytes here, then drops the oldest of forty, and the client sees it.
     */
    @Test
    void leavesRecordsInTheShardWhileTheClientDoesNotKeepUp() {
        stop();
        start(new KinesisOptions(
                "eu-central-1",
                "123456789012",
                Duration.ofHours(24),
                4L * MEBIBYTE,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                Duration.ofMinutes(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5)));
        ShardSubscriber stalled = subscribe(LATEST, 0);
        String payload = "x".repeat(MEBIBYTE / 2);
        List<String> numbers =
                IntStream.range(0, 80).mapToObj(index -> put(payload)).toList();

        stalled.request(Long.MAX_VALUE);
        List<String> seen = new ArrayList<>();
        while (!seen.contains(numbers.get(79))) {
            stalled.nextRecords().forEach(record -> seen.add(record.sequenceNumber()));
        }

        assertThat(seen).isSorted().doesNotHaveDuplicates().hasSizeLessThan(40);
        assertThat(numbers).containsAll(seen);
    }

    private ShardSubscriber subscribe(StartingPosition position) {
        return subscribe(consumer, position);
    }

    private ShardSubscriber subscribe(String consumerArn, StartingPosition position) {
        return request(consumerArn, position).awaitStart();
    }

    private ShardSubscriber subscribe(StartingPosition position, long demand) {
        ShardSubscriber subscriber = new ShardSubscriber(kinesis, consumer, SHARD, position, demand);
        subscribers.add(subscriber);
        return subscriber.awaitStart();
    }

    private ShardSubscriber request(String consumerArn, StartingPosition position) {
        ShardSubscriber subscriber = new ShardSubscriber(kinesis, consumerArn, SHARD, position, Long.MAX_VALUE);
        subscribers.add(subscriber);
        return subscriber;
    }

    private String put(String text) {
        return kinesis.putRecord(
                        request -> request.streamName(STREAM).partitionKey("k").data(SdkBytes.fromUtf8String(text)))
                .join()
                .sequenceNumber();
    }

    private String arn() {
        return kinesis.describeStreamSummary(request -> request.streamName(STREAM))
                .join()
                .streamDescriptionSummary()
                .streamARN();
    }

    private static StartingPosition from(ShardIteratorType type) {
        return StartingPosition.builder().type(type).build();
    }

    private static List<String> texts(List<Record> records) {
        return records.stream().map(record -> record.data().asUtf8String()).toList();
    }
}
