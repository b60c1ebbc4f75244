package io.parley.local.cognito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.parley.local.edge.AwsException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserPoolTest {

    private final SetClock clock = new SetClock();
    private final UserPool pool = new UserPool(clock, "eu-central-1_parley", "client", () -> "http://127.0.0.1:4566");

    @Test
    void anOldKeyIsPublishedUntilItsLastTokenExpires() throws Exception {
        pool.createUser("ada", "secret");
        SignedJWT old = SignedJWT.parse(pool.accessToken("ada", Duration.ofMinutes(30)));
        clock.now = clock.now.plus(Duration.ofMinutes(10));

        pool.rotateKeys();
        SignedJWT fresh = SignedJWT.parse(pool.accessToken("ada"));

        assertThat(fresh.getHeader().getKeyID()).isNotEqualTo(old.getHeader().getKeyID());
        assertThat(keyIds())
                .containsExactly(fresh.getHeader().getKeyID(), old.getHeader().getKeyID());
        assertThat(verifies(old)).isTrue();
        assertThat(verifies(fresh)).isTrue();
        clock.now = clock.now.plus(Duration.ofMinutes(20)).minusMillis(1);
        assertThat(keyIds()).hasSize(2);
        clock.now = clock.now.plusMillis(1);
        assertThat(keyIds()).containsExactly(fresh.getHeader().getKeyID());
        clock.now = clock.now.plus(Duration.ofDays(30));
        assertThat(keyIds()).containsExactly(fresh.getHeader().getKeyID());
    }

    @Test
    void aKeyThatSignedNothingGoesAtOnce() {
        pool.rotateKeys();

        assertThat(keyIds()).hasSize(1);
    }

    @Test
    void publishesNoPrivateKey() {
        assertThat(pool.jwks().getKeys()).noneMatch(JWK::isPrivate);
        assertThat(pool.jwks().toString())
                .contains("\"kid\"")
                .contains("\"use\":\"sig\"")
                .doesNotContain("\"d\"");
    }

    @Test
    void theIssuerIsAskedForWhenATokenIsMade() throws Exception {
        String[] base = {"unknown"};
        UserPool late = new UserPool(clock, "eu-central-1_late", "client", () -> base[0]);
        late.createUser("ada", "secret");

        base[0] = "http://127.0.0.1:1234";

        assertThat(SignedJWT.parse(late.accessToken("ada")).getJWTClaimsSet().getIssuer())
                .isEqualTo("http://127.0.0.1:1234/eu-central-1_late");
    }

    @Test
    void aRefreshedTokenKeepsTheSignInsTime() throws Exception {
        pool.createUser("ada", "secret");
        Authentication signedIn = pool.signIn("ada", "secret");
        String refreshToken = pool.refreshToken(signedIn);
        clock.now = clock.now.plus(Duration.ofHours(5));

        JWTClaimsSet claims = SignedJWT.parse(pool.accessToken(pool.refresh(refreshToken), UserPool.TOKEN_LIFETIME))
                .getJWTClaimsSet();

        assertThat(claims.getLongClaim("auth_time")).isEqualTo(signedIn.at().getEpochSecond());
        assertThat(claims.getStringClaim("origin_jti")).isEqualTo(signedIn.originId());
        assertThat(claims.getIssueTime().toInstant()).isEqualTo(clock.now);
    }

    @Test
    void aRefreshTokenEndsAfterThirtyDaysOrWithItsUser() {
        pool.createUser("ada", "secret");
        String refreshToken = pool.refreshToken(pool.signIn("ada", "secret"));
        clock.now = clock.now.plus(Duration.ofDays(30)).minusMillis(1);
        assertThat(pool.refresh(refreshToken).user().username()).isEqualTo("ada");

        clock.now = clock.now.plusMillis(1);
        assertNotAuthorized(() -> pool.refresh(refreshToken), "Refresh Token has expired");

        String another = pool.refreshToken(pool.signIn("ada", "secret"));
        pool.createUser("ada", "other");
        assertNotAuthorized(() -> pool.refresh(another), "Invalid Refresh Token");
    }

    @Test
    void refusesTokensThatAreExpiredForgedOrOfAnotherKind() throws Exception {
        pool.createUser("ada", "secret");
        String token = pool.accessToken("ada");
        assertThat(pool.verify(token).username()).isEqualTo("ada");

        RSAKey stranger = new RSAKeyGenerator(2048).keyID(keyIds().get(0)).generate();
        SignedJWT forged = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(stranger.getKeyID())
                        .build(),
                SignedJWT.parse(token).getJWTClaimsSet());
        forged.sign(new RSASSASigner(stranger));
        assertNotAuthorized(() -> pool.verify(forged.serialize()), "Invalid Access Token");
        assertNotAuthorized(
                () -> pool.verify(pool.idToken(pool.signIn("ada", "secret"), UserPool.TOKEN_LIFETIME)),
                "Invalid Access Token");
        clock.now = clock.now.plus(UserPool.TOKEN_LIFETIME);
        assertNotAuthorized(() -> pool.verify(token), "Access Token has expired");
    }

    @Test
    void doesNotPrintAPassword() {
        assertThat(pool.createUser("ada", "secret").toString()).contains("ada").doesNotContain("secret");
    }

    private List<String> keyIds() {
        return pool.jwks().getKeys().stream().map(JWK::getKeyID).toList();
    }

    private boolean verifies(SignedJWT token) throws Exception {
        JWK key = pool.jwks().getKeyByKeyId(token.getHeader().getKeyID());
        return token.verify(new RSASSAVerifier(key.toRSAKey()));
    }

    private static void assertNotAuthorized(Runnable call, String message) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(AwsException.class, e -> {
            assertThat(e.code()).isEqualTo("NotAuthorizedException");
            assertThat(e).hasMessage(message);
        });
    }

    private static final class SetClock extends Clock {

        private Instant now = Instant.parse("2026-11-23T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
