package io.parley.benchmarks.naive.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.aws.AwsClients;
import io.parley.benchmarks.naive.NaiveFrame;
import io.parley.benchmarks.naive.NaivePorts;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.eventbridge.EventBridgeAsyncClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.kms.KmsAsyncClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** The naive functions' calls, one for one. */
public final class AwsNaivePorts implements NaivePorts {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final long MEMBERS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * Where the calls go.
     *
     * @param callback URL of the stage's management API
     */
    public record Names(String bucket, String key, String bus, String table, URI callback) {}

    private record Members(List<String> connections, long atNanos) {}

    private final Names names;
    private final S3AsyncClient s3;
    private final KmsAsyncClient kms;
    private final EventBridgeAsyncClient events;
    private final DynamoDbAsyncClient table;
    private final ApiGatewayManagementApiAsyncClient gateway;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Members> members = new ConcurrentHashMap<>();

    public AwsNaivePorts(AwsClients clients, Names names) {
        this.names = names;
        this.s3 = clients.s3();
        this.kms = clients.kms();
        this.events = clients.eventBridge();
        this.table = clients.dynamoDb();
        this.gateway = clients.gatewayManagement(names.callback(), Duration.ofSeconds(10));
    }

    @Override
    public CompletionStage<Void> store(String key, byte[] bytes) {
        return kms.generateDataKey(make -> make.keyId(names.key()).keySpec(DataKeySpec.AES_256))
                .thenCompose(dataKey -> {
                    byte[] wrapped = dataKey.ciphertextBlob().asByteArray();
                    byte[] iv = new byte[IV_BYTES];
                    random.nextBytes(iv);
                    byte[] sealed =
                            cipher(Cipher.ENCRYPT_MODE, dataKey.plaintext().asByteArray(), iv, bytes);
                    byte[] object = ByteBuffer.allocate(2 + wrapped.length + IV_BYTES + sealed.length)
                            .putShort((short) wrapped.length)
                            .put(wrapped)
                            .put(iv)
                            .put(sealed)
                            .array();
                    return s3.putObject(put -> put.bucket(names.bucket()).key(key), AsyncRequestBody.fromBytes(object));
                })
                .thenApply(ignored -> null);
    }

    @Override
    public CompletionStage<byte[]> fetch(String key) {
        return s3.getObject(get -> get.bucket(names.bucket()).key(key), AsyncResponseTransformer.toBytes())
                .thenCompose(object -> {
                    ByteBuffer bytes = object.asByteBuffer();
                    byte[] wrapped = new byte[bytes.getShort()];
                    bytes.get(wrapped);
                    byte[] iv = new byte[IV_BYTES];
                    bytes.get(iv);
                    byte[] sealed = new byte[bytes.remaining()];
                    bytes.get(sealed);
                    return kms.decrypt(open -> open.ciphertextBlob(SdkBytes.fromByteArray(wrapped)))
                            .thenApply(opened -> cipher(
                                    Cipher.DECRYPT_MODE, opened.plaintext().asByteArray(), iv, sealed));
                });
    }

    private static byte[] cipher(int mode, byte[] key, byte[] iv, byte[] bytes) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, iv));
            return cipher.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    @Override
    public CompletionStage<Void> publish(NaiveFrame frame) {
        String detail;
        try {
            detail = JSON.writeValueAsString(frame);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return events.putEvents(put -> put.entries(PutEventsRequestEntry.builder()
                        .eventBusName(names.bus())
                        .source("voice-chat")
                        .detailType("SendAudioEvent")
                        .detail(detail)
                        .build()))
                .thenApply(ignored -> null);
    }

    @Override
    public CompletionStage<Void> join(String room, String connection) {
        return table.putItem(put -> put.tableName(names.table())
                        .item(Map.of("pk", AttributeValue.fromS(room), "sk", AttributeValue.fromS(connection))))
                .thenApply(ignored -> null);
    }

    @Override
    public CompletionStage<List<String>> connections(String room) {
        Members known = members.get(room);
        if (known != null && System.nanoTime() - known.atNanos() < MEMBERS_NANOS) {
            return CompletableFuture.completedFuture(known.connections());
        }
        return table.query(query -> query.tableName(names.table())
                        .consistentRead(true)
                        .keyConditionExpression("pk = :room")
                        .expressionAttributeValues(Map.of(":room", AttributeValue.fromS(room))))
                .thenApply(answer -> {
                    List<String> connections = answer.items().stream()
                            .map(item -> item.get("sk").s())
                            .toList();
                    members.put(room, new Members(connections, System.nanoTime()));
                    return connections;
                });
    }

    @Override
    public CompletionStage<Void> post(String connection, String text) {
        return gateway.postToConnection(post -> post.connectionId(connection).data(SdkBytes.fromUtf8String(text)))
                .thenApply(ignored -> null);
    }
}
