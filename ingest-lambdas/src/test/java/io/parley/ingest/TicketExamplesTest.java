package io.parley.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of docs/tickets.md, as they stand there, make tickets that are taken. */
class TicketExamplesTest {

    private static final Path PAGE = Path.of("..", "docs", "tickets.md");

    @TempDir
    Path folder;

    private ECKey key;

    @BeforeEach
    void makeKey() throws Exception {
        key = new ECKeyGenerator(Curve.P_256).keyID("game-1").generate();
        Files.writeString(folder.resolve("game-1.jwk"), key.toJSONString());
    }

    @Test
    void inJava() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path program = Files.writeString(folder.resolve("Tickets.java"), example("java"));
        assertTaken(run(java.toString(), "-cp", System.getProperty("java.class.path"), program.toString()));
    }

    @Test
    void inNode() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "node"))),
                "node is not installed");
        Path program = Files.writeString(folder.resolve("tickets.js"), example("js"));
        assertTaken(run("node", program.toString()));
    }

    private void assertTaken(String ticket) {
        TicketVerifier verifier = new TicketVerifier(
                "parley-eu", VerificationKeys.ofTickets(new JWKSet(key).toString(true)), Clock.systemUTC());
        RoomTicket read = verifier.verify(ticket, "2b1c-ann", "lobby");
        assertThat(read.grant().getSpeak()).isTrue();
        assertThat(read.grant().getListen()).isTrue();
        assertThat(read.grant().getModerate()).isFalse();
        assertThat(read.grantUntilMs()).isZero();
    }

    private static String example(String language) throws Exception {
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(block.find()).as("an example in " + language).isTrue();
        return block.group(1);
    }

    /** What the program prints of ann in the lobby. */
    private String run(String... program) throws Exception {
        List<String> command = Stream.concat(Stream.of(program), Stream.of("2b1c-ann", "lobby"))
                .toList();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.trim();
    }
}
