package io.parley.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.local.contract.Endpoint;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.ExpiredNextTokenException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** With what moto does not have: rates, time, closed shards. Over CBOR, the SDK's default. */
class LocalKinesisContractTest extends KinesisContractTest {

    private static final long MAX_HELD_BYTES = 8L << 20;

    private final ManualTime time = new ManualTime();

    @Override
    Endpoint open() {
        KinesisOptions options =
                KinesisOptions.likeAws("eu-central-1", "123456789012").withMaxBytesPerShard(MAX_HELD_BYTES);
        return Endpoint.local(vertx -> List.of(new KinesisEndpoint(vertx, time, time, options)));
    }

    /** The AWS CLI and SDKs in other languages speak JSON. */
    @Test
    void speaksJsonAsWellAsCbor() {
        System.setProperty(SdkSystemSetting.CBOR_ENABLED.property(), "false");
        try (KinesisClient json =
                endpoint.client(KinesisClient.builder().httpClient(UrlConnectionHttpClient.create()))) {
            String shard = json.putRecord(request -> request.streamName(stream)
                            .partitionKey("a")
                            .data(SdkBytes.fromByteArray(new byte[] {0, -1})))
                    .shardId();
            String iterator = json.getShardIterator(request -> request.streamName(stream)
                            .shardId(shard)
                            .shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
                            .timestamp(time.instant()))
                    .shardIterator();
            Record record = json.getRecords(request -> request.shardIterator(iterator))
                    .records()
                    .get(0);

            assertThat(record.data().asByteArray()).containsExactly(0, -1);
            assertThat(record.approximateArrivalTimestamp()).isEqualTo(time.instant());
        } finally {
            System.clearProperty(SdkSystemSetting.CBOR_ENABLED.property());
        }
    }

    /** moto gives no NextToken, and the SDK's paginator turns for ever. */
    @Test
    void listsStreamsByTheSdksPaginator() {
        kinesis.createStream(request -> request.streamName(stream + "-2").shardCount(1));

        assertThat(kinesis.listStreamsPaginator(request -> request.limit(1)).streamNames())
                .contains(stream, stream + "-2");
    }

    /** "ListShards": a NextToken comes without StreamName; moto wants both. */
    @Test
    void listsShardsPageByPage() {
        ListShardsResponse first =
                kinesis.listShards(request -> request.streamName(stream).maxResults(1));
        ListShardsResponse second = kinesis.listShards(request -> request.nextToken(first.nextToken()));

        assertThat(first.shards()).extracting(Shard::shardId).containsExactly(FIRST_SHARD);
        assertThat(second.shards()).extracting(Shard::shardId).containsExactly(SECOND_SHARD);
        assertThat(second.nextToken()).isNull();
    }

    /** moto numbers records from 1. */
    @Test
    void numbersRecordsWithFiftySixDigitsFromAShardToItsChildren() {
        String inParent = put("a", "parent").sequenceNumber();
        split(FIRST_SHARD);
        String inChild = put("a", "child").sequenceNumber();

        assertThat(inParent).hasSize(56);
        assertThat(inChild).hasSize(56);
        assertThat(new BigInteger(inChild)).isGreaterThan(new BigInteger(inParent));
    }

    /** "PutRecords": a record that a shard has no room for fails alone, with code and message. */
    @Test
    void failsTheRecordsBeyondOneThousandASecondOfAShard() {
        putAll(entries("a", 500));
        putAll(entries("a", 499));

        PutRecordsResponse response = putAll(List.of(entry("a", "fits"), entry("a", "too many"), entry("b", "other")));

        assertThat(response.failedRecordCount()).isEqualTo(1);
        PutRecordsResultEntry failed = response.records().get(1);
        assertThat(failed.errorCode()).isEqualTo("ProvisionedThroughputExceededException");
        assertThat(failed.errorMessage()).contains(FIRST_SHARD, stream, "123456789012");
        assertThat(failed.sequenceNumber()).isNull();
        assertThat(response.records().get(2).shardId()).isEqualTo(SECOND_SHARD);

        time.advance(Duration.ofSeconds(1));
        assertThat(putAll(entries("a", 500)).failedRecordCount()).isZero();
    }

