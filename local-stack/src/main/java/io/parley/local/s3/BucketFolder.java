package io.parley.local.s3;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.local.edge.AwsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All buckets below one folder, each with a folder of its own; {@code bucket.json} in it is what makes it one.
 *
 * <p>For any number of threads of one process. A folder serves one process at a time.
 */
final class BucketFolder {

    /** "Bucket naming rules"; what it lets pass is also a safe file name. */
    private static final Pattern NAME = Pattern.compile("(?!.*\\.\\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Clock clock;
    private final ConcurrentNavigableMap<String, Bucket> buckets = new ConcurrentSkipListMap<>();

    /** Opens the buckets that are there; blocks while it reads the headers of their objects. */
    BucketFolder(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        try {
            Files.createDirectories(folder);
            try (Stream<Path> found = Files.list(folder)) {
                for (Path candidate : (Iterable<Path>) found::iterator) {
                    if (Files.isRegularFile(file(candidate))) {
                        var record = JSON.readValue(Files.readAllBytes(file(candidate)), Bucket.BucketRecord.class);
                        buckets.put(record.name(), new Bucket(record, candidate));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the S3 folder " + folder + " cannot be opened", e);
        }
    }

    List<Bucket.BucketRecord> records() {
        return buckets.values().stream().map(Bucket::record).toList();
    }

    Bucket get(String name) {
        Bucket bucket = buckets.get(name);
        if (bucket == null) {
            throw noSuchBucket(name);
        }
        return bucket;
    }

    synchronized void create(String name, String region) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new AwsException(400, "InvalidBucketName", "The specified bucket is not valid: " + name);
        }
        if (buckets.containsKey(name)) {
            throw new AwsException(
                    409,
                    "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you already own it.");
        }
        Path home = folder.resolve(name);
        Bucket.BucketRecord record = new Bucket.BucketRecord(name, region, clock.millis());
        Bucket bucket = new Bucket(record, Files.createDirectories(home));
        Path written = home.resolve("bucket.json.new");
        Files.write(written, JSON.writeValueAsBytes(record));
        Files.move(written, file(home), StandardCopyOption.ATOMIC_MOVE);
        buckets.put(name, bucket);
    }

    synchronized void delete(String name) throws IOException {
        get(name).retire();
        buckets.remove(name);
        Files.delete(file(folder.resolve(name)));
        deleteTree(folder.resolve(name));
    }

    static AwsException noSuchBucket(String name) {
        return new AwsException(404, "NoSuchBucket", "The specified bucket does not exist: " + name);
    }

    static void deleteTree(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static Path file(Path home) {
        return home.resolve("bucket.json");
    }
}
