package io.parley.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.APIGatewayCustomAuthorizerEvent;
import com.amazonaws.services.lambda.runtime.events.IamPolicyResponseV1;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.parley.core.error.ParleyException;
import io.parley.core.room.Suspension;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AuthorizerHandlerTest {

    private static final String ARN = "arn:aws:execute-api:eu-central-1:000000000000:api/prod/$connect";

    private final MovableClock clock = new MovableClock();
    private final FakeUsers users = new FakeUsers(Map.of());
    private Issuer issuer;
    private AuthorizerHandler handler;

    @BeforeEach
    void open() throws IOException {
        issuer = new Issuer(clock);
        IngestMetrics metrics = new IngestMetrics("ingest", clock, line -> {});
        handler = new AuthorizerHandler(
                new Admission(
                        issuer.verifier(),
                        users,
                        Set.of("https://play.example", "http://localhost:8080"),
                        false,
                        metrics),
                metrics);
    }

    @AfterEach
    void close() {
        issuer.close();
    }

    @Test
    void letsAUserInByTheAuthorizationHeader() {
        IamPolicyResponseV1 answer = authorize(Map.of("authorization", "Bearer " + issuer.token(), "X-API-Key", "k1"));

        assertThat(effect(answer)).isEqualTo("Allow");
        assertThat(resources(answer)).containsExactly(ARN);
        assertThat(answer.getPrincipalId()).isEqualTo("2b1c-ann");
        assertThat(answer.getUsageIdentifierKey()).isEqualTo("k1");
        assertThat(answer.getContext())
                .containsEntry("participant", "2b1c-ann")
                .containsEntry("tokenExpiresAt", String.valueOf(MovableClock.START_MS + 3_600_000));
    }

    @Test
    void letsABrowserInBySubprotocolAndQuery() {
        APIGatewayCustomAuthorizerEvent event = event(Map.of(
                "Sec-WebSocket-Protocol", "parley.v1, bearer." + issuer.token(), "Origin", "https://play.example"));
        event.setQueryStringParameters(Map.of("x-api-key", "k1"));

        IamPolicyResponseV1 answer = handler.handleRequest(event, null);
        assertThat(effect(answer)).isEqualTo("Allow");
        assertThat(answer.getUsageIdentifierKey()).isEqualTo("k1");
    }

    @Test
    void takesTheSameTokenTwiceButNotTwoDifferentOnes() {
        String token = issuer.token();
        Map<String, String> headers = headers(token);
        headers.put("Sec-WebSocket-Protocol", "parley.v1, bearer." + token);
        assertThat(effect(authorize(headers))).isEqualTo("Allow");

        headers.put(
                "Sec-WebSocket-Protocol",
                "parley.v1, bearer." + Issuer.sign(issuer.claims().subject("eve"), issuer.key()));
        assertUnauthorized(headers);
        headers.remove("Authorization");
        headers.put("Sec-WebSocket-Protocol", "bearer." + token + ", bearer." + token + "x");
        assertUnauthorized(headers);
    }

    static Stream<Arguments> wrongClaims() {
        return Stream.of(
                claims("another issuer", claims -> claims.issuer("https://elsewhere.example")),
                claims("no issuer", claims -> claims.issuer(null)),
                claims("another client", claims -> claims.claim("client_id", "other")),
                claims(
                        "an audience instead of a client",
                        claims -> claims.claim("client_id", null).audience(Issuer.CLIENT)),
                claims("an id token", claims -> claims.claim("token_use", "id")),
                claims("no use", claims -> claims.claim("token_use", null)),
                claims("expired", claims -> claims.expirationTime(new Date(MovableClock.START_MS))),
                claims("no expiry", claims -> claims.expirationTime(null)),
                claims("not yet valid", claims -> claims.notBeforeTime(new Date(MovableClock.START_MS + 60_000))),
                claims("no subject", claims -> claims.subject(null)),
                claims("a client of the original protocol", claims -> claims.subject("seed-c1")),
                claims("a path as subject", claims -> claims.subject("../ann")),
                claims("a long subject", claims -> claims.subject("a".repeat(129))));
    }

    private static Arguments claims(String name, UnaryOperator<JWTClaimsSet.Builder> change) {
        return Arguments.of(name, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongClaims")
    void refusesATokenWithWrongClaims(String name, UnaryOperator<JWTClaimsSet.Builder> change) {
        assertUnauthorized(headers(Issuer.sign(change.apply(issuer.claims()), issuer.key())));
    }

    @Test
    void refusesATokenThatExpires() {
        String token = issuer.token();
        assertThat(effect(authorize(headers(token)))).isEqualTo("Allow");
        clock.advance(3_600_000);
        assertUnauthorized(headers(token));
    }

    @Test
    void refusesEveryAlgorithmButRs256() throws JOSEException {
        assertUnauthorized(headers(Issuer.sign(issuer.claims(), issuer.key(), JWSAlgorithm.RS512)));
        assertUnauthorized(headers(Issuer.sign(issuer.claims(), issuer.key(), JWSAlgorithm.PS256)));
        assertUnauthorized(headers(new PlainJWT(issuer.claims().build()).serialize()));
        SignedJWT shared = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(issuer.key().getKeyID())
                        .build(),
                issuer.claims().build());
        shared.sign(new MACSigner(issuer.key().toPublicJWK().toJSONString().getBytes()));
        assertUnauthorized(headers(shared.serialize()));
    }

    @Test
    void refusesATokenSignedByAnother() {
        RSAKey forged = Issuer.newKey(issuer.key().getKeyID());
        assertUnauthorized(headers(Issuer.sign(issuer.claims(), forged)));
    }

    @Test
    void refusesWhatIsNoToken() {
        assertUnauthorized(Map.of("x-api-key", "k1"));
        assertUnauthorized(headers(""));
        assertUnauthorized(headers("not.a.token"));
        assertUnauthorized(headers("bnVsbA.e30.AA")); // the header is JSON's null
        assertUnauthorized(headers("x".repeat(9_000)));
        assertUnauthorized(Map.of("x-api-key", "k1", "Authorization", "Basic " + issuer.token()));
        assertUnauthorized(Map.of("x-api-key", "k1", "Sec-WebSocket-Protocol", "parley.v1, bearer."));
        assertThatThrownBy(() -> handler.handleRequest(event(null), null)).hasMessage("Unauthorized");
    }

    @Test
    void fetchesTheKeysAgainWhenTheIssuerRotated() {
        assertThat(effect(authorize(headers(issuer.token())))).isEqualTo("Allow");
        assertThat(effect(authorize(headers(issuer.token())))).isEqualTo("Allow");
        assertThat(issuer.fetches).hasValue(1);
        issuer.rotate();

        assertThat(effect(authorize(headers(issuer.token())))).isEqualTo("Allow");
        assertThat(issuer.fetches).hasValue(2);
    }

    @Test
    void doesNotLetUnknownKeysMakeItFetchAgainAndAgain() {
        authorize(headers(issuer.token()));
        for (int i = 0; i < 10; i++) {
            assertUnauthorized(headers(Issuer.sign(issuer.claims(), Issuer.newKey("unknown-" + i))));
        }

        assertThat(issuer.fetches.get()).isLessThanOrEqualTo(3);
        assertThat(effect(authorize(headers(issuer.token())))).isEqualTo("Allow");
    }

    @Test
    void failsWithoutCallingItUnauthorizedWhenTheKeysCannotBeHad() {
        issuer.goAway();
        String token = issuer.token();
        assertThatThrownBy(() -> authorize(headers(token)))
                .isInstanceOf(IllegalStateException.class)
                .message()
                .isNotEqualTo("Unauthorized")
                .doesNotContain(token);
    }

    @Test
    void turnsAwayWhoHasNoApiKey() {
        IamPolicyResponseV1 answer = authorize(Map.of("Authorization", "Bearer " + issuer.token()));
        assertThat(effect(answer)).isEqualTo("Deny");
        assertThat(answer.getContext()).isEmpty();
        assertThat(answer.getUsageIdentifierKey()).isNull();
    }

    @Test
    void turnsAwayPagesOfOtherOrigins() {
        for (String origin :
                List.of("https://evil.example", "null", "https://play.example.evil", "http://play.example")) {
            Map<String, String> headers = headers(issuer.token());
            headers.put("origin", origin);
            assertThat(effect(authorize(headers))).as(origin).isEqualTo("Deny");
        }
        Map<String, String> headers = headers(issuer.token());
        headers.put("origin", "http://localhost:8080");
        assertThat(effect(authorize(headers))).isEqualTo("Allow");
    }

    @Test
    void turnsAwayWhoIsSuspendedAsLongAsTheSuspensionLasts() {
        users.suspended.put("2b1c-ann", new Suspension(0, "shouting"));
        IamPolicyResponseV1 answer = authorize(headers(issuer.token()));
        assertThat(effect(answer)).isEqualTo("Deny");
        assertThat(answer.getContext()).isEmpty();

        users.suspended.clear();
        assertThat(effect(authorize(headers(issuer.token())))).isEqualTo("Allow");
    }

    @Test
    void letsNobodyInWhileItCannotSayWhoIsSuspended() {
        users.away = true;
        assertThatThrownBy(() -> authorize(headers(issuer.token()))).isInstanceOf(ParleyException.class);
    }

    @Test
    void refusesATokenThatBringsItsOwnKey() throws JOSEException {
        RSAKey own = Issuer.newKey("own");
        for (JWSHeader.Builder header : List.of(
                new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(own.toPublicJWK()),
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("own")
                        .jwkURL(URI.create(issuer.uri() + "/elsewhere.json")))) {
            SignedJWT token = new SignedJWT(header.build(), issuer.claims().build());
            token.sign(new RSASSASigner(own));
            assertUnauthorized(headers(token.serialize()));
        }
    }

    @Test
    void refusesHs256WithThePublicKeyInWhateverFormItIsTaken() throws JOSEException {
        RSAKey key = issuer.key();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(key.toRSAPublicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        for (byte[] secret : List.of(
                key.toPublicJWK().toJSONString().getBytes(UTF_8),
                key.toRSAPublicKey().getEncoded(),
                pem.getBytes(UTF_8),
                key.getModulus().decode())) {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .keyID(key.getKeyID())
                            .build(),
                    issuer.claims().build());
            token.sign(new MACSigner(secret));
            assertUnauthorized(headers(token.serialize()));
        }
    }

    @Test
    void logsWhyButNeverATokenOrAKey() throws Exception {
        List<String> tokens = List.of(
                issuer.token(),
                Issuer.sign(issuer.claims().subject("eve"), Issuer.newKey("unknown")),
                Issuer.sign(issuer.claims().expirationTime(new Date(1)), issuer.key()),
                new PlainJWT(issuer.claims().build()).serialize(),
                "garbage-" + "x".repeat(9_000));
        users.suspended.put("2b1c-ann", new Suspension(0, ""));
        String log = CapturedLog.of(() -> {
            for (String token : tokens) {
                for (Map<String, String> headers : List.of(
                        Map.of("Authorization", "Bearer " + token, "x-api-key", "secret-key"),
                        Map.of("Authorization", "Basic " + token, "x-api-key", "secret-key"),
                        Map.of("Sec-WebSocket-Protocol", "parley.v1, bearer." + token, "x-api-key", "secret-key"),
                        Map.of("Authorization", "Bearer " + token, "Sec-WebSocket-Protocol", "bearer." + token + "y"),
                        Map.of("Authorization", "Bearer " + token))) {
                    assertThatCode(() -> authorize(headers)).satisfies(failure -> {
                        if (failure != null) {
                            assertThat(failure).hasMessage("Unauthorized").hasNoCause();
                        }
                    });
                }
            }
        });

        assertThat(log)
                .contains("SUSPENDED is 2b1c-ann")
                .contains("two different tokens")
                .contains("without an API key")
                .doesNotContain("secret-key");
        for (String token : tokens) {
            for (String part : token.split("\\.")) {
                assertThat(log).doesNotContain(part.substring(0, Math.min(20, part.length())));
            }
        }
    }

    private void assertUnauthorized(Map<String, String> headers) {
        assertThatThrownBy(() -> authorize(headers))
                .isExactlyInstanceOf(RuntimeException.class)
                .hasMessage("Unauthorized");
    }

    private IamPolicyResponseV1 authorize(Map<String, String> headers) {
        return handler.handleRequest(event(headers), null);
    }

    private static Map<String, String> headers(String token) {
        return new HashMap<>(Map.of("Authorization", "Bearer " + token, "x-api-key", "k1"));
    }

    private static APIGatewayCustomAuthorizerEvent event(Map<String, String> headers) {
        APIGatewayCustomAuthorizerEvent event = new APIGatewayCustomAuthorizerEvent();
        event.setHeaders(headers);
        event.setMethodArn(ARN);
        return event;
    }

    private static String effect(IamPolicyResponseV1 answer) {
        return (String) statement(answer).get("Effect");
    }

    private static List<String> resources(IamPolicyResponseV1 answer) {
        return List.of((String[]) statement(answer).get("Resource"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> statement(IamPolicyResponseV1 answer) {
        return ((Map<String, Object>[]) answer.getPolicyDocument().get("Statement"))[0];
    }
}
