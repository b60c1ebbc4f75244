package io.parley.local.cognito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.parley.local.contract.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AuthFlowType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AuthenticationResultType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ChallengeNameType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InitiateAuthResponse;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotFoundException;

/**
 * What our user pool and others' agree on: a user ada with the password Correct-Horse-1 in the group moderators, and a
 * user new with the same password, which is temporary.
 */
abstract class CognitoContractTest {

    static final String PASSWORD = "Correct-Horse-1";

    private Endpoint endpoint;
    private CognitoIdentityProviderClient cognito;
    private Pool pool;

    /** A pool and its client. */
    record Pool(String id, String clientId) {}

    abstract Endpoint open();

    /** Makes the pool with the user. */
    abstract Pool create(CognitoIdentityProviderClient admin);

    @BeforeEach
    void createPool() {
        endpoint = open();
        cognito = endpoint.client(CognitoIdentityProviderClient.builder().httpClient(UrlConnectionHttpClient.create()));
        pool = create(cognito);
    }

    @AfterEach
    void close() {
        if (cognito != null) {
            cognito.close();
            endpoint.close();
        }
    }

    @Test
    void givesAUserTokensForItsPassword() throws Exception {
        AuthenticationResultType result = signIn("ada", PASSWORD);

        assertThat(result.tokenType()).isEqualTo("Bearer");
        assertThat(result.expiresIn()).isEqualTo(3600);
        assertThat(result.refreshToken()).isNotBlank();
        JWTClaimsSet access = SignedJWT.parse(result.accessToken()).getJWTClaimsSet();
        assertThat(access.getStringClaim("token_use")).isEqualTo("access");
        assertThat(access.getStringClaim("client_id")).isEqualTo(pool.clientId());
        assertThat(access.getStringClaim("username")).isEqualTo("ada");
        assertThat(access.getStringListClaim("cognito:groups")).containsExactly("moderators");
        assertThat(access.getIssuer()).endsWith("/" + pool.id());
        assertThat(access.getSubject()).hasSize(36);
        assertThat(access.getJWTID()).isNotBlank();
        assertThat(Duration.between(
                        access.getIssueTime().toInstant(),
                        access.getExpirationTime().toInstant()))
                .isEqualTo(Duration.ofHours(1));
        assertThat(access.getLongClaim("auth_time"))
                .isLessThanOrEqualTo(access.getIssueTime().toInstant().getEpochSecond());
        JWTClaimsSet id = SignedJWT.parse(result.idToken()).getJWTClaimsSet();
        assertThat(id.getStringClaim("token_use")).isEqualTo("id");
        assertThat(id.getAudience()).containsExactly(pool.clientId());
        assertThat(id.getStringClaim("cognito:username")).isEqualTo("ada");
        assertThat(id.getSubject()).isEqualTo(access.getSubject());
    }

    @Test
    void publishesTheKeyThatSigned() throws Exception {
        SignedJWT token = SignedJWT.parse(signIn("ada", PASSWORD).accessToken());

        JWKSet keys = JWKSet.load(endpoint.uri()
                .resolve("/" + pool.id() + "/.well-known/jwks.json")
                .toURL());

        assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo("RS256");
        assertThat(token.verify(new RSASSAVerifier(
                        keys.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey())))
                .isTrue();
    }

    @Test
    void givesNewTokensForARefreshToken() throws Exception {
        AuthenticationResultType first = signIn("ada", PASSWORD);

        AuthenticationResultType second =
                authenticate(AuthFlowType.REFRESH_TOKEN_AUTH, Map.of("REFRESH_TOKEN", first.refreshToken()));

        assertThat(second.refreshToken()).isNull();
        JWTClaimsSet before = SignedJWT.parse(first.accessToken()).getJWTClaimsSet();
        JWTClaimsSet after = SignedJWT.parse(second.accessToken()).getJWTClaimsSet();
        assertThat(after.getSubject()).isEqualTo(before.getSubject());
        assertThat(after.getJWTID()).isNotEqualTo(before.getJWTID());
    }

    @Test
    void tellsAWrongPasswordFromAnUnknownUser() {
        assertThatThrownBy(() -> signIn("ada", "wrong"))
                .isInstanceOf(NotAuthorizedException.class)
                .hasMessageContaining("Incorrect username or password.");
        assertThatThrownBy(() -> signIn("eve", PASSWORD))
                .isInstanceOf(UserNotFoundException.class)
                .hasMessageContaining("User does not exist.");
    }

    @Test
    void asksForANewPasswordInThePlaceOfATemporaryOne() {
        InitiateAuthResponse answer = cognito.initiateAuth(r -> r.clientId(pool.clientId())
                .authFlow(AuthFlowType.USER_PASSWORD_AUTH)
                .authParameters(Map.of("USERNAME", "new", "PASSWORD", PASSWORD)));

        assertThat(answer.challengeName()).isEqualTo(ChallengeNameType.NEW_PASSWORD_REQUIRED);
        assertThat(answer.session()).isNotBlank();
        assertThat(answer.authenticationResult()).isNull();
    }

    @Test
    void knowsNoOtherClientAndNoMadeUpRefreshToken() {
        assertThatThrownBy(() -> cognito.initiateAuth(r -> r.clientId("stranger")
                        .authFlow(AuthFlowType.USER_PASSWORD_AUTH)
                        .authParameters(Map.of("USERNAME", "ada", "PASSWORD", PASSWORD))))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> authenticate(AuthFlowType.REFRESH_TOKEN_AUTH, Map.of("REFRESH_TOKEN", "made-up")))
                .isInstanceOf(NotAuthorizedException.class);
    }

    @Test
    void saysWhoseAnAccessTokenIs() throws Exception {
        String token = signIn("ada", PASSWORD).accessToken();
        String sub = SignedJWT.parse(token).getJWTClaimsSet().getSubject();

        var user = cognito.getUser(r -> r.accessToken(token));

        assertThat(user.username()).isEqualTo("ada");
        assertThat(user.userAttributes())
                .anySatisfy(attribute ->
                        assertThat(List.of(attribute.name(), attribute.value())).containsExactly("sub", sub));
        assertThatThrownBy(() -> cognito.getUser(r -> r.accessToken("a.b.c")))
                .isInstanceOf(NotAuthorizedException.class);
    }

    private AuthenticationResultType signIn(String username, String password) {
        return authenticate(AuthFlowType.USER_PASSWORD_AUTH, Map.of("USERNAME", username, "PASSWORD", password));
    }

    private AuthenticationResultType authenticate(AuthFlowType flow, Map<String, String> parameters) {
        return cognito.initiateAuth(
                        r -> r.clientId(pool.clientId()).authFlow(flow).authParameters(parameters))
                .authenticationResult();
    }
}
