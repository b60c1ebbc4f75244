package io.parley.local.kms;

import io.parley.local.edge.AwsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the keys of a {@link KmsService} from its folder, and alters nothing: for whoever opens what is on this disk
 * without a running stack. Thread safe.
 */
public final class StoredKeys {

    private final Map<String, KmsKey> keys;

    private StoredKeys(Map<String, KmsKey> keys) {
        this.keys = keys;
    }

    /** Reads them; blocks on the disk. A folder that is not there has no key. */
    public static StoredKeys in(Path folder) {
        return new StoredKeys(
                Files.isDirectory(folder)
                        ? new KeyFolder(folder)
                                .load().stream().collect(Collectors.toUnmodifiableMap(KmsKey::id, Function.identity()))
                        : Map.of());
    }

    /** As KMS's Decrypt; throws {@link AwsException} where that refuses. */
    public byte[] decrypt(byte[] ciphertext, Map<String, String> encryptionContext) {
        CiphertextBlob blob = CiphertextBlob.parse(ciphertext);
        KmsKey key = keys.get(blob.keyId().toString());
        if (key == null) {
            throw new AwsException(400, "NotFoundException", "Key '" + blob.keyId() + "' is not in the folder");
        }
        key.requireUsable();
        return blob.decrypt(key, new TreeMap<>(encryptionContext));
    }
}
