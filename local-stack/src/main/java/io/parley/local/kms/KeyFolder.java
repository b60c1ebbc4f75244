package io.parley.local.kms;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Keys as files, one each, which their owner alone may read (0600 in a folder of 0700, where the file system knows
 * such permissions). Nothing is kept where there is no folder. Blocks on the disk.
 */
final class KeyFolder {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUFFIX = ".json";

    private final Path folder;
    private final boolean posix;

    /** @param folder null to keep nothing */
    KeyFolder(Path folder) {
        this.folder = folder;
        try {
            posix = folder != null && createPrivately(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the KMS folder " + folder + " cannot be created", e);
        }
    }

    /** Every key there is; one that cannot be read stops the start, since what it encrypted would be lost silently. */
    List<KmsKey> load() {
        List<KmsKey> keys = new ArrayList<>();
        if (folder == null) {
            return keys;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.toString().endsWith(SUFFIX)) {
                    keys.add(read(file));
                }
            }
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException("the KMS folder " + folder + " cannot be read", e);
        }
    }

    void save(KmsKey key) {
        if (folder == null) {
            return;
        }
        Path written = folder.resolve(UUID.randomUUID() + ".new");
        try {
            try (SeekableByteChannel channel = Files.newByteChannel(
                    written,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    permissions("rw-------"))) {
                ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(key));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            Files.move(written, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("the key " + key.id() + " could not be written", e);
        }
    }

    void delete(KmsKey key) {
        if (folder == null) {
            return;
        }
        try {
            Files.deleteIfExists(file(key));
        } catch (IOException e) {
            throw new UncheckedIOException("the key " + key.id() + " could not be deleted", e);
        }
    }

    private static KmsKey read(Path file) throws IOException {
        try {
            return JSON.readValue(Files.readAllBytes(file), KmsKey.class);
        } catch (IOException e) {
            throw new IOException(file + " holds no key that can be read; restore it, or move it away", e);
        }
    }

    /** Whether the folder knows POSIX permissions. */
    private boolean createPrivately(Path folder) throws IOException {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        boolean posix = Files.getFileStore(existing).supportsFileAttributeView("posix");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder.toAbsolutePath().getParent());
            Files.createDirectory(folder, posix ? new FileAttribute<?>[] {ownerOnly("rwx------")} : none());
        }
        return posix;
    }

    private FileAttribute<?>[] permissions(String permissions) {
        return posix ? new FileAttribute<?>[] {ownerOnly(permissions)} : none();
    }

    private static FileAttribute<?> ownerOnly(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private static FileAttribute<?>[] none() {
        return new FileAttribute<?>[0];
    }

    private Path file(KmsKey key) {
        return folder.resolve(key.id() + SUFFIX);
    }
}
