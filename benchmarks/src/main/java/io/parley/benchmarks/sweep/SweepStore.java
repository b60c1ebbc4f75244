package io.parley.benchmarks.sweep;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** What a sweep has measured so far, in a file, so that one that was interrupted goes on. Not safe for threads. */
final class SweepStore {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path file;
    private final SweepSettings settings;
    private final List<Curve> curves;

    /** What the file holds: curves mean nothing without what was asked for. */
    private record Content(SweepSettings settings, List<Curve> curves) {}

    private SweepStore(Path file, SweepSettings settings, List<Curve> curves) {
        this.file = file;
        this.settings = settings;
        this.curves = new ArrayList<>(curves);
    }

    /** Throws {@link IllegalArgumentException} where the file is one of another load. */
    static SweepStore open(Path file, SweepSettings settings) throws IOException {
        if (!Files.exists(file)) {
            return new SweepStore(file, settings, List.of());
        }
        Content content = JSON.readValue(file.toFile(), new TypeReference<>() {});
        if (!content.settings().equals(settings)) {
            throw new IllegalArgumentException(file + " has curves of another load: " + content.settings()
                    + "; go on with that one, or give another --name");
        }
        return new SweepStore(file, settings, content.curves());
    }

    List<Curve> curves() {
        return List.copyOf(curves);
    }

    boolean has(String name, int round) {
        return curves.stream().anyMatch(curve -> curve.name().equals(name) && curve.round() == round);
    }

    /** Adds it in place of one of the same name and round. An interruption leaves the file as it was, or as it is to be. */
    void put(Curve curve) throws IOException {
        curves.removeIf(old -> old.name().equals(curve.name()) && old.round() == curve.round());
        curves.add(curve);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, JSON.writeValueAsString(new Content(settings, curves)) + '\n');
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
