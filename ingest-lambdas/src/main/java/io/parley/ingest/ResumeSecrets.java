package io.parley.ingest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;

/** The secrets with which a connection may take the place of another: 128 random bits, of which the hash is kept. */
final class ResumeSecrets {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final SecureRandom random;

    ResumeSecrets(SecureRandom random) {
        this.random = Objects.requireNonNull(random);
    }

    String next() {
        byte[] secret = new byte[16];
        random.nextBytes(secret);
        return BASE64.encodeToString(secret);
    }

    static String hash(String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return BASE64.encodeToString(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
