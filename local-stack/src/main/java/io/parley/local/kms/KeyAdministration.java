package io.parley.local.kms;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.EdgeRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** The calls about keys and aliases themselves. Those that change one block on the disk. */
final class KeyAdministration {

    private static final String SYMMETRIC = "SYMMETRIC_DEFAULT";

    private final KeyRing keys;
    private final Clock clock;
    private final String accountId;

    KeyAdministration(KeyRing keys, Clock clock, String accountId) {
        this.keys = keys;
        this.clock = clock;
        this.accountId = accountId;
    }

    ObjectNode createKey(KmsParameters call) {
        call.require("KeyUsage", "ENCRYPT_DECRYPT");
        call.require("KeySpec", SYMMETRIC);
        call.require("CustomerMasterKeySpec", SYMMETRIC);
        call.require("Origin", "AWS_KMS");
        call.require("MultiRegion", "false");
        return metadata(keys.create(call.text("Description", "")));
    }

    ObjectNode describeKey(KmsParameters call) {
        return metadata(keys.find(call.text("KeyId")));
    }

    ObjectNode listKeys(KmsParameters call) {
        return page(
                call,
                "Keys",
                List.copyOf(keys.all()),
                KmsKey::id,
                key -> EdgeRequest.object().put("KeyId", key.id()).put("KeyArn", key.arn()));
    }

    ObjectNode createAlias(KmsParameters call) {
        keys.addAlias(call.text("AliasName"), call.text("TargetKeyId"));
        return EdgeRequest.object();
    }

    ObjectNode deleteAlias(KmsParameters call) {
        keys.removeAlias(call.text("AliasName"));
        return EdgeRequest.object();
    }

    ObjectNode listAliases(KmsParameters call) {
        record Named(KmsKey key, KmsKey.Alias alias) {}
        List<KmsKey> from = call.has("KeyId") ? List.of(keys.findKey(call.text("KeyId"))) : List.copyOf(keys.all());
        List<Named> aliases = from.stream()
                .flatMap(key -> key.aliases().stream().map(alias -> new Named(key, alias)))
                .sorted((left, right) ->
                        left.alias().name().compareTo(right.alias().name()))
                .toList();
        return page(
                call,
                "Aliases",
                aliases,
                named -> named.alias().name(),
                named -> EdgeRequest.object()
                        .put("AliasName", named.alias().name())
                        .put("AliasArn", keys.aliasArn(named.alias().name()))
                        .put("TargetKeyId", named.key().id())
                        .put("CreationDate", seconds(named.alias().createdMs()))
                        .put("LastUpdatedDate", seconds(named.alias().createdMs())));
    }

    ObjectNode setEnabled(KmsParameters call, boolean enabled) {
        keys.change(call.text("KeyId"), key -> key.enabled(enabled));
        return EdgeRequest.object();
    }

    ObjectNode scheduleKeyDeletion(KmsParameters call) {
        int days = call.integer("PendingWindowInDays", 7, 30, 30);
        long deletionMs = clock.millis() + Duration.ofDays(days).toMillis();
        KmsKey key = keys.change(call.text("KeyId"), each -> each.deletedAt(deletionMs));
        return EdgeRequest.object()
                .put("KeyId", key.arn())
                .put("DeletionDate", seconds(deletionMs))
                .put("KeyState", key.state().name())
                .put("PendingWindowInDays", days);
    }

    ObjectNode cancelKeyDeletion(KmsParameters call) {
        KmsKey key = keys.change(call.text("KeyId"), KmsKey::deletionCancelled);
        return EdgeRequest.object().put("KeyId", key.arn());
    }

    /** Remembers the period; the material stays as it is, as it would for any caller until the period has passed. */
    ObjectNode enableKeyRotation(KmsParameters call) {
        int days = call.integer("RotationPeriodInDays", 90, 2560, 365);
        keys.change(call.text("KeyId"), key -> key.rotating(days));
        return EdgeRequest.object();
    }

    ObjectNode disableKeyRotation(KmsParameters call) {
        keys.change(call.text("KeyId"), key -> key.rotating(0));
        return EdgeRequest.object();
    }

    ObjectNode keyRotationStatus(KmsParameters call) {
        KmsKey key = keys.findKey(call.text("KeyId"));
        ObjectNode answer =
                EdgeRequest.object().put("KeyId", key.arn()).put("KeyRotationEnabled", key.rotationDays() > 0);
        return key.rotationDays() > 0 ? answer.put("RotationPeriodInDays", key.rotationDays()) : answer;
    }

    private ObjectNode metadata(KmsKey key) {
        ObjectNode answer = EdgeRequest.object();
        ObjectNode metadata = answer.putObject("KeyMetadata")
                .put("AWSAccountId", accountId)
                .put("KeyId", key.id())
                .put("Arn", key.arn())
                .put("CreationDate", seconds(key.createdMs()))
                .put("Enabled", key.state() == KmsKey.State.Enabled)
                .put("Description", key.description())
                .put("KeyUsage", "ENCRYPT_DECRYPT")
                .put("KeyState", key.state().name())
                .put("Origin", "AWS_KMS")
                .put("KeyManager", "CUSTOMER")
                .put("CustomerMasterKeySpec", SYMMETRIC)
                .put("KeySpec", SYMMETRIC)
                .put("MultiRegion", false);
        metadata.putArray("EncryptionAlgorithms").add(SYMMETRIC);
        if (key.state() == KmsKey.State.PendingDeletion) {
            metadata.put("DeletionDate", seconds(key.deletionMs()));
        }
        return answer;
    }

    /** One page of a list that is ordered by name; the marker is the last name of the page before. */
    private static <T> ObjectNode page(
            KmsParameters call,
            String list,
            List<T> entries,
            Function<T, String> name,
            Function<T, ObjectNode> description) {
        int limit = call.integer("Limit", 1, 1000, 100);
        String marker = call.text("Marker", "");
        List<T> rest = entries.stream()
                .filter(entry -> name.apply(entry).compareTo(marker) > 0)
                .toList();
        ObjectNode answer = EdgeRequest.object();
        ArrayNode page = answer.putArray(list);
        rest.stream().limit(limit).map(description).forEach(page::add);
        answer.put("Truncated", rest.size() > limit);
        if (rest.size() > limit) {
            answer.put("NextMarker", name.apply(rest.get(limit - 1)));
        }
        return answer;
    }

    private static double seconds(long ms) {
        return ms / 1000.0;
    }
}
