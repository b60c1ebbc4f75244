package io.parley.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.options.OptionException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TicketVerifierTest {

    private static final String AUDIENCE = "parley-eu";
    private static final ECKey KEY = newKey("game-1");

    private final MovableClock clock = new MovableClock();
    private final TicketVerifier verifier = verifier(jwks(KEY));

    @Test
    void grantsWhatTheTicketSaysAndNothingElse() {
        RoomTicket ticket = verify(sign(claims().claim("publish", true).claim("moderate", false), KEY));

        assertThat(ticket.id()).isEqualTo("ticket-1");
        assertThat(ticket.participant()).isEqualTo("ann");
        assertThat(ticket.room()).isEqualTo("lobby");
        assertThat(ticket.grant().getSpeak()).isTrue();
        assertThat(ticket.grant().getListen()).isFalse();
        assertThat(ticket.grant().getModerate()).isFalse();
        assertThat(ticket.grant().getRecord()).isFalse();
        assertThat(ticket.expiresAtMs()).isEqualTo(MovableClock.START_MS + 60_000);
        assertThat(ticket.grantUntilMs()).isZero();
    }

    @Test
    void readsEachGrantFromItsOwnClaim() {
        assertThat(verify(sign(claims().claim("listen", true), KEY)).grant().getListen())
                .isTrue();
        assertThat(verify(sign(claims().claim("moderate", true), KEY)).grant().getModerate())
                .isTrue();
        assertThat(verify(sign(claims().claim("record", true), KEY)).grant().getRecord())
                .isTrue();
    }

    @Test
    void readsUntilWhenTheMembershipLasts() {
        long untilSeconds = MovableClock.START_MS / 1_000 + 7_200;
        assertThat(verify(sign(claims().claim("grantUntil", untilSeconds), KEY)).grantUntilMs())
                .isEqualTo(untilSeconds * 1_000);
    }

    @Test
    void takesATicketOfTenMinutesAndOfAClockThatIsAheadByHalfAMinute() {
        Date issued = new Date(MovableClock.START_MS + 30_000);
        verify(sign(claims().issueTime(issued).expirationTime(new Date(issued.getTime() + 600_000)), KEY));
    }

    static Stream<Arguments> hostileClaims() {
        long now = MovableClock.START_MS;
        return Stream.of(
                claims("for another room", claims -> claims.claim("room", "arena")),
                claims("for no room", claims -> claims.claim("room", null)),
                claims("for a list of rooms", claims -> claims.claim("room", List.of("lobby"))),
                claims("of another user", claims -> claims.subject("bob")),
                claims("of no user", claims -> claims.subject(null)),
                claims("for another deployment", claims -> claims.audience("parley-us")),
                claims("for no deployment", claims -> claims.audience((String) null)),
                claims("without issuer", claims -> claims.issuer(null)),
                claims("without jti", claims -> claims.jwtID(null)),
                claims("with a jti that is a key", claims -> claims.jwtID("a#b")),
                claims("with a long jti", claims -> claims.jwtID("j".repeat(129))),
                claims("without exp", claims -> claims.expirationTime(null)),
                claims("without iat", claims -> claims.issueTime(null)),
                claims("of over ten minutes", claims -> claims.expirationTime(new Date(now + 601_000))),
                claims(
                        "of ten minutes, issued before its time",
                        claims -> claims.issueTime(new Date(now + 31_000)).expirationTime(new Date(now + 60_000))),
                claims(
                        "that ends before it begins",
                        claims -> claims.issueTime(new Date(now)).expirationTime(new Date(now - 1_000))),
                claims("not valid yet", claims -> claims.notBeforeTime(new Date(now + 31_000))),
                claims("with a grant in words", claims -> claims.claim("moderate", "true")),
                claims("with a grant as a number", claims -> claims.claim("publish", 1)),
                claims("with grantUntil in words", claims -> claims.claim("grantUntil", "tomorrow")),
                claims("with grantUntil in milliseconds", claims -> claims.claim("grantUntil", now + 3_600_000)),
                claims("with a huge grantUntil", claims -> claims.claim("grantUntil", 1e300)));
    }

    private static Arguments claims(String name, UnaryOperator<JWTClaimsSet.Builder> change) {
        return Arguments.of(name, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileClaims")
    void refusesATicket(String name, UnaryOperator<JWTClaimsSet.Builder> change) {
        assertRefused(ErrorCode.TICKET_INVALID, sign(change.apply(claims()), KEY));
    }

    @Test
    void saysWhenATicketOrItsGrantHasExpired() {
        String ticket = sign(claims(), KEY);
        verify(ticket);
        assertRefused(
                ErrorCode.TICKET_EXPIRED, sign(claims().claim("grantUntil", MovableClock.START_MS / 1_000 - 1), KEY));
        clock.advance(60_000);
        assertRefused(ErrorCode.TICKET_EXPIRED, ticket);
    }

    @Test
    void refusesAnUnknownKeyAlsoUnderAKnownName() {
        assertRefused(ErrorCode.TICKET_INVALID, sign(claims(), newKey("other")));
        assertRefused(ErrorCode.TICKET_INVALID, sign(claims(), newKey("game-1")));
    }

    @Test
    void refusesATicketThatNamesNoKeyOrBringsItsOwn() throws JOSEException {
        assertRefused(ErrorCode.TICKET_INVALID, sign(new JWSHeader.Builder(JWSAlgorithm.ES256), claims(), KEY));
        ECKey own = newKey("own");
        assertRefused(
                ErrorCode.TICKET_INVALID,
                sign(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("own").jwk(own.toPublicJWK()), claims(), own));
    }

    @Test
    void refusesEveryAlgorithmButEs256() throws JOSEException {
        RSAKey rsa = Issuer.newKey("game-1");
        assertRefused(ErrorCode.TICKET_INVALID, Issuer.sign(claims(), rsa));
        assertRefused(ErrorCode.TICKET_INVALID, new PlainJWT(claims().build()).serialize());
        // Were RS256 taken, its key would be among those that are known.
        TicketVerifier knowsBoth = new TicketVerifier(
                AUDIENCE, new ImmutableJWKSet<>(new JWKSet(List.of(KEY.toPublicJWK(), rsa.toPublicJWK()))), clock);
        assertRefused(knowsBoth, ErrorCode.TICKET_INVALID, signedBy(rsa));
        for (byte[] secret : List.of(
                KEY.toPublicJWK().toJSONString().getBytes(UTF_8),
                KEY.toECPublicKey().getEncoded())) {
            SignedJWT shared = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("game-1").build(), claims().build());
            shared.sign(new MACSigner(secret));
            assertRefused(ErrorCode.TICKET_INVALID, shared.serialize());
        }
    }

    private String signedBy(RSAKey rsa) throws JOSEException {
        SignedJWT ticket = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("game-1").build(), claims().build());
        ticket.sign(new RSASSASigner(rsa));
        return ticket.serialize();
    }

    @Test
    void refusesATicketWhosePartsWereExchanged() {
        String[] speaker = sign(claims().claim("publish", true), KEY).split("\\.");
        String[] moderator = sign(claims().claim("moderate", true), KEY).split("\\.");
        assertRefused(ErrorCode.TICKET_INVALID, speaker[0] + '.' + moderator[1] + '.' + speaker[2]);
        assertRefused(ErrorCode.TICKET_INVALID, speaker[0] + '.' + speaker[1] + '.');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a.b.c",
                "null",
                "{}",
                "\u0000\ud800",
                "e30.e30.e30",
                "====.====.====",
                "bnVsbA.e30.AA"
            })
    void refusesGarbage(String garbage) {
        assertRefused(ErrorCode.TICKET_INVALID, garbage);
    }

    @Test
    void refusesTwentyKilobytesBeforeItReadsThem() {
        assertRefused(ErrorCode.TICKET_INVALID, "x".repeat(20 * 1024));
        String tooLong = sign(claims().claim("more", "x".repeat(20 * 1024)), KEY);
        assertThatThrownBy(() -> verify(tooLong)).hasMessageContaining("characters");
    }

    @Test
    void neverRepeatsATicket() {
        String ticket = sign(claims().subject("bob"), KEY);
        assertThatThrownBy(() -> verify(ticket))
                .hasNoCause()
                .message()
                .doesNotContain(ticket.substring(0, 20))
                .doesNotContain("bob");
    }

    @Test
    void takesTwoKeysWhileTheyRotate() {
        ECKey next = newKey("game-2");
        TicketVerifier both = verifier(jwks(KEY, next));
        both.verify(sign(claims(), KEY), "ann", "lobby");
        both.verify(sign(claims(), next), "ann", "lobby");
        assertRefused(verifier(jwks(next)), ErrorCode.TICKET_INVALID, sign(claims(), KEY));
    }

    @Test
    void fetchesKeysFromAnAddressAndAgainWhenTheyRotated() throws IOException {
        ECKey next = newKey("game-2");
        String[] published = {jwks(KEY)};
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/jwks.json", exchange -> {
            byte[] keys = published[0].getBytes(UTF_8);
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        server.start();
        try {
            TicketVerifier remote =
                    verifier("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks.json");
            remote.verify(sign(claims(), KEY), "ann", "lobby");
            published[0] = jwks(KEY, next);
            remote.verify(sign(claims(), next), "ann", "lobby");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void saysUnavailableWhereTheKeysCannotBeHad() {
        assertRefused(verifier("http://127.0.0.1:1/jwks.json"), ErrorCode.UNAVAILABLE, sign(claims(), KEY));
    }

    @Test
    void stopsTheStartForKeysThatCannotBeRightAndNeverRepeatsThem() throws JOSEException {
        assertNoKeys("ftp://keys.example", "address");
        assertNoKeys("http://keys.example/jwks.json", "https://");
        assertNoKeys("{", "no JWK set");
        assertNoKeys("{\"keys\":[]}", "no key");
        assertNoKeys(jwks(Issuer.newKey("rsa")), "P-256");
        assertNoKeys(jwks(new ECKeyGenerator(Curve.P_384).keyID("p384").generate()), "P-256");
        assertNoKeys(jwks(new ECKeyGenerator(Curve.P_256).generate()), "without kid");
        assertNoKeys(jwks(KEY, newKey("game-1")), "the same");
        assertThatThrownBy(() -> VerificationKeys.ofTickets(new JWKSet(KEY).toString(false)))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("private key")
                .message()
                .doesNotContain(KEY.getD().toString());
    }

    private static void assertNoKeys(String text, String why) {
        assertThatThrownBy(() -> VerificationKeys.ofTickets(text))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("TICKET_JWKS")
                .hasMessageContaining(why);
    }

    private RoomTicket verify(String ticket) {
        return verifier.verify(ticket, "ann", "lobby");
    }

    private void assertRefused(ErrorCode code, String ticket) {
        assertRefused(verifier, code, ticket);
    }

    private static void assertRefused(TicketVerifier verifier, ErrorCode code, String ticket) {
        assertThatThrownBy(() -> verifier.verify(ticket, "ann", "lobby"))
                .isInstanceOfSatisfying(
                        ParleyException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private TicketVerifier verifier(String jwksOrAddress) {
        return new TicketVerifier(AUDIENCE, VerificationKeys.ofTickets(jwksOrAddress), clock);
    }

    /** A ticket of a minute. */
    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("the-game")
                .audience(AUDIENCE)
                .jwtID("ticket-1")
                .subject("ann")
                .claim("room", "lobby")
                .issueTime(new Date(MovableClock.START_MS))
                .expirationTime(new Date(MovableClock.START_MS + 60_000));
    }

    private static ECKey newKey(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String jwks(JWK... keys) {
        return new JWKSet(List.of(keys)).toString(true);
    }

    private static String sign(JWTClaimsSet.Builder claims, ECKey key) {
        return sign(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()), claims, key);
    }

    private static String sign(JWSHeader.Builder header, JWTClaimsSet.Builder claims, ECKey key) {
        try {
            SignedJWT ticket = new SignedJWT(header.build(), claims.build());
            ticket.sign(new ECDSASigner(key));
            return ticket.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
