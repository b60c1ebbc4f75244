package io.parley.local.s3;

import io.parley.local.edge.AwsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bucket's folder and the index of its keys, which is read from the files when the bucket is opened.
 *
 * <p>For any number of threads. A write goes to a file of its own in {@code incoming} and is published by a rename
 * under the lock of its key's stripe, where its condition is checked too: of several conditional writes one wins.
 * Nothing is forced to the disk: an object survives the end of this process, not the loss of power.
 */
final class Bucket {

    private static final Logger LOG = LoggerFactory.getLogger(Bucket.class);
    private static final int STRIPES = 64;

    private final BucketRecord record;
    private final Path objects;
    private final Path incoming;
    private final NavigableMap<String, Listed> index = new ConcurrentSkipListMap<>(KeyOrder.UTF_8);
    private final Object[] stripes = Stream.generate(Object::new).limit(STRIPES).toArray();
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    /** Guarded by {@link #lifetime}. */
    private boolean deleted;

    /** What a listing says of an object. */
    record Listed(long size, String etag, long lastModifiedMs, String storageClass) {

        static Listed of(ObjectHeader header) {
            return new Listed(header.size(), header.etag(), header.lastModifiedMs(), header.storageClass());
        }
    }

    /** What the bucket's own file says. */
    record BucketRecord(String name, String region, long createdMs) {

        Instant created() {
            return Instant.ofEpochMilli(createdMs);
        }
    }

    /** Opens the bucket in that folder: reads the header of each of its objects. */
    Bucket(BucketRecord record, Path folder) throws IOException {
        this.record = record;
        this.objects = Files.createDirectories(folder.resolve("objects"));
        this.incoming = Files.createDirectories(folder.resolve("incoming"));
        try (Stream<Path> abandoned = Files.list(incoming)) {
            for (Path file : (Iterable<Path>) abandoned::iterator) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.find(objects, 2, (file, attributes) -> attributes.isRegularFile())) {
            files.forEach(this::readHeader);
        }
    }

    BucketRecord record() {
        return record;
    }

    NavigableMap<String, Listed> index() {
        return index;
    }

    void put(ObjectHeader header, byte[] bytes, WriteCondition condition) throws IOException {
        lifetime.readLock().lock();
        try {
            checkExists();
            Path written = incoming.resolve(UUID.randomUUID().toString());
            try {
                ObjectFile.write(written, header, bytes);
                publish(written, header, condition);
            } finally {
                Files.deleteIfExists(written);
            }
        } finally {
            lifetime.readLock().unlock();
        }
    }

    ObjectFile open(String key) throws IOException {
        try {
            return ObjectFile.open(ObjectFile.path(objects, key));
        } catch (NoSuchFileException e) {
            throw ReadCondition.noSuchKey(key);
        }
    }

    /** Deletes the object if there is one. */
    void delete(String key) throws IOException {
        synchronized (stripe(key)) {
            index.remove(key);
            Files.deleteIfExists(ObjectFile.path(objects, key));
        }
    }

    /** Lets nothing be written from here on, unless the bucket still holds objects. */
    void retire() {
        lifetime.writeLock().lock();
        try {
            checkExists();
            if (!index.isEmpty()) {
                throw new AwsException(409, "BucketNotEmpty", "The bucket you tried to delete is not empty");
            }
            deleted = true;
        } finally {
            lifetime.writeLock().unlock();
        }
    }

    private void publish(Path written, ObjectHeader header, WriteCondition condition) throws IOException {
        Path file = ObjectFile.path(objects, header.key());
        Files.createDirectories(file.getParent());
        synchronized (stripe(header.key())) {
            Listed current = index.get(header.key());
            condition.check(header.key(), current == null ? null : current.etag());
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            index.put(header.key(), Listed.of(header));
        }
    }

    private void readHeader(Path file) {
        try (ObjectFile object = ObjectFile.open(file)) {
            index.put(object.header().key(), Listed.of(object.header()));
        } catch (IOException e) {
            LOG.warn("left out of bucket {}: {}: {}", record.name(), file, e.toString());
        }
    }

    private void checkExists() {
        if (deleted) {
            throw BucketFolder.noSuchBucket(record.name());
        }
    }

    private Object stripe(String key) {
        return stripes[Math.floorMod(key.hashCode(), STRIPES)];
    }
}
