package io.parley.local.cli;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.parley.local.aws.CognitoSignIn;
import io.parley.local.aws.CognitoSignIn.Tokens;
import io.parley.local.stack.PrivateFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * A user who signed in with {@code parley login}, as it is kept in a file that only its owner can read.
 *
 * @param endpoint of Cognito; null for AWS's own
 * @param expiresAtMs of the access token
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Login(
        String region,
        String endpoint,
        String clientId,
        String username,
        String accessToken,
        String refreshToken,
        long expiresAtMs) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final long EARLY_MS = Duration.ofMinutes(1).toMillis();

    static Login signIn(
            String region, String endpoint, String clientId, String username, String password, Clock clock) {
        Tokens tokens = cognito(region, endpoint, clientId).signIn(username, password);
        return new Login(
                region,
                endpoint,
                clientId,
                username,
                tokens.accessToken(),
                tokens.refreshToken(),
                expiry(tokens, clock));
    }

    /** Where a login is kept unless another file is named. */
    static Path defaultFile() {
        String config = System.getenv("XDG_CONFIG_HOME");
        Path folder = config == null || config.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".config")
                : Path.of(config);
        return folder.resolve("parley").resolve("login.json");
    }

    static Login read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("nobody is signed in (" + file + " is not there): ./parley login");
        }
        try {
            return JSON.readValue(Files.readAllBytes(file), Login.class);
        } catch (JacksonException e) {
            // Its message would repeat what is in the file.
            throw new IOException(file + " cannot be read: sign in again with ./parley login");
        }
    }

    void write(Path file) throws IOException {
        PrivateFile.write(file, JSON.writeValueAsBytes(this));
    }

    /** Itself, or refreshed where the access token has expired or will within the minute. Blocks for Cognito. */
    Login fresh(Clock clock) {
        if (clock.millis() < expiresAtMs - EARLY_MS) {
            return this;
        }
        Tokens tokens = cognito(region, endpoint, clientId).refresh(refreshToken);
        return new Login(
                region,
                endpoint,
                clientId,
                username,
                tokens.accessToken(),
                tokens.refreshToken() == null ? refreshToken : tokens.refreshToken(),
                expiry(tokens, clock));
    }

    private static long expiry(Tokens tokens, Clock clock) {
        return clock.millis() + Duration.ofSeconds(tokens.expiresInSeconds()).toMillis();
    }

    private static CognitoSignIn cognito(String region, String endpoint, String clientId) {
        return new CognitoSignIn(region, endpoint == null ? null : URI.create(endpoint), clientId);
    }

    @Override
    public String toString() {
        // The tokens must not get into a log.
        return "Login[" + username + ", " + clientId + "]";
    }
}
