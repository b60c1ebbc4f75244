package io.parley.local.verify;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.core.envelope.Envelope;
import io.parley.core.port.DataKeys;
import io.parley.core.room.RoomId;
import io.parley.core.verify.SegmentKey;
import io.parley.core.wire.TickLogSegment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Segments as files: opened ones, or sealed ones as they were copied from the bucket. The end of a path may tell the
 * object's key, with or without {@code ticks/}; a sealed one cannot be opened otherwise.
 */
final class FileSource implements LogSource {

    private static final byte[] SEALED = "PENV".getBytes(StandardCharsets.US_ASCII);
    /** Parts of a key: ticks, room, year, month, day, hour, name. */
    private static final int KEY_PARTS = 7;

    private final Path root;
    private final Supplier<DataKeys> keys;
    private final Map<String, Path> files = new HashMap<>();
    private DataKeys madeKeys;

    /** @param keys gives what opens sealed files, if there are any */
    FileSource(Path root, Supplier<DataKeys> keys) {
        this.root = root;
        this.keys = keys;
    }

    @Override
    public void list(LogListing listing) throws IOException {
        try (Stream<Path> found = Files.walk(root)) {
            for (Path file : (Iterable<Path>) found.filter(Files::isRegularFile)::iterator) {
                if (!file.getFileName().toString().startsWith(".")) {
                    add(file, listing);
                }
            }
        }
    }

    private void add(Path file, LogListing listing) throws IOException {
        String name = file.toString();
        files.put(name, file);
        Optional<SegmentKey> key = key(file.toAbsolutePath().normalize());
        if (key.isPresent()) {
            listing.add(LogObject.of(key.get(), name));
            return;
        }
        byte[] bytes = Files.readAllBytes(file);
        if (isSealed(bytes)) {
            listing.unreadable(
                    name,
                    name + " is sealed, and its path does not end with the key that it was sealed for"
                            + " (ticks/room/yyyy/MM/dd/HH/...)",
                    false);
            return;
        }
        try {
            TickLogSegment segment = TickLogSegment.parseFrom(bytes);
            if (RoomId.isValid(segment.getRoom())) {
                listing.add(new LogObject(
                        name, segment.getRoom(), segment.getEpoch(), segment.getFirstTick(), Optional.empty()));
                return;
            }
            listing.unreadable(name, name + " holds no segment: it names no room", false);
        } catch (InvalidProtocolBufferException e) {
            listing.unreadable(name, name + " holds no segment: " + e.getMessage(), false);
        }
    }

    private static Optional<SegmentKey> key(Path file) {
        int count = file.getNameCount();
        Optional<SegmentKey> whole = SegmentKey.parse(tail(file, Math.min(count, KEY_PARTS)));
        return whole.isPresent()
                ? whole
                : SegmentKey.parse(SegmentKey.PREFIX + tail(file, Math.min(count, KEY_PARTS - 1)));
    }

    private static String tail(Path file, int parts) {
        int count = file.getNameCount();
        return file.subpath(count - parts, count)
                .toString()
                .replace(file.getFileSystem().getSeparator(), "/");
    }

    private static boolean isSealed(byte[] bytes) {
        return bytes.length >= SEALED.length && Arrays.equals(Arrays.copyOf(bytes, SEALED.length), SEALED);
    }

    @Override
    public CompletionStage<byte[]> open(LogObject object) {
        try {
            byte[] bytes = Files.readAllBytes(files.get(object.name()));
            if (!isSealed(bytes)) {
                return CompletableFuture.completedFuture(bytes);
            }
            if (madeKeys == null) {
                madeKeys = keys.get();
            }
            String key = object.key().orElseThrow().text();
            return madeKeys.unwrap(Envelope.wrappedKey(bytes))
                    .thenApplyAsync(dataKey -> Envelope.open(key, bytes, wrapped -> dataKey));
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public int parallelism() {
        return 4;
    }
}
