package io.parley.local.kms;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AWS KMS at the edge port: symmetric keys, AES-256-GCM, the encryption context as additional authenticated data.
 *
 * <p>Serves the operations listed below as the AWS KMS API Reference describes them, for one account in one region. Key policies, grants and tags are taken and forgotten: whoever reaches the port may use every key. Rotation
 * is remembered and not done.
 */
public final class KmsService implements EdgeService, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KmsService.class);

    private record Operation(boolean writes, Function<KmsParameters, JsonNode> call) {}

    private final Map<String, Operation> operations;
    private final KeyRing keys;
    private final WorkerExecutor disk;

    /**
     * Reads the keys that the folder holds; blocks while it does.
     *
     * @param folder where keys survive a restart, readable by their owner only; null to keep them in memory alone
     */
    public KmsService(Vertx vertx, Path folder, Clock clock, String region, String accountId) {
        SecureRandom random = new SecureRandom();
        keys = new KeyRing(new KeyFolder(folder), clock, random, region, accountId);
        disk = vertx.createSharedWorkerExecutor("kms-disk", 1);
        operations = operations(new Cryptography(keys, random), new KeyAdministration(keys, clock, accountId));
    }

    /** The ARN of the key with that alias; both are made unless they are there. Blocks on the disk. */
    public String createKey(String alias) {
        return keys.obtain(alias).arn();
    }

    @Override
    public String signingName() {
        return "kms";
    }

    @Override
    public void handle(EdgeRequest request) {
        Operation operation = operations.get(request.operation());
        if (operation == null) {
            throw new AwsException(
                    400,
                    "UnknownOperationException",
                    "The local KMS does not serve this operation: " + request.operation());
        }
        KmsParameters parameters = new KmsParameters(request.tree());
        if (!operation.writes()) {
            request.reply(operation.call().apply(parameters));
            return;
        }
        disk.executeBlocking(() -> operation.call().apply(parameters))
                .onSuccess(request::reply)
                .onFailure(e -> {
                    if (!(e instanceof AwsException)) {
                        LOG.warn("kms {} failed", request.operation(), e);
                    }
                    request.fail(e);
                });
    }

    @Override
    public void close() {
        disk.close();
    }

    private static Map<String, Operation> operations(Cryptography cryptography, KeyAdministration administration) {
        return Map.ofEntries(
                reads("Encrypt", cryptography::encrypt),
                reads("Decrypt", cryptography::decrypt),
                reads("ReEncrypt", cryptography::reEncrypt),
                reads("GenerateDataKey", call -> cryptography.generateDataKey(call, true)),
                reads("GenerateDataKeyWithoutPlaintext", call -> cryptography.generateDataKey(call, false)),
                reads("DescribeKey", administration::describeKey),
                reads("ListKeys", administration::listKeys),
                reads("ListAliases", administration::listAliases),
                reads("GetKeyRotationStatus", administration::keyRotationStatus),
                writes("CreateKey", administration::createKey),
                writes("CreateAlias", administration::createAlias),
                writes("DeleteAlias", administration::deleteAlias),
                writes("EnableKey", call -> administration.setEnabled(call, true)),
                writes("DisableKey", call -> administration.setEnabled(call, false)),
                writes("ScheduleKeyDeletion", administration::scheduleKeyDeletion),
                writes("CancelKeyDeletion", administration::cancelKeyDeletion),
                writes("EnableKeyRotation", administration::enableKeyRotation),
                writes("DisableKeyRotation", administration::disableKeyRotation));
    }

    private static Map.Entry<String, Operation> reads(String name, Function<KmsParameters, JsonNode> call) {
        return Map.entry(name, new Operation(false, call));
    }

    private static Map.Entry<String, Operation> writes(String name, Function<KmsParameters, JsonNode> call) {
        return Map.entry(name, new Operation(true, call));
    }
}
