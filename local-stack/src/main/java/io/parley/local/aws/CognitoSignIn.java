package io.parley.local.aws;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClientBuilder;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AuthFlowType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AuthenticationResultType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ChallengeNameType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InitiateAuthResponse;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidParameterException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.PasswordResetRequiredException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotConfirmedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotFoundException;

/**
 * Signs a user in at a Cognito user pool, as an app client without a secret that allows USER_PASSWORD_AUTH and
 * REFRESH_TOKEN_AUTH. Needs no AWS credentials. What goes wrong is an {@link IllegalStateException} that says what to
 * do; no message repeats a password or a token. Blocks.
 */
public final class CognitoSignIn {

    private final Region region;
    private final URI endpoint;
    private final String clientId;

    /** @param endpoint null for AWS's own */
    public CognitoSignIn(String region, URI endpoint, String clientId) {
        this.region = Region.of(region);
        this.endpoint = endpoint;
        this.clientId = Objects.requireNonNull(clientId);
    }

    /**
     * What Cognito gave.
     *
     * @param refreshToken null where it gave no new one
     */
    public record Tokens(String accessToken, String refreshToken, int expiresInSeconds) {}

    public Tokens signIn(String username, String password) {
        return call(
                AuthFlowType.USER_PASSWORD_AUTH,
                Map.of("USERNAME", username, "PASSWORD", password),
                "wrong user name or password");
    }

    public Tokens refresh(String refreshToken) {
        return call(
                AuthFlowType.REFRESH_TOKEN_AUTH,
                Map.of("REFRESH_TOKEN", refreshToken),
                "the login has ended: sign in again with ./parley login");
    }

    private Tokens call(AuthFlowType flow, Map<String, String> parameters, String notAuthorized) {
        try (CognitoIdentityProviderClient cognito = client()) {
            InitiateAuthResponse answer = cognito.initiateAuth(
                    auth -> auth.clientId(clientId).authFlow(flow).authParameters(parameters));
            AuthenticationResultType result = answer.authenticationResult();
            if (result == null) {
                throw new IllegalStateException(challenge(answer));
            }
            return new Tokens(result.accessToken(), result.refreshToken(), result.expiresIn());
        } catch (NotAuthorizedException | UserNotFoundException e) {
            throw new IllegalStateException(notAuthorized);
        } catch (UserNotConfirmedException e) {
            throw new IllegalStateException(
                    "the user is not confirmed yet: confirm it with the code that Cognito sent");
        } catch (PasswordResetRequiredException e) {
            throw new IllegalStateException("the password has to be reset first: ask the operator");
        } catch (ResourceNotFoundException e) {
            throw new IllegalStateException(
                    "there is no app client " + clientId + " in " + region + ": look at --client-id and --region");
        } catch (InvalidParameterException e) {
            throw new IllegalStateException("the app client does not allow this: it needs the flows"
                    + " ALLOW_USER_PASSWORD_AUTH and ALLOW_REFRESH_TOKEN_AUTH (Cognito says: "
                    + e.awsErrorDetails().errorMessage() + ")");
        } catch (AwsServiceException e) {
            throw new IllegalStateException(
                    "Cognito refused: " + e.awsErrorDetails().errorMessage());
        } catch (SdkClientException e) {
            throw new IllegalStateException("Cognito could not be reached: " + e.getMessage());
        }
    }

    private static String challenge(InitiateAuthResponse answer) {
        return answer.challengeName() == ChallengeNameType.NEW_PASSWORD_REQUIRED
                ? "the password is a temporary one: choose a new one first (where the game signs in), or let the operator"
                        + " set one with aws cognito-idp admin-set-user-password --permanent"
                : "Cognito asks for " + answer.challengeNameAsString()
                        + ", which ./parley login cannot answer: use an account without";
    }

    private CognitoIdentityProviderClient client() {
        CognitoIdentityProviderClientBuilder builder = CognitoIdentityProviderClient.builder()
                .region(region)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClient(UrlConnectionHttpClient.create());
        return endpoint == null
                ? builder.build()
                : builder.endpointOverride(endpoint).build();
    }
}
