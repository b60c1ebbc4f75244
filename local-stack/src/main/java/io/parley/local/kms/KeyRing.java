package io.parley.local.kms;

import io.parley.local.edge.AwsException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The keys of one account in one region, found by id, ARN, alias or alias ARN ("Key identifiers").
 *
 * <p>Read by any thread; changes are serialised and are in the folder before they are seen.
 */
final class KeyRing {

    private static final String ALIAS = "alias/";
    private static final Pattern ALIAS_NAME = Pattern.compile("alias/[a-zA-Z0-9/_-]{1,250}");

    private final KeyFolder folder;
    private final Clock clock;
    private final SecureRandom random;
    private final String arnPrefix;
    private final ConcurrentNavigableMap<String, KmsKey> keys = new ConcurrentSkipListMap<>();

    KeyRing(KeyFolder folder, Clock clock, SecureRandom random, String region, String accountId) {
        this.folder = folder;
        this.clock = clock;
        this.random = random;
        this.arnPrefix = "arn:aws:kms:" + region + ":" + accountId + ":";
        for (KmsKey key : folder.load()) {
            if (key.isGone(clock.millis())) {
                folder.delete(key);
            } else {
                keys.put(key.id(), key);
            }
        }
    }

    synchronized KmsKey create(String description) {
        byte[] material = new byte[32];
        random.nextBytes(material);
        String id = UUID.randomUUID().toString();
        KmsKey key = new KmsKey(
                id,
                arnPrefix + "key/" + id,
                description,
                clock.millis(),
                KmsKey.State.Enabled,
                0,
                0,
                List.of(),
                material);
        return keep(key);
    }

    /** The key of that id, ARN, alias or alias ARN. */
    KmsKey find(String name) {
        String local = local(name);
        if (!local.startsWith(ALIAS)) {
            return findKey(name);
        }
        return keys.values().stream()
                .filter(key -> !key.isGone(clock.millis()))
                .filter(key ->
                        key.aliases().stream().anyMatch(alias -> alias.name().equals(local)))
                .findAny()
                .orElseThrow(() -> notFound("Alias " + arnPrefix + local + " is not found."));
    }

    /** The key of that id or ARN, for the calls that take no alias. */
    KmsKey findKey(String name) {
        String local = local(name);
        if (local.startsWith(ALIAS)) {
            throw notFound("Invalid keyId '" + name + "'");
        }
        KmsKey key = keys.get(local.startsWith("key/") ? local.substring("key/".length()) : local);
        if (key == null || key.isGone(clock.millis())) {
            throw notFound("Key '" + (name.startsWith("arn:") ? name : arnPrefix + "key/" + name) + "' does not exist");
        }
        return key;
    }

    /** All keys, ordered by id. */
    Collection<KmsKey> all() {
        return keys.values().stream().filter(key -> !key.isGone(clock.millis())).toList();
    }

    synchronized KmsKey change(String name, UnaryOperator<KmsKey> change) {
        return keep(change.apply(findKey(name)));
    }

    synchronized void addAlias(String alias, String target) {
        if (alias.startsWith("alias/aws/")) {
            throw new AwsException(400, "NotAuthorizedException", "Aliases of AWS cannot be created: " + alias);
        }
        if (!ALIAS_NAME.matcher(alias).matches()) {
            throw AwsException.validation("AliasName must match " + ALIAS_NAME.pattern() + ": " + alias);
        }
        KmsKey key = findKey(target);
        if (all().stream()
                .anyMatch(each ->
                        each.aliases().stream().anyMatch(taken -> taken.name().equals(alias)))) {
            throw new AwsException(
                    400, "AlreadyExistsException", "An alias with the name " + aliasArn(alias) + " already exists");
        }
        keep(key.with(new KmsKey.Alias(alias, clock.millis())));
    }

    synchronized void removeAlias(String alias) {
        if (!alias.startsWith(ALIAS)) {
            throw AwsException.validation("AliasName must begin with alias/: " + alias);
        }
        keep(find(alias).without(alias));
    }

    /** The key of that alias, made with it unless it is there. */
    synchronized KmsKey obtain(String alias) {
        try {
            return find(alias);
        } catch (AwsException e) {
            KmsKey key = create("");
            addAlias(alias, key.id());
            return findKey(key.id());
        }
    }

    String aliasArn(String alias) {
        return arnPrefix + alias;
    }

    private KmsKey keep(KmsKey key) {
        folder.save(key);
        keys.put(key.id(), key);
        return key;
    }

    /** The name without the ARN of this account and region before it; an ARN of another is none of ours. */
    private String local(String name) {
        if (name.startsWith("arn:") && !name.startsWith(arnPrefix)) {
            throw notFound("Invalid arn " + name);
        }
        return name.startsWith(arnPrefix) ? name.substring(arnPrefix.length()) : name;
    }

    private static AwsException notFound(String message) {
        return new AwsException(400, "NotFoundException", message);
    }
}
