package io.parley.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.client.VoiceClientOptions;
import io.parley.local.cognito.CognitoEndpoint;
import io.parley.local.cognito.UserPool;
import io.parley.local.contract.Endpoint;
import io.parley.local.stack.DevelopmentCredentials;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class ClientArgumentsTest {

    private final Clock clock = Clock.systemUTC();

    @TempDir
    Path folder;

    @Test
    void takesTheTokenThatLoginKept() throws Exception {
        Path file = folder.resolve("login.json");
        new Login("eu-central-1", "http://127.0.0.1:1", "client", "ada", "kept", "refresh", Long.MAX_VALUE).write(file);

        assertThat(token("--file", file.toString())).isEqualTo("kept");
        assertThat(token("--file", file.toString(), "--token", "named")).isEqualTo("named");
    }

    @Test
    void refreshesAnExpiredTokenAndKeepsWhatItGot() throws Exception {
        Path file = folder.resolve("login.json");
        Endpoint[] endpoint = new Endpoint[1];
        UserPool users = new UserPool(
                clock, "eu-central-1_parley", "client", () -> endpoint[0].uri().toString());
        users.createUser("ada", "Correct-Horse-1");
        endpoint[0] = Endpoint.local(vertx -> List.of(new CognitoEndpoint(users)));
        try (Endpoint cognito = endpoint[0]) {
            Login login =
                    Login.signIn("eu-central-1", cognito.uri().toString(), "client", "ada", "Correct-Horse-1", clock);
            new Login(
                            login.region(),
                            login.endpoint(),
                            login.clientId(),
                            login.username(),
                            "expired",
                            login.refreshToken(),
                            1)
                    .write(file);

            String token = token("--file", file.toString());
            assertThat(token).isNotEqualTo("expired").isEqualTo(Login.read(file).accessToken());
            assertThat(Login.read(file).refreshToken()).isEqualTo(login.refreshToken());
            assertThat(token("--file", file.toString())).isEqualTo(token);
        }
    }

    @Test
    void saysThatALoginCannotBeRefreshed() throws Exception {
        Path file = folder.resolve("login.json");
        new Login("eu-central-1", "http://127.0.0.1:1", "client", "ada", "expired", "refresh", 1).write(file);

        assertThatThrownBy(() -> token("--file", file.toString()))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("Cognito could not be reached")
                .hasMessageContaining("--token");
    }

    @Test
    void takesTheRoomTicketThatIsNamed() throws Exception {
        assertThat(options("--token", "named", "--ticket", "ticket")
                        .tickets()
                        .ticket("lobby")
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS))
                .isEqualTo("ticket");
        assertThat(options("--token", "named").tickets()).isNull();
    }

    private static String token(String... arguments) throws Exception {
        return options(arguments).tokens().token().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static VoiceClientOptions options(String... arguments) {
        Client client = new Client();
        CommandLine line = new CommandLine(client);
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(
                new String[] {"--url", "wss://voice.example/prod", "--api-key", "k"}, 0, all, arguments.length, 4);
        line.parseArgs(all);
        return client.arguments.resolve(DevelopmentCredentials::aliceToken, line.getCommandSpec());
    }

    @Command(name = "client")
    private static final class Client {
        @Mixin
        private ClientArguments arguments;
    }
}
