package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.local.cli.LoginCommand;
import io.parley.local.cli.ParleySubcommand;
import io.parley.local.cli.RevokeCommand;
import io.parley.local.cli.SuspendCommand;
import io.parley.local.cli.UnsuspendCommand;
import io.parley.local.stack.DevelopmentCredentials;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What an operator does with {@code suspend}, {@code unsuspend} and {@code revoke}, and a user with {@code login}. */
class OperatorITCase {

    @TempDir
    static Path home;

    private static String homeBefore;
    private static LocalStack stack;

    @BeforeAll
    static void start() throws Exception {
        homeBefore = System.setProperty("parley.home", home.toString());
        stack = LocalStack.start(StackOptions.onFreePorts().withoutJob());
        stack.credentials().write(DevelopmentCredentials.file());
    }

    @AfterAll
    static void stop() {
        if (homeBefore == null) {
            System.clearProperty("parley.home");
        } else {
            System.setProperty("parley.home", homeBefore);
        }
        stack.close();
    }

    @Test
    void aSuspendedUserIsToldGoodbyeAndStaysOutUntilTheSuspensionIsLifted() throws Exception {
        String token = stack.token("bob");
        try (RawClient first = RawClient.connect(stack.credentials(), token);
                RawClient second = RawClient.connect(stack.credentials(), token);
                RawClient other = RawClient.connect(stack.credentials(), stack.token("alice"))) {
            first.send("{\"action\":\"join\",\"room\":\"lobby\"}");
            first.awaitAction("accepted");

            assertThat(run(new SuspendCommand(), 0, "--participant", "bob", "--minutes", "30", "--reason", "shouting"))
                    .contains("bob is suspended until 20", "2 connections ended");
            for (RawClient client : List.of(first, second)) {
                JsonNode bye = client.awaitAction("bye");
                assertThat(bye.path("reason").asText()).isEqualTo("suspended");
                assertThat(bye.path("reconnect").asBoolean(true)).isFalse();
                client.awaitClose();
            }
            assertThat(RefusedUpgrade.status(
                            stack.credentials().url(), stack.credentials().apiKey(), token))
                    .isEqualTo(403);
            other.send("{\"action\":\"ping\"}");
            other.awaitAction("pong");
        }
        assertThat(run(new UnsuspendCommand(), 0, "--participant", "bob")).contains("bob is no longer suspended");
        assertThat(run(new UnsuspendCommand(), 0, "--participant", "bob")).contains("was not suspended");
        RawClient.connect(stack.credentials(), token).close();
    }

    @Test
    void theFifthConnectionOfAUserTakesThePlaceOfAnEarlierOne() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                clients.add(RawClient.connect(stack.credentials(), stack.token("many")));
            }
            Eventually.until("one has been closed", () -> clients.stream().anyMatch(RawClient::isClosed));
            RawClient replaced =
                    clients.stream().filter(RawClient::isClosed).findFirst().orElseThrow();
            JsonNode bye = replaced.awaitAction("bye");
            assertThat(bye.path("reason").asText()).isEqualTo("replaced");
            assertThat(bye.path("reconnect").asBoolean(true)).isFalse();
            assertThat(clients.indexOf(replaced)).as("not the newest").isLessThan(4);
            for (RawClient client : clients) {
                if (client != replaced) {
                    client.send("{\"action\":\"ping\"}");
                    client.awaitAction("pong");
                }
            }
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void aRevokedUserIsOutOfTheRoom() throws Exception {
        try (RawClient client = RawClient.connect(stack.credentials(), stack.token("moderator"))) {
            client.send("{\"action\":\"join\",\"room\":\"revoked\"}");
            client.awaitAction("accepted");
            assertThat(run(new RevokeCommand(), 0, "--participant", "moderator", "--room", "revoked"))
                    .contains("moderator is out of revoked");

            client.send("{\"action\":\"leave\",\"room\":\"revoked\"}");
            assertThat(client.awaitAction("error").path("code").asText()).isEqualTo("not_joined");
        }
    }

    @Test
    void whatIsWrongIsSaidWithItsCure() throws Exception {
        assertThat(run(new SuspendCommand(), 1, "--participant", "a b"))
                .contains("participant must be the id of a user");
        assertThat(run(new SuspendCommand(), 1, "--participant", "bob", "--minutes", "0"))
                .contains("minutes must be a whole number within 1 and 525600");
        assertThat(run(new RevokeCommand(), 1, "--participant", "bob", "--room", "a/b"))
                .contains("room must be");
        assertThat(run(new SuspendCommand(), 2)).contains("--participant");
    }

    @Test
    void aUserSignsInWithThePasswordThatTheStackGave(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("login.json");
        InputStream in = System.in;
        try {
            System.setIn(new ByteArrayInputStream(
                    (stack.credentials().alicePassword() + "\n").getBytes(StandardCharsets.UTF_8)));
            assertThat(run(new LoginCommand(), 0, "--user", "alice", "--file", file.toString()))
                    .contains("alice is signed in until")
                    .doesNotContain(stack.credentials().alicePassword());
        } finally {
            System.setIn(in);
        }
        String token = new ObjectMapper()
                .readTree(Files.readString(file))
                .path("accessToken")
                .asText();
        RawClient.connect(stack.credentials(), token).close();
    }

    private static String run(ParleySubcommand subcommand, int status, String... arguments) {
        StringWriter said = new StringWriter();
        CommandLine line = new CommandLine(subcommand)
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .setExecutionExceptionHandler((failure, command, result) -> {
                    command.getErr().println(failure.getMessage());
                    return 1;
                });
        assertThat(line.execute(arguments)).as(said.toString()).isEqualTo(status);
        return said.toString();
    }
}
