package io.parley.local.verify;

import io.parley.aws.KmsDataKeys;
import io.parley.core.envelope.Envelope;
import io.parley.local.kms.StoredKeys;
import io.parley.local.s3.StoredObjects;
import io.parley.local.s3.StoredObjects.StoredObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The tick log in the folder that {@code ./parley up --data-dir} keeps, with the keys that lie beside it. */
final class DataFolderSource implements LogSource {

    private final Path folder;
    private final StoredKeys keys;
    private final Map<String, StoredObject> objects = new HashMap<>();

    DataFolderSource(Path folder) {
        this.folder = folder;
        this.keys = StoredKeys.in(folder.resolve("kms"));
    }

    static boolean isDataFolder(Path folder) {
        return StoredObjects.isFolder(folder.resolve("s3"));
    }

    @Override
    public void list(LogListing listing) throws IOException {
        StoredObjects.list(
                folder.resolve("s3"),
                object -> {
                    objects.put(object.key(), object);
                    listing.addKey(object.key());
                },
                (file, reason) -> listing.unreadable(file.toString(), file + " cannot be read: " + reason, true));
    }

    @Override
    public CompletionStage<byte[]> open(LogObject object) {
        try {
            return CompletableFuture.completedFuture(Envelope.open(
                    object.name(),
                    objects.get(object.name()).read(),
                    wrapped -> keys.decrypt(wrapped, KmsDataKeys.ENCRYPTION_CONTEXT)));
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public int parallelism() {
        return 1;
    }
}
