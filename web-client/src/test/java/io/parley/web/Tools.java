package io.parley.web;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What these tests need beside a JDK. Where it is missing they are skipped with one line, unless it is required. */
final class Tools {

    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    private Tools() {}

    /** Chromium; aborts the test where there is none. */
    static Path chromium() {
        return find(List.of("chromium", "chromium-browser", "google-chrome"), "Chromium");
    }

    /** Node.js; aborts the test where there is none. */
    static Path node() {
        return find(List.of("node"), "Node.js");
    }

    private static Path find(List<String> names, String what) {
        Optional<Path> found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> names.stream().map(name -> new File(folder, name)))
                .filter(File::canExecute)
                .map(File::toPath)
                .findFirst();
        if (found.isPresent()) {
            return found.get();
        }
        String required = Objects.requireNonNullElse(System.getenv("PARLEY_REQUIRE"), "");
        if (Arrays.asList(required.split(",")).contains("browser")) {
            throw new IllegalStateException("PARLEY_REQUIRE has browser, but " + what + " is not on the PATH");
        }
        String reason = "skipped: the web client's tests need " + what + ", which is not on the PATH";
        if (TOLD.add(reason)) {
            System.out.println(reason);
        }
        return Assumptions.abort(reason);
    }
}
