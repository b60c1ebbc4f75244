package io.parley.local.stack;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * How to reach a running local stack: what {@code up} prints, and leaves in a file for {@code talk} and {@code listen}.
 *
 * @param url of the WebSocket
 * @param edge endpoint of all AWS APIs
 * @param flink Flink's web UI; empty where the stack does not run the job
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DevelopmentCredentials(
        String url,
        String edge,
        String flink,
        String apiKey,
        String aliceToken,
        String bobToken,
        String moderatorToken) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Where {@code up} leaves them: below the project's {@code target}, or the working directory's. */
    public static Path file() {
        return Path.of(System.getProperty("parley.home", "."), "target", "parley", "local-stack.json");
    }

    /** Writes the file, readable for its owner alone. */
    public void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        Files.createFile(file);
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        Files.write(file, JSON.writeValueAsBytes(this));
    }

    /** What the stack that runs now left, if one does. */
    public static Optional<DevelopmentCredentials> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), DevelopmentCredentials.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
