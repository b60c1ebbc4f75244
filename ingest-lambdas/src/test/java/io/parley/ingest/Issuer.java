package io.parley.ingest;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer on loopback with a key that can be rotated. */
final class Issuer implements AutoCloseable {

    static final String CLIENT = "game";

    final AtomicInteger fetches = new AtomicInteger();
    private final HttpServer server;
    private final MovableClock clock;
    private volatile RSAKey key;
    private volatile boolean away;

    Issuer(MovableClock clock) throws IOException {
        this.clock = clock;
        rotate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/pool/.well-known/jwks.json", exchange -> {
            fetches.incrementAndGet();
            byte[] keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(away ? 503 : 200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        server.start();
    }

    void rotate() {
        key = newKey("key-" + System.nanoTime());
    }

    void goAway() {
        away = true;
    }

    static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/pool";
    }

    TokenVerifier verifier() {
        URI address = URI.create(uri() + "/.well-known/jwks.json");
        return new TokenVerifier(uri(), CLIENT, VerificationKeys.at(address), clock);
    }

    /** Has the keys of now, and asks nobody. */
    TokenVerifier verifierOffline() {
        return new TokenVerifier(uri(), CLIENT, new ImmutableJWKSet<>(new JWKSet(key.toPublicJWK())), clock);
    }

    RSAKey key() {
        return key;
    }

    /** What the issuer would put into a good token; valid for an hour. */
    JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(uri())
                .subject("2b1c-ann")
                .claim("client_id", CLIENT)
                .claim("token_use", "access")
                .claim("username", "ann")
                .issueTime(new Date(clock.millis()))
                .expirationTime(new Date(clock.millis() + 3_600_000));
    }

    String token() {
        return sign(claims(), key);
    }

    static String sign(JWTClaimsSet.Builder claims, RSAKey key) {
        return sign(claims, key, JWSAlgorithm.RS256);
    }

    static String sign(JWTClaimsSet.Builder claims, RSAKey key, JWSAlgorithm algorithm) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), claims.build());
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
