package io.parley.local.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads the objects of an {@link S3Service} from its folder, also while one serves it, and alters nothing. Blocks on
 * the disk; stateless.
 */
public final class StoredObjects {

    private StoredObjects() {}

    /** An object by its key; {@code file} is where its bytes are. */
    public record StoredObject(String bucket, String key, Path file) {

        /** The object's bytes. */
        public byte[] read() throws IOException {
            try (ObjectFile object = ObjectFile.open(file)) {
                return object.read(0, Math.toIntExact(object.header().size()));
            }
        }
    }

    /** Whether a folder is one that an {@link S3Service} keeps its objects in. */
    public static boolean isFolder(Path folder) {
        try (Stream<Path> buckets = buckets(folder)) {
            return buckets.findAny().isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Gives every object of every bucket, in no order.
     *
     * @param broken receives the files that hold no object, with the reason
     */
    public static void list(Path folder, Consumer<StoredObject> found, BiConsumer<Path, String> broken)
            throws IOException {
        try (Stream<Path> buckets = buckets(folder)) {
            for (Path bucket : (Iterable<Path>) buckets::iterator) {
                Path objects = bucket.resolve("objects");
                if (!Files.isDirectory(objects)) {
                    continue;
                }
                try (Stream<Path> files = Files.find(objects, 2, (file, attributes) -> attributes.isRegularFile())) {
                    files.forEach(file -> read(bucket, file, found, broken));
                }
            }
        }
    }

    private static void read(Path bucket, Path file, Consumer<StoredObject> found, BiConsumer<Path, String> broken) {
        String key;
        try (ObjectFile object = ObjectFile.open(file)) {
            key = object.header().key();
        } catch (IOException e) {
            broken.accept(file, e.getMessage());
            return;
        }
        if (!ObjectFile.path(bucket.resolve("objects"), key).equals(file)) {
            broken.accept(file, "it is not where its key " + key + " belongs");
            return;
        }
        found.accept(new StoredObject(bucket.getFileName().toString(), key, file));
    }

    private static Stream<Path> buckets(Path folder) throws IOException {
        return Files.list(folder).filter(bucket -> Files.isRegularFile(bucket.resolve("bucket.json")));
    }
}
