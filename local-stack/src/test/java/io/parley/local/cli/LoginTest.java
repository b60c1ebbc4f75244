package io.parley.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import io.parley.local.cognito.CognitoEndpoint;
import io.parley.local.cognito.UserPool;
import io.parley.local.contract.Endpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LoginTest {

    private static final String REGION = "eu-central-1";
    private static final String CLIENT = "client";

    private final Clock clock = Clock.systemUTC();
    private final Clock inAnHour = Clock.offset(clock, Duration.ofMinutes(59).plusSeconds(30));

    @TempDir
    Path folder;

    private Endpoint endpoint;
    private UserPool users;

    @BeforeEach
    void open() {
        users = new UserPool(
                clock, "eu-central-1_parley", CLIENT, () -> endpoint.uri().toString());
        users.createUser("ada", "Correct-Horse-1");
        CognitoEndpoint cognito = new CognitoEndpoint(users);
        endpoint = Endpoint.local(vertx -> List.of(cognito));
    }

    @AfterEach
    void close() {
        endpoint.close();
    }

    @Test
    void getsAnAccessTokenForAPassword() throws Exception {
        Login login = signIn("ada", "Correct-Horse-1");

        assertThat(SignedJWT.parse(login.accessToken()).getJWTClaimsSet().getClaim("token_use"))
                .isEqualTo("access");
        assertThat(login.expiresAtMs()).isGreaterThan(clock.millis());
        assertThat(login.fresh(clock)).isSameAs(login);
        assertThat(login.toString()).doesNotContain(login.accessToken()).doesNotContain(login.refreshToken());
    }

    @Test
    void isKeptInAFileThatNobodyElseCanRead() throws Exception {
        Path file = folder.resolve("parley/login.json");
        Login login = signIn("ada", "Correct-Horse-1");
        login.write(file);

        assertThat(Login.read(file)).isEqualTo(login);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(file).content().doesNotContain("Correct-Horse-1");
    }

    @Test
    void refreshesATokenThatExpires() throws Exception {
        Login login = signIn("ada", "Correct-Horse-1");
        Login fresh = login.fresh(inAnHour);

        assertThat(fresh.accessToken()).isNotEqualTo(login.accessToken());
        assertThat(fresh.refreshToken()).isEqualTo(login.refreshToken());
        assertThat(fresh.expiresAtMs()).isGreaterThan(login.expiresAtMs());
    }

    @Test
    void saysThatALoginHasEnded() {
        Login login = signIn("ada", "Correct-Horse-1");
        users.createUser("ada", "Another-Horse-2");
        assertThatThrownBy(() -> login.fresh(inAnHour))
                .hasMessageContaining("the login has ended")
                .message()
                .doesNotContain(login.refreshToken());
    }

    @Test
    void saysWhatIsWrongAndNeverThePassword() {
        users.createUser("new", "Temporary-1");
        users.requireNewPassword("new");

        assertProblem("wrong user name or password", () -> signIn("ada", "Wrong-Horse-1"));
        assertProblem("wrong user name or password", () -> signIn("eve", "Wrong-Horse-1"));
        assertProblem("the password is a temporary one", () -> signIn("new", "Temporary-1"));
        assertProblem(
                "there is no app client stranger",
                () -> Login.signIn(REGION, endpoint.uri().toString(), "stranger", "ada", "Wrong-Horse-1", clock));
        assertProblem(
                "Cognito could not be reached",
                () -> Login.signIn(REGION, "http://127.0.0.1:1", CLIENT, "ada", "Wrong-Horse-1", clock));
    }

    private static void assertProblem(String text, ThrowingCallable signIn) {
        assertThatThrownBy(signIn)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(text)
                .message()
                .doesNotContain("Wrong-Horse-1")
                .doesNotContain("Temporary-1");
    }

    @Test
    void saysWhoeverIsNotSignedInToSignInAndRepeatsNothingOfABrokenFile() throws IOException {
        assertThatThrownBy(() -> Login.read(folder.resolve("none.json"))).hasMessageContaining("./parley login");
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"accessToken\":\"secret\", oops");
        assertThatThrownBy(() -> Login.read(broken))
                .hasMessageContaining("./parley login")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void asksForWhatIsMissing() throws Exception {
        String home = System.setProperty("parley.home", folder.toString());
        InputStream in = System.in;
        try {
            assertThat(run("--user", "ada")).contains("./parley up", "--client-id");
            assertThat(run("--user", "ada", "--client-id", CLIENT)).contains("--region");
            System.setIn(new ByteArrayInputStream("\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(run("--user", "ada", "--client-id", CLIENT, "--region", REGION))
                    .contains("no password");
        } finally {
            System.setIn(in);
            if (home == null) {
                System.clearProperty("parley.home");
            } else {
                System.setProperty("parley.home", home);
            }
        }
    }

    private static String run(String... arguments) {
        StringWriter error = new StringWriter();
        CommandLine line = new CommandLine(new LoginCommand()).setErr(new PrintWriter(error));
        assertThat(line.execute(arguments)).isNotZero();
        return error.toString();
    }

    private Login signIn(String user, String password) {
        return Login.signIn(REGION, endpoint.uri().toString(), CLIENT, user, password, clock);
    }
}