    @Test
    void refusesARecordBeyondOneMegabyteASecondOfAShard() {
        put("a", "x".repeat((1 << 20) - 100));

        assertThatThrownBy(() -> put("a", "y".repeat(100))).isInstanceOf(ProvisionedThroughputExceededException.class);
        assertThat(put("b", "z").shardId()).isEqualTo(SECOND_SHARD);
        time.advance(Duration.ofSeconds(1));
        assertThat(put("a", "y".repeat(100)).shardId()).isEqualTo(FIRST_SHARD);
    }

    @Test
    void refusesARecordLargerThanAMebibyte() {
        assertThatThrownBy(() -> put("a", "x".repeat(1 << 20)))
                .isInstanceOfSatisfying(
                        KinesisException.class,
                        error -> assertThat(error.awsErrorDetails().errorCode()).isEqualTo("ValidationException"));
    }

    @Test
    void refusesASixthReadOfAShardWithinASecond() {
        IntStream.range(0, 5).forEach(read -> read(FIRST_SHARD, ShardIteratorType.TRIM_HORIZON));

        assertThatThrownBy(() -> read(FIRST_SHARD, ShardIteratorType.TRIM_HORIZON))
                .isInstanceOf(ProvisionedThroughputExceededException.class)
                .hasMessageContaining(FIRST_SHARD);
        assertThat(read(SECOND_SHARD, ShardIteratorType.TRIM_HORIZON)).isEmpty();
        time.advance(Duration.ofSeconds(1));
        assertThat(read(FIRST_SHARD, ShardIteratorType.TRIM_HORIZON)).isEmpty();
    }

