package io.parley.local.cognito;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;
import io.vertx.core.http.HttpMethod;
import java.util.UUID;

/**
 * A {@link UserPool} as Cognito shows it: InitiateAuth (USER_PASSWORD_AUTH, REFRESH_TOKEN_AUTH) and GetUser of the user
 * pools API, and below the issuer {@code /<pool>/.well-known/jwks.json} and {@code openid-configuration}.
 *
 * <p>The edge must be told of the unsigned paths: {@code edge.routeUnsigned(endpoint.path(), endpoint)}.
 */
public final class CognitoEndpoint implements EdgeService {

    private final UserPool pool;

    public CognitoEndpoint(UserPool pool) {
        this.pool = pool;
    }

    @Override
    public String signingName() {
        return "cognito-idp";
    }

    /** Where the issuer's own documents begin. */
    public String path() {
        return "/" + pool.poolId() + "/";
    }

    @Override
    public void handle(EdgeRequest request) {
        if (request.http().method() == HttpMethod.GET) {
            publish(request);
            return;
        }
        JsonNode in = request.tree();
        request.reply(
                switch (request.operation()) {
                    case "InitiateAuth" -> initiateAuth(in);
                    case "GetUser" -> getUser(in);
                    default ->
                        throw new AwsException(
                                400,
                                "UnknownOperationException",
                                "the local user pool does not serve " + request.operation());
                });
    }

    private void publish(EdgeRequest request) {
        String document = request.http().path();
        if (document.equals(path() + ".well-known/jwks.json")) {
            json(request, pool.jwks().toString());
        } else if (document.equals(path() + ".well-known/openid-configuration")) {
            json(request, configuration().toString());
        } else {
            throw new AwsException(404, "ResourceNotFoundException", "there is nothing at " + document);
        }
    }

    private static void json(EdgeRequest request, String document) {
        request.response().putHeader("Content-Type", "application/json").end(document);
    }

    private ObjectNode configuration() {
        ObjectNode configuration = EdgeRequest.object()
                .put("issuer", pool.issuer())
                .put("jwks_uri", pool.issuer() + "/.well-known/jwks.json");
        configuration.putArray("id_token_signing_alg_values_supported").add("RS256");
        configuration.putArray("response_types_supported").add("code").add("token");
        configuration.putArray("subject_types_supported").add("public");
        return configuration;
    }

    private ObjectNode initiateAuth(JsonNode in) {
        String client = in.path("ClientId").asText("");
        if (!client.equals(pool.clientId())) {
            throw new AwsException(400, "ResourceNotFoundException", "User pool client " + client + " does not exist.");
        }
        JsonNode parameters = in.path("AuthParameters");
        String flow = in.path("AuthFlow").asText("");
        return switch (flow) {
            case "USER_PASSWORD_AUTH" -> {
                Authentication signedIn =
                        pool.signIn(parameter(parameters, "USERNAME"), parameter(parameters, "PASSWORD"));
                yield pool.mustChangePassword(signedIn.user())
                        ? newPasswordRequired(signedIn)
                        : tokens(signedIn, pool.refreshToken(signedIn));
            }
            case "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN" ->
                tokens(pool.refresh(parameter(parameters, "REFRESH_TOKEN")), null);
            default ->
                throw new AwsException(400, "InvalidParameterException", flow + " flow not enabled for this client");
        };
    }

    private static ObjectNode newPasswordRequired(Authentication authentication) {
        ObjectNode answer = EdgeRequest.object()
                .put("ChallengeName", "NEW_PASSWORD_REQUIRED")
                .put("Session", UUID.randomUUID().toString());
        answer.putObject("ChallengeParameters")
                .put("USER_ID_FOR_SRP", authentication.user().username())
                .put("requiredAttributes", "[]")
                .put("userAttributes", "{}");
        return answer;
    }

    /** A refresh gives no new refresh token, as without refresh token rotation. */
    private ObjectNode tokens(Authentication authentication, String refreshToken) {
        ObjectNode answer = EdgeRequest.object();
        answer.putObject("ChallengeParameters");
        ObjectNode result = answer.putObject("AuthenticationResult")
                .put("AccessToken", pool.accessToken(authentication, UserPool.TOKEN_LIFETIME))
                .put("IdToken", pool.idToken(authentication, UserPool.TOKEN_LIFETIME))
                .put("TokenType", "Bearer")
                .put("ExpiresIn", UserPool.TOKEN_LIFETIME.toSeconds());
        if (refreshToken != null) {
            result.put("RefreshToken", refreshToken);
        }
        return answer;
    }

    private ObjectNode getUser(JsonNode in) {
        PoolUser user = pool.verify(in.path("AccessToken").asText(""));
        ObjectNode answer = EdgeRequest.object().put("Username", user.username());
        ArrayNode attributes = answer.putArray("UserAttributes");
        attributes.addObject().put("Name", "sub").put("Value", user.sub());
        return answer;
    }

    private static String parameter(JsonNode parameters, String name) {
        String value = parameters.path(name).asText("");
        if (value.isEmpty()) {
            throw new AwsException(400, "InvalidParameterException", "Missing required parameter " + name);
        }
        return value;
    }
}
