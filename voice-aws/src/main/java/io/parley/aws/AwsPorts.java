package io.parley.aws;

import io.parley.core.port.ConnectionPoster;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.port.DataKeys;
import io.parley.core.port.EventPublisher;
import io.parley.core.port.ObjectStore;
import io.parley.core.port.RoomRegistry;
import io.parley.core.port.VoiceStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * The ports on AWS, for composition roots: what they call needs no word of the SDK. Each method makes an adapter with
 * a client of its own; connections and I/O threads are the process's ({@link AwsClients}).
 */
public final class AwsPorts {

    private final AwsClients clients;

    private AwsPorts(AwsClients clients) {
        this.clients = clients;
    }

    public static AwsPorts from(Map<String, String> environment) {
        return new AwsPorts(AwsClients.from(environment));
    }

    public VoiceStream voiceStream(String stream) {
        return new KinesisVoiceStream(clients.kinesis(), stream);
    }

    /** @param kmsKeyId for SSE-KMS, or null for the bucket's own default */
    public ObjectStore objectStore(String bucket, String kmsKeyId) {
        return new S3ObjectStore(clients.s3(), bucket, kmsKeyId);
    }

    public EventPublisher eventPublisher(String bus, String source, String detailType) {
        return new EventBridgePublisher(clients.eventBridge(), bus, source, detailType);
    }

    public ConnectionRegistry connectionRegistry(String table, Clock clock) {
        return new DynamoConnectionRegistry(clients.dynamoDb(), table, clock);
    }

    /**
     * @param maxMembers of a room
     * @param maxRooms that a connection may be in
     */
    public RoomRegistry roomRegistry(String table, int maxMembers, int maxRooms, Clock clock) {
        return new DynamoRoomRegistry(clients.dynamoDb(), table, maxMembers, maxRooms, clock);
    }

    /** What that table knows of users: their suspensions and their connections. */
    public DynamoUsers users(String table, Clock clock) {
        return new DynamoUsers(clients.dynamoDb(), table, clock);
    }

    public DataKeys dataKeys(String keyId, Clock clock) {
        return new KmsDataKeys(clients.kms(), keyId, clock);
    }

    /** @param timeout after which a post counts as failed */
    public ConnectionPoster connectionPoster(URI callbackUrl, Duration timeout) {
        return new ApiGatewayPoster(clients.gatewayManagement(callbackUrl, timeout));
    }

    /** @param timeout after which a broadcast counts as failed */
    public LambdaBroadcaster broadcaster(String function, Duration timeout) {
        return new LambdaBroadcaster(clients.lambda(timeout), function);
    }
}
