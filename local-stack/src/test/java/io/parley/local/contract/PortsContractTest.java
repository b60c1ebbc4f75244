package io.parley.local.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.aws.AwsPorts;
import io.parley.core.envelope.Envelope;
import io.parley.core.event.SendAudioEvent;
import io.parley.core.port.DataKeys;
import io.parley.core.port.DataKeys.DataKey;
import io.parley.core.port.EventPublisher;
import io.parley.core.port.ObjectStore;
import io.parley.core.wire.StreamRecord;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** Our adapters for Kinesis, S3, KMS and EventBridge, on services that somebody serves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PortsContractTest {

    final String name = "ports-" + UUID.randomUUID();
    Endpoint endpoint;
    AwsPorts ports;
    String keyId;

    abstract Endpoint open();

    @BeforeAll
    void connect() {
        endpoint = open();
        ports = AwsPorts.from(endpoint.environment());
        try (KmsClient kms = endpoint.client(KmsClient.builder().httpClient(UrlConnectionHttpClient.create()));
                S3Client s3 = s3()) {
            keyId = kms.createKey().keyMetadata().keyId();
            s3.createBucket(request -> request.bucket(name));
        }
    }

    @AfterAll
    void disconnect() {
        if (endpoint != null) {
            endpoint.close();
        }
    }

    @Test
    void putsRecordsInOrderUnderTheirRoom() {
        try (KinesisClient kinesis =
                endpoint.client(KinesisClient.builder().httpClient(UrlConnectionHttpClient.create()))) {
            kinesis.createStream(request -> request.streamName(name).shardCount(1));
            kinesis.waiter().waitUntilStreamExists(request -> request.streamName(name));
            assertThat(kinesis.describeStreamSummary(request -> request.streamName(name))
                            .streamDescriptionSummary()
                            .streamStatus())
                    .isEqualTo(StreamStatus.ACTIVE);
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                StreamRecord record = StreamRecord.newBuilder()
                        .setRoom("lobby")
                        .setRequestId("r" + i)
                        .build();
                await(ports.voiceStream(name).put(record));
                sent.add(record.toByteArray());
            }

            String iterator = kinesis.getShardIterator(request -> request.streamName(name)
                            .shardId("shardId-000000000000")
                            .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                    .shardIterator();
            List<Record> records = kinesis.getRecords(request -> request.shardIterator(iterator))
                    .records();
            assertThat(records).extracting(Record::partitionKey).containsOnly("lobby");
            assertThat(records)
                    .extracting(record -> record.data().asByteArray())
                    .containsExactlyElementsOf(sent);
        }
    }

    @Test
    void keepsObjectsUnderTheKmsKey() {
        ObjectStore objects = ports.objectStore(name, keyId);
        await(objects.put("lobby/2023/a=-1", new byte[] {1, 2, 3}));

        assertThat(await(objects.get("lobby/2023/a=-1"))).containsExactly(1, 2, 3);
        try (S3Client s3 = s3()) {
            HeadObjectResponse head =
                    s3.headObject(request -> request.bucket(name).key("lobby/2023/a=-1"));
            assertThat(head.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
            assertThat(head.ssekmsKeyId()).contains(keyId);
        }
        assertThatThrownBy(() -> await(objects.get("lobby/none"))).cause().isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void putsAnObjectOnlyWhereThereIsNone() {
        ObjectStore objects = ports.objectStore(name, null);
        assertThat(await(objects.putIfAbsent("once", new byte[] {1}))).isTrue();
        assertThat(await(objects.putIfAbsent("once", new byte[] {2}))).isFalse();

        assertThat(await(objects.get("once"))).containsExactly(1);
    }

    @Test
    void listsAllKeysOfAPrefixInOrder() {
        assertListed(40);
    }

    /** Puts so many objects under a prefix and lists them; a page ends at 1,000. */
    void assertListed(int count) {
        ObjectStore objects = ports.objectStore(name, null);
        List<String> keys = IntStream.range(0, count)
                .mapToObj(i -> String.format("list-" + count + "/%04d", i))
                .toList();
        for (int from = 0; from < keys.size(); from += 16) {
            List<CompletionStage<Void>> puts = new ArrayList<>();
            keys.subList(from, Math.min(keys.size(), from + 16))
                    .forEach(key -> puts.add(objects.put(key, new byte[1])));
            puts.forEach(PortsContractTest::await);
        }

        assertThat(await(objects.list("list-" + count + "/"))).isEqualTo(keys);
        assertThat(await(objects.list("none/"))).isEmpty();
    }

    @Test
    void opensWhatWasSealedWithADataKey() {
        DataKeys keys = ports.dataKeys(keyId, Clock.systemUTC());
        DataKey key = await(keys.current());
        byte[] sealed = Envelope.seal(
                Envelope.Purpose.CHUNK, "lobby", "lobby/x", key, new SecureRandom(), new byte[] {1, 2, 3});
        DataKeys others = ports.dataKeys(keyId, Clock.systemUTC());
        byte[] unwrapped = await(others.unwrap(Envelope.wrappedKey(sealed)));

        assertThat(Envelope.open("lobby/x", sealed, wrapped -> unwrapped)).containsExactly(1, 2, 3);
        assertThat(await(others.current()).wrapped()).isNotEqualTo(key.wrapped());
        byte[] altered = key.wrapped().clone();
        altered[altered.length - 1] ^= 1;
        assertThatThrownBy(() -> await(others.unwrap(altered))).isInstanceOf(RuntimeException.class);
    }

    @Test
    void publishesEventsToTheBus() {
        try (EventBridgeClient events =
                endpoint.client(EventBridgeClient.builder().httpClient(UrlConnectionHttpClient.create()))) {
            events.createEventBus(request -> request.name(name));
            EventPublisher publisher = ports.eventPublisher(name, "voice-chat", "SendAudioEvent");
            List<SendAudioEvent> published = IntStream.range(0, 23)
                    .mapToObj(i -> SendAudioEvent.of(SendAudioEvent.Status.PENDING, 1_700_000_000_000L)
                            .speaker("lobby", "ann", "c1=")
                            .chunk("opus", i, 5)
                            .build())
                    .toList();

            assertThat(await(publisher.publish(published))).isZero();
        }
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private S3Client s3() {
        return endpoint.client(S3Client.builder().forcePathStyle(true).httpClient(UrlConnectionHttpClient.create()));
    }
}
