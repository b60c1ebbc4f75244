package io.parley.benchmarks.lambda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A Lambda's jar as Terraform deploys it, in a folder laid out as Lambda unpacks it. Not safe for threads. */
final class DeployedJar implements AutoCloseable {

    private final Path taskRoot;
    private final long bytes;

    private DeployedJar(Path taskRoot, long bytes) {
        this.taskRoot = taskRoot;
        this.bytes = bytes;
    }

    /** Whether {@link #of} finds it. */
    static boolean isBuilt(Path root, String module) {
        return candidates(root, module).anyMatch(Files::exists);
    }

    /** As {@code ./parley build} or Maven left it. Throws {@link IllegalStateException} where neither has been run. */
    static DeployedJar of(Path root, String module) throws IOException {
        Path jar = candidates(root, module)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("the jar of " + module + " is not there: ./parley build makes it"));
        Path taskRoot = Files.createTempDirectory("parley-" + module);
        Files.copy(jar, Files.createDirectories(taskRoot.resolve("lib")).resolve(module + ".jar"));
        return new DeployedJar(taskRoot, Files.size(jar));
    }

    private static Stream<Path> candidates(Path root, String module) {
        return Stream.of("dist/" + module + ".jar", module + "/target/" + module + "-0.1.0-SNAPSHOT-deploy.jar")
                .map(root::resolve);
    }

    Path taskRoot() {
        return taskRoot;
    }

    /** For what the function prints. */
    Path log() {
        return taskRoot.resolve("log");
    }

    double megabytes() {
        return bytes / 1024.0 / 1024.0;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(taskRoot)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