    /** "GetRecords": two megabytes a second, so that reading six at once is paid for with three seconds. */
    @Test
    void refusesReadsWhileTheBytesOfALargeOneAreWorkedOff() {
        for (int megabyte = 0; megabyte < 6; megabyte++) {
            put("a", "x".repeat((1 << 20) - 1));
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(read(FIRST_SHARD, ShardIteratorType.TRIM_HORIZON)).hasSize(6);

        time.advance(Duration.ofMillis(2_999));
        assertThatThrownBy(() -> read(FIRST_SHARD, ShardIteratorType.TRIM_HORIZON))
                .isInstanceOf(ProvisionedThroughputExceededException.class);
        time.advance(Duration.ofMillis(1));
        assertThat(read(FIRST_SHARD, ShardIteratorType.TRIM_HORIZON)).hasSize(6);
    }

    @Test
    void readsFromATimestamp() {
        put("a", "1");
        time.advance(Duration.ofMillis(10));
        Instant second = time.instant();
        put("a", "2");
        time.advance(Duration.ofMillis(10));
        put("a", "3");

        assertThat(texts(get(at(second)).records())).containsExactly("2", "3");
        assertThat(texts(get(at(second.plusMillis(1))).records())).containsExactly("3");
        assertThatThrownBy(() -> at(time.instant().plusMillis(1))).isInstanceOf(InvalidArgumentException.class);
    }

    @Test
    void tellsHowFarAReaderIsBehind() {
        put("a", "1");
        put("a", "2");
        time.advance(Duration.ofMillis(250));
        String begin = iterator(FIRST_SHARD, request -> request.shardIteratorType(ShardIteratorType.TRIM_HORIZON));

        assertThat(kinesis.getRecords(request -> request.shardIterator(begin).limit(1))
                        .millisBehindLatest())
                .isEqualTo(250);
    }

    @Test
    void forgetsRecordsAfterADay() {
        put("a", "old");
        time.advance(Duration.ofHours(24).plusMillis(1));
        put("a", "new");

        assertThat(texts(read(FIRST_SHARD, ShardIteratorType.TRIM_HORIZON))).containsExactly("new");
    }

    /** Our own limit: memory is finite. A reader that is too far behind goes on at the oldest record left. */
    @Test
    void forgetsTheOldestRecordsOfAShardThatHoldsTooMuch() {
        String first = put("a", "first").sequenceNumber();
        for (int megabyte = 0; megabyte < 9; megabyte++) {
            time.advance(Duration.ofSeconds(1));
            put("a", megabyte + "x".repeat(1_000_000));
        }
        String after = iterator(
                FIRST_SHARD,
                request -> request.shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                        .startingSequenceNumber(first));

        assertThat(get(after).records())
                .hasSize(8)
                .first()
                .satisfies(record -> assertThat(record.data().asUtf8String()).startsWith("1x"));
    }

    @Test
    void expiresAnIteratorAfterFiveMinutes() {
        String iterator = iterator(FIRST_SHARD, request -> request.shardIteratorType(ShardIteratorType.LATEST));
        time.advance(Duration.ofMinutes(5));
        assertThat(get(iterator).records()).isEmpty();
        time.advance(Duration.ofMillis(1));

        assertThatThrownBy(() -> get(iterator)).isInstanceOf(ExpiredIteratorException.class);
    }

    @Test
    void refusesAnIteratorOfADeletedStream() {
        String iterator = iterator(FIRST_SHARD, request -> request.shardIteratorType(ShardIteratorType.LATEST));
        kinesis.deleteStream(request -> request.streamName(stream));
        assertThatThrownBy(() -> get(iterator)).isInstanceOf(ResourceNotFoundException.class);

        time.advance(Duration.ofSeconds(1));
        kinesis.createStream(request -> request.streamName(stream).shardCount(2));
        assertThatThrownBy(() -> get(iterator)).isInstanceOf(InvalidArgumentException.class);
        assertThatThrownBy(() -> get("no iterator")).isInstanceOf(InvalidArgumentException.class);
    }

    /** moto takes any number. */
    @Test
    void refusesASequenceNumberOfAnotherShard() {
        String number = put("b", "x").sequenceNumber();

        assertThatThrownBy(() -> iterator(
                        FIRST_SHARD,
                        request -> request.shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
                                .startingSequenceNumber(number)))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining(number);
    }

    @Test
    void readsAShardsOwnStartingSequenceNumberAsItsBeginning() {
        String start = shards().get(0).sequenceNumberRange().startingSequenceNumber();
        put("a", "1");

        assertThat(texts(get(iterator(
                                FIRST_SHARD,
                                request -> request.shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
                                        .startingSequenceNumber(start)))
                        .records()))
                .containsExactly("1");
    }

    /** "GetRecords": no next iterator, but the children. moto moves the records to the children and reads on. */
    @Test
    void endsAClosedShardWithItsChildren() {
        put("a", "last");
        split(FIRST_SHARD);

        GetRecordsResponse end =
                get(iterator(FIRST_SHARD, request -> request.shardIteratorType(ShardIteratorType.TRIM_HORIZON)));

        assertThat(texts(end.records())).containsExactly("last");
        assertThat(end.nextShardIterator()).isNull();
        assertThat(end.childShards())
                .extracting(ChildShard::shardId)
                .containsExactly("shardId-000000000002", "shardId-000000000003");
        assertThat(end.childShards().get(0).parentShards()).containsExactly(FIRST_SHARD);
        assertThat(put("a", "next").shardId()).isEqualTo("shardId-000000000002");
    }

    @Test
    void refusesToReshardWhatIsClosedOrApart() {
        kinesis.createStream(request -> request.streamName(stream + "-3").shardCount(3));
        split(FIRST_SHARD);

        assertThatThrownBy(() -> split(FIRST_SHARD)).isInstanceOf(InvalidArgumentException.class);
        assertThatThrownBy(() -> kinesis.mergeShards(request -> request.streamName(stream + "-3")
                        .shardToMerge(FIRST_SHARD)
                        .adjacentShardToMerge("shardId-000000000002")))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("adjacent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AT_LATEST=123", "AT_TRIM_HORIZON=01", "FROM_TRIM_HORIZON=0123", "AFTER_SHARD_ID=23"})
    void listsTheShardsThatAFilterNames(String filterAndShards) {
        time.advance(Duration.ofMillis(1));
        split(FIRST_SHARD);
        String[] parts = filterAndShards.split("=");

        List<String> ids = kinesis
                .listShards(request -> request.streamName(stream)
                        .shardFilter(filter ->
                                filter.type(parts[0]).shardId(parts[0].equals("AFTER_SHARD_ID") ? SECOND_SHARD : null)))
                .shards()
                .stream()
                .map(Shard::shardId)
                .toList();

        assertThat(ids)
                .isEqualTo(parts[1].chars()
                        .mapToObj(number -> "shardId-00000000000" + (char) number)
                        .toList());
    }

    @Test
    void listsTheShardsThatWereOpenAtOrSinceATimestamp() {
        Instant before = time.instant();
        time.advance(Duration.ofSeconds(1));
        split(FIRST_SHARD);
        time.advance(Duration.ofSeconds(1));

        assertThat(listed(ShardFilterType.AT_TIMESTAMP, before)).hasSize(2);
        assertThat(listed(ShardFilterType.AT_TIMESTAMP, time.instant())).hasSize(3);
        assertThat(listed(ShardFilterType.FROM_TIMESTAMP, before)).hasSize(4);
        assertThat(listed(ShardFilterType.FROM_TIMESTAMP, time.instant())).hasSize(3);
    }

    @Test
    void forgetsAClosedShardWithItsLastRecord() {
        split(FIRST_SHARD);
        time.advance(Duration.ofHours(24).plusMillis(1));

        assertThat(shards())
                .extracting(Shard::shardId)
                .doesNotContain(FIRST_SHARD)
                .hasSize(3);
    }

    @Test
    void expiresAPageOfShardsAfterFiveMinutes() {
        String token = kinesis.listShards(request -> request.streamName(stream).maxResults(1))
                .nextToken();
        time.advance(Duration.ofMinutes(5).plusMillis(1));

        assertThatThrownBy(() -> kinesis.listShards(request -> request.nextToken(token)))
                .isInstanceOf(ExpiredNextTokenException.class);
        assertThatThrownBy(() -> kinesis.listShards(request -> request.nextToken("none")))
                .isInstanceOf(InvalidArgumentException.class);
    }

    @Test
    void refusesAPartitionKeyOrHashKeyOutOfItsBounds() {
        assertThatThrownBy(() -> put("k".repeat(257), "x")).hasMessageContaining("partitionKey");
        assertThatThrownBy(() -> kinesis.putRecord(request -> request.streamName(stream)
                        .partitionKey("a")
                        .explicitHashKey(BigInteger.ONE.shiftLeft(128).toString())
                        .data(SdkBytes.fromUtf8String("x"))))
                .isInstanceOf(InvalidArgumentException.class);
    }

    @Test
    void keepsAStreamThatHasConsumersUnlessToldOtherwise() {
        kinesis.registerStreamConsumer(request -> request.streamARN(streamArn()).consumerName("job"));

        assertThatThrownBy(() -> kinesis.deleteStream(request -> request.streamName(stream)))
                .isInstanceOf(ResourceInUseException.class)
                .hasMessageContaining("job");
        kinesis.deleteStream(request -> request.streamName(stream).enforceConsumerDeletion(true));
        assertThatThrownBy(this::streamArn).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void saysWhichOperationItDoesNotHave() {
        assertThatThrownBy(() -> kinesis.updateShardCount(request ->
                        request.streamName(stream).targetShardCount(4).scalingType("UNIFORM_SCALING")))
                .hasMessageContaining("UpdateShardCount");
    }

    private void split(String shardId) {
        Shard shard = shards().stream()
                .filter(candidate -> candidate.shardId().equals(shardId))
                .max(Comparator.comparing(Shard::shardId))
                .orElseThrow();
        BigInteger start = new BigInteger(shard.hashKeyRange().startingHashKey());
        BigInteger end = new BigInteger(shard.hashKeyRange().endingHashKey());
        kinesis.splitShard(request -> request.streamName(stream)
                .shardToSplit(shardId)
                .newStartingHashKey(start.add(end).shiftRight(1).toString()));
    }

    private List<Shard> listed(ShardFilterType type, Instant timestamp) {
        return kinesis.listShards(request -> request.streamName(stream)
                        .shardFilter(filter -> filter.type(type).timestamp(timestamp)))
                .shards();
    }

    private String at(Instant timestamp) {
        return iterator(
                FIRST_SHARD,
                request -> request.shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
                        .timestamp(timestamp));
    }

    private PutRecordsResponse putAll(List<PutRecordsRequestEntry> entries) {
        return kinesis.putRecords(request -> request.streamName(stream).records(entries));
    }

    private static List<PutRecordsRequestEntry> entries(String partitionKey, int count) {
        return IntStream.range(0, count)
                .mapToObj(index -> entry(partitionKey, "x"))
                .toList();
    }
}
