package io.parley.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The jars that Lambda would be given. */
class LambdaJarsITCase {

    private static final Path ROOT = Path.of(System.getProperty("parley.root", ".."));
    private static final int JAVA_17 = 61;

    private static final Map<String, String> ENVIRONMENT = Map.ofEntries(
            Map.entry("AWS_REGION", "eu-central-1"),
            Map.entry("AWS_ACCESS_KEY_ID", "id"),
            Map.entry("AWS_SECRET_ACCESS_KEY", "secret"),
            Map.entry("CONNECTIONS_TABLE", "connections"),
            Map.entry("VOICE_STREAM", "voice"),
            Map.entry("AUDIO_BUCKET", "audio"),
            Map.entry("AUDIO_KEY_ID", "alias/audio"),
            Map.entry("EVENT_BUS_NAME", "bus"),
            Map.entry("CALLBACK_URL", "https://api.example/prod"),
            Map.entry("TOKEN_ISSUER", "https://issuer.example"),
            Map.entry("TOKEN_CLIENT_ID", "game"),
            Map.entry("TICKET_AUDIENCE", "parley-prod"),
            Map.entry("TICKET_JWKS", "https://game.example/tickets.json"));

    private static Path jar(String module) throws Exception {
        try (var files = Files.newDirectoryStream(ROOT.resolve(module).resolve("target"), module + "-*-deploy.jar")) {
            return files.iterator().next();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ingest-lambdas, io.parley.ingest.AuthorizerHandler",
        "ingest-lambdas, io.parley.ingest.ConnectHandler",
        "ingest-lambdas, io.parley.ingest.DisconnectHandler",
        "ingest-lambdas, io.parley.ingest.MessageHandler",
        "ingest-lambdas, io.parley.ingest.AudioHandler",
        "ingest-lambdas, io.parley.ingest.OperatorHandler",
        "broadcast-lambda, io.parley.broadcast.BroadcastHandler",
    })
    void makesItsHandlerAndLogsWithNothingBesideIt(String module, String handler) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        URL[] jar = {jar(module).toUri().toURL()};
        try (URLClassLoader alone = new URLClassLoader(jar, ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(alone);
            Class<?> type = alone.loadClass(handler);

            assertThat(type.getConstructor()).as("what Lambda calls").isNotNull();
            assertThat(type.getConstructor(Map.class, Clock.class).newInstance(ENVIRONMENT, Clock.systemUTC()))
                    .isNotNull();
            Object loggers = alone.loadClass("org.slf4j.LoggerFactory")
                    .getMethod("getILoggerFactory")
                    .invoke(null);
            assertThat(loggers.getClass().getName()).isEqualTo("org.slf4j.simple.SimpleLoggerFactory");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest-lambdas", "broadcast-lambda"})
    void isSmallEnoughToUploadAndHoldsNoTests(String module) throws Exception {
        Path file = jar(module);
        // "Lambda quotas": 50 MB zipped where it is uploaded directly.
        assertThat(Files.size(file)).isLessThan(50_000_000);
        try (JarFile jar = new JarFile(file.toFile())) {
            List<JarEntry> entries = jar.stream().toList();
            assertThat(entries).extracting(JarEntry::getName).noneMatch(name -> name.startsWith("org/junit/"));
            for (JarEntry entry : entries) {
                if (entry.getName().startsWith("io/parley/") && entry.getName().endsWith(".class")) {
                    try (InputStream bytes = jar.getInputStream(entry)) {
                        byte[] head = bytes.readNBytes(8);
                        assertThat(head[6] << 8 | head[7]).as(entry.getName()).isLessThanOrEqualTo(JAVA_17);
                    }
                }
            }
        }
    }
}
