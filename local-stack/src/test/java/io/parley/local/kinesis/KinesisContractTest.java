package io.parley.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.local.contract.Endpoint;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ListStreamsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamDescription;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** What Kinesis Data Streams does for producers and polling consumers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KinesisContractTest {

    static final String FIRST_SHARD = "shardId-000000000000";
    static final String SECOND_SHARD = "shardId-000000000001";
    private static final BigInteger HASH_KEYS = BigInteger.ONE.shiftLeft(128);
    private static final BigInteger MIDDLE = BigInteger.ONE.shiftLeft(127);

    Endpoint endpoint;
    KinesisClient kinesis;
    String stream;

    abstract Endpoint open();

    @BeforeAll
    void connect() {
        endpoint = open();
        kinesis = endpoint.client(KinesisClient.builder().httpClient(UrlConnectionHttpClient.create()));
    }

    @AfterAll
    void disconnect() {
        if (endpoint != null) {
            kinesis.close();
            endpoint.close();
        }
    }

    @BeforeEach
    void createStream() {
        stream = "contract-" + UUID.randomUUID();
        kinesis.createStream(request -> request.streamName(stream).shardCount(2));
    }

    @AfterEach
    void deleteStream() {
        try {
            kinesis.deleteStream(request -> request.streamName(stream).enforceConsumerDeletion(true));
        } catch (ResourceNotFoundException e) {
            // The test did so itself.
        }
    }

    @Test
    void describesAStreamAndItsShards() {
        StreamDescription description =
                kinesis.describeStream(request -> request.streamName(stream)).streamDescription();

        assertThat(description.streamStatus()).isEqualTo(StreamStatus.ACTIVE);
        assertThat(description.streamARN())
                .startsWith("arn:aws:kinesis:eu-central-1:")
                .endsWith(":stream/" + stream);
        assertThat(description.retentionPeriodHours()).isEqualTo(24);
        assertThat(description.hasMoreShards()).isFalse();
        assertThat(description.streamCreationTimestamp()).isAfter(Instant.parse("2020-01-01T00:00:00Z"));
        assertThat(description.shards()).extracting(Shard::shardId).containsExactly(FIRST_SHARD, SECOND_SHARD);
        assertThat(kinesis.describeStreamSummary(request -> request.streamName(stream))
                        .streamDescriptionSummary()
                        .openShardCount())
                .isEqualTo(2);
    }

    @Test
    void findsAStreamByItsArn() {
        assertThat(kinesis.describeStreamSummary(request -> request.streamARN(streamArn()))
                        .streamDescriptionSummary()
                        .streamName())
                .isEqualTo(stream);
    }

    @Test
    void coversAllHashKeysWithItsShards() {
        List<Shard> shards = shards();

        assertThat(shards.get(0).hashKeyRange().startingHashKey()).isEqualTo("0");
        assertThat(shards.get(0).hashKeyRange().endingHashKey())
                .isEqualTo(MIDDLE.subtract(BigInteger.ONE).toString());
        assertThat(shards.get(1).hashKeyRange().startingHashKey()).isEqualTo(MIDDLE.toString());
        assertThat(shards.get(1).hashKeyRange().endingHashKey())
                .isEqualTo(HASH_KEYS.subtract(BigInteger.ONE).toString());
    }

    @Test
    void listsStreamsPageByPage() {
        List<String> names = new ArrayList<>();
        ListStreamsResponse page = kinesis.listStreams(request -> request.limit(1));
        names.addAll(page.streamNames());
        while (page.hasMoreStreams()) {
            assertThat(page.streamNames()).hasSize(1);
            page = kinesis.listStreams(
                    request -> request.limit(1).exclusiveStartStreamName(names.get(names.size() - 1)));
            names.addAll(page.streamNames());
        }

        assertThat(names).contains(stream).doesNotHaveDuplicates();
    }

    @Test
    void refusesASecondStreamOfTheSameName() {
        assertThatThrownBy(() -> kinesis.createStream(
                        request -> request.streamName(stream).shardCount(1)))
                .isInstanceOf(ResourceInUseException.class);
    }

    @Test
    void doesNotFindWhatIsDeleted() {
        kinesis.deleteStream(request -> request.streamName(stream));

        assertThatThrownBy(() -> kinesis.describeStream(request -> request.streamName(stream)))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> put("room", "lost")).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void returnsRecordsAsTheyWerePut() {
        byte[] bytes = {0, (byte) 0xff, 10, (byte) 0x80};
        PutRecordResponse put = kinesis.putRecord(
                request -> request.streamName(stream).partitionKey("room-1").data(SdkBytes.fromByteArray(bytes)));

        Record record = read(put.shardId(), ShardIteratorType.TRIM_HORIZON).get(0);

        assertThat(record.data().asByteArray()).isEqualTo(bytes);
        assertThat(record.partitionKey()).isEqualTo("room-1");
        assertThat(record.sequenceNumber()).isEqualTo(put.sequenceNumber());
        assertThat(record.approximateArrivalTimestamp()).isAfter(Instant.parse("2020-01-01T00:00:00Z"));
    }

    /** "PutRecord": the MD5 of the partition key is the hash key. 'a' is 0cc1..., 'b' is 92eb... */
    @Test
    void choosesTheShardByTheMd5OfThePartitionKey() {
        assertThat(put("a", "x").shardId()).isEqualTo(FIRST_SHARD);
        assertThat(put("b", "x").shardId()).isEqualTo(SECOND_SHARD);
    }

    @Test
    void choosesTheShardByAnExplicitHashKeyWhereThereIsOne() {
        assertThat(kinesis.putRecord(request -> request.streamName(stream)
                                .partitionKey("a")
                                .explicitHashKey(MIDDLE.toString())
                                .data(SdkBytes.fromUtf8String("x")))
                        .shardId())
                .isEqualTo(SECOND_SHARD);
    }

    @Test
    void ordersAShardByAscendingSequenceNumbers() {
        List<BigInteger> numbers = IntStream.range(0, 20)
                .mapToObj(index -> new BigInteger(put("a", "record " + index).sequenceNumber()))
                .toList();

        assertThat(numbers).isSorted().doesNotHaveDuplicates();
        assertThat(texts(read(FIRST_SHARD, ShardIteratorType.TRIM_HORIZON)))
                .isEqualTo(IntStream.range(0, 20)
                        .mapToObj(index -> "record " + index)
                        .toList());
    }

    @Test
    void putsManyRecordsInOneCallAndAnswersInTheirOrder() {
        PutRecordsResponse response = kinesis.putRecords(
                request -> request.streamName(stream).records(entry("a", "1"), entry("b", "2"), entry("a", "3")));

        assertThat(response.failedRecordCount()).isZero();
        assertThat(response.records())
                .extracting(PutRecordsResultEntry::shardId)
                .containsExactly(FIRST_SHARD, SECOND_SHARD, FIRST_SHARD);
        assertThat(texts(read(FIRST_SHARD, ShardIteratorType.TRIM_HORIZON))).containsExactly("1", "3");
        assertThat(texts(read(SECOND_SHARD, ShardIteratorType.TRIM_HORIZON))).containsExactly("2");
    }

    @Test
    void refusesMoreThanFiveHundredRecordsInOneCall() {
        List<PutRecordsRequestEntry> entries =
                IntStream.range(0, 501).mapToObj(index -> entry("a", "x")).toList();

        assertThatThrownBy(() ->
                        kinesis.putRecords(request -> request.streamName(stream).records(entries)))
                .isInstanceOfSatisfying(
                        KinesisException.class,
                        error -> assertThat(error.awsErrorDetails().errorCode()).isEqualTo("ValidationException"));
    }

    @Test
    void readsFromTheLatestOnWhatComesAfter() {
        put("a", "before");
        String latest = iterator(FIRST_SHARD, request -> request.shardIteratorType(ShardIteratorType.LATEST));
        put("a", "after");

        assertThat(texts(get(latest).records())).containsExactly("after");
    }

    @Test
    void readsAtAndAfterASequenceNumber() {
        put("a", "1");
        String number = put("a", "2").sequenceNumber();
        put("a", "3");

        String at = iterator(
                FIRST_SHARD,
                request -> request.shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
                        .startingSequenceNumber(number));
        String after = iterator(
                FIRST_SHARD,
                request -> request.shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                        .startingSequenceNumber(number));

        assertThat(texts(get(at).records())).containsExactly("2", "3");
        assertThat(texts(get(after).records())).containsExactly("3");
    }

    @Test
    void readsOnWithTheNextIterator() {
        put("a", "1");
        put("a", "2");
        String begin = iterator(FIRST_SHARD, request -> request.shardIteratorType(ShardIteratorType.TRIM_HORIZON));
        GetRecordsResponse first =
                kinesis.getRecords(request -> request.shardIterator(begin).limit(1));
        GetRecordsResponse second = get(first.nextShardIterator());

        assertThat(texts(first.records())).containsExactly("1");
        assertThat(texts(second.records())).containsExactly("2");
        assertThat(second.millisBehindLatest()).isZero();
        assertThat(get(second.nextShardIterator()).records()).isEmpty();
    }

    @Test
    void doesNotFindAShardThatIsNotThere() {
        assertThatThrownBy(() -> iterator(
                        "shardId-000000000009", request -> request.shardIteratorType(ShardIteratorType.TRIM_HORIZON)))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void splitsAShardInTwoChildren() {
        kinesis.splitShard(request -> request.streamName(stream)
                .shardToSplit(FIRST_SHARD)
                .newStartingHashKey(MIDDLE.shiftRight(1).toString()));

        List<Shard> shards = shards();
        assertThat(shards).hasSize(4);
        assertThat(shards.get(0).sequenceNumberRange().endingSequenceNumber()).isNotNull();
        assertThat(shards.subList(2, 4)).allSatisfy(child -> {
            assertThat(child.parentShardId()).isEqualTo(FIRST_SHARD);
            assertThat(child.sequenceNumberRange().endingSequenceNumber()).isNull();
        });
        assertThat(shards.get(2).hashKeyRange().startingHashKey()).isEqualTo("0");
        assertThat(shards.get(3).hashKeyRange().startingHashKey())
                .isEqualTo(MIDDLE.shiftRight(1).toString());
    }

    @Test
    void mergesAdjacentShardsIntoOneChild() {
        kinesis.mergeShards(
                request -> request.streamName(stream).shardToMerge(FIRST_SHARD).adjacentShardToMerge(SECOND_SHARD));

        Shard child = shards().get(2);
        assertThat(child.parentShardId()).isEqualTo(FIRST_SHARD);
        assertThat(child.adjacentParentShardId()).isEqualTo(SECOND_SHARD);
        assertThat(child.hashKeyRange().startingHashKey()).isEqualTo("0");
        assertThat(child.hashKeyRange().endingHashKey())
                .isEqualTo(HASH_KEYS.subtract(BigInteger.ONE).toString());
    }

    @Test
    void refusesToSplitAtAKeyOutsideTheShard() {
        assertThatThrownBy(() -> kinesis.splitShard(request -> request.streamName(stream)
                        .shardToSplit(FIRST_SHARD)
                        .newStartingHashKey(MIDDLE.add(BigInteger.TEN).toString())))
                .isInstanceOf(InvalidArgumentException.class);
    }

    @Test
    void changesTheRetentionPeriod() {
        kinesis.increaseStreamRetentionPeriod(
                request -> request.streamName(stream).retentionPeriodHours(48));
        assertThat(retentionHours()).isEqualTo(48);

        kinesis.decreaseStreamRetentionPeriod(
                request -> request.streamName(stream).retentionPeriodHours(24));
        assertThat(retentionHours()).isEqualTo(24);

        assertThatThrownBy(() -> kinesis.decreaseStreamRetentionPeriod(
                        request -> request.streamName(stream).retentionPeriodHours(23)))
                .isInstanceOf(InvalidArgumentException.class);
    }

    @Test
    void tagsAStream() {
        kinesis.addTagsToStream(request -> request.streamName(stream).tags(Map.of("team", "voice", "stage", "test")));
        kinesis.removeTagsFromStream(request -> request.streamName(stream).tagKeys("stage"));

        assertThat(kinesis.listTagsForStream(request -> request.streamName(stream))
                        .tags())
                .singleElement()
                .satisfies(tag -> assertThat(tag.key() + "=" + tag.value()).isEqualTo("team=voice"));
    }

    @Test
    void registersAConsumerAndForgetsItWhenDeregistered() {
        String arn = kinesis.registerStreamConsumer(
                        request -> request.streamARN(streamArn()).consumerName("job"))
                .consumer()
                .consumerARN();

        assertThat(kinesis.describeStreamConsumer(request -> request.consumerARN(arn))
                        .consumerDescription()
                        .consumerStatus())
                .isEqualTo(ConsumerStatus.ACTIVE);
        assertThat(kinesis.describeStreamConsumer(
                                request -> request.streamARN(streamArn()).consumerName("job"))
                        .consumerDescription()
                        .consumerARN())
                .isEqualTo(arn);
        assertThat(kinesis.listStreamConsumers(request -> request.streamARN(streamArn()))
                        .consumers())
                .singleElement()
                .satisfies(consumer -> assertThat(consumer.consumerName()).isEqualTo("job"));

        kinesis.deregisterStreamConsumer(request -> request.consumerARN(arn));

        assertThatThrownBy(() -> kinesis.describeStreamConsumer(request -> request.consumerARN(arn)))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    PutRecordResponse put(String partitionKey, String text) {
        return kinesis.putRecord(
                request -> request.streamName(stream).partitionKey(partitionKey).data(SdkBytes.fromUtf8String(text)));
    }

    List<Record> read(String shard, ShardIteratorType type) {
        return get(iterator(shard, request -> request.shardIteratorType(type))).records();
    }

    String iterator(String shard, Consumer<GetShardIteratorRequest.Builder> from) {
        return kinesis.getShardIterator(
                        request -> from.accept(request.streamName(stream).shardId(shard)))
                .shardIterator();
    }

    GetRecordsResponse get(String iterator) {
        return kinesis.getRecords(request -> request.shardIterator(iterator));
    }

    List<Shard> shards() {
        return new ArrayList<>(
                kinesis.listShards(request -> request.streamName(stream)).shards());
    }

    String streamArn() {
        return kinesis.describeStreamSummary(request -> request.streamName(stream))
                .streamDescriptionSummary()
                .streamARN();
    }

    private int retentionHours() {
        return kinesis.describeStreamSummary(request -> request.streamName(stream))
                .streamDescriptionSummary()
                .retentionPeriodHours();
    }

    static PutRecordsRequestEntry entry(String partitionKey, String text) {
        return PutRecordsRequestEntry.builder()
                .partitionKey(partitionKey)
                .data(SdkBytes.fromString(text, StandardCharsets.UTF_8))
                .build();
    }

    static List<String> texts(List<Record> records) {
        return records.stream().map(record -> record.data().asUtf8String()).toList();
    }
}
