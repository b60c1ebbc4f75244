package io.parley.ingest;

import com.amazonaws.services.lambda.runtime.events.APIGatewayCustomAuthorizerEvent;
import com.amazonaws.services.lambda.runtime.events.IamPolicyResponseV1;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.parley.core.port.Suspensions;
import io.parley.core.room.Suspension;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A caller let in: the token's RS256 signature and claims checked, and the policy made; nobody is suspended. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class AuthorizerBenchmark {

    private static final String CLIENT = "game";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    private HttpServer issuer;
    private AuthorizerHandler handler;
    private APIGatewayCustomAuthorizerEvent event;

    @Setup
    public void open() throws Exception {
        RSAKey key = new RSAKeyGenerator(2048).keyID("key-1").generate();
        byte[] keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/keys", exchange -> {
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        issuer.start();
        String address = "http://127.0.0.1:" + issuer.getAddress().getPort();
        IngestMetrics metrics = new IngestMetrics("ingest", CLOCK, line -> {});
        TokenVerifier verifier =
                new TokenVerifier(address, CLIENT, VerificationKeys.at(URI.create(address + "/keys")), CLOCK);
        handler = new AuthorizerHandler(
                new Admission(verifier, new NobodySuspended(), Set.of(), false, metrics), metrics);
        event = new APIGatewayCustomAuthorizerEvent();
        event.setHeaders(Map.of("Authorization", "Bearer " + token(address, key)));
        event.setMethodArn("arn:aws:execute-api:eu-central-1:000000000000:api/prod/$connect");
    }

    @TearDown
    public void close() {
        issuer.stop(0);
    }

    @Benchmark
    public IamPolicyResponseV1 admit() {
        return handler.handleRequest(event, null);
    }

    private static String token(String issuer, RSAKey key) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .subject("2b1c-ann")
                        .claim("client_id", CLIENT)
                        .claim("token_use", "access")
                        .claim("username", "ann")
                        .expirationTime(Date.from(CLOCK.instant().plusSeconds(3_600)))
                        .build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static final class NobodySuspended implements Suspensions {

        @Override
        public Optional<Suspension> find(String participant) {
            return Optional.empty();
        }

        @Override
        public void suspend(String participant, Suspension suspension) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void suspendAtLeast(String participant, Suspension suspension) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean lift(String participant) {
            throw new UnsupportedOperationException();
        }
    }
}
