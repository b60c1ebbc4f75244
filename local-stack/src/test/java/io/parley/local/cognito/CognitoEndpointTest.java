package io.parley.local.cognito;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.local.contract.Endpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The issuer as a client without an SDK sees it: nothing signed. */
class CognitoEndpointTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private Endpoint endpoint;
    private UserPool pool;

    @BeforeEach
    void start() {
        pool = new UserPool(
                Clock.systemUTC(),
                "eu-central-1_parley",
                "client",
                () -> endpoint.uri().toString());
        CognitoEndpoint cognito = new CognitoEndpoint(pool);
        endpoint = Endpoint.local(vertx -> List.of(cognito), edge -> edge.routeUnsigned(cognito.path(), cognito));
        pool.createUser("ada", "secret");
    }

    @AfterEach
    void close() {
        endpoint.close();
    }

    @Test
    void theConfigurationNamesTheIssuerAndItsKeys() throws Exception {
        JsonNode configuration = get(pool.issuer() + "/.well-known/openid-configuration");

        assertThat(configuration.path("issuer").asText()).isEqualTo(pool.issuer());
        JsonNode keys = get(configuration.path("jwks_uri").asText()).path("keys");
        assertThat(keys).hasSize(1);
        assertThat(keys.get(0).path("kty").asText()).isEqualTo("RSA");
        assertThat(keys.get(0).path("alg").asText()).isEqualTo("RS256");
    }

    @Test
    void answers404BesideIt() throws Exception {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create(pool.issuer() + "/users")).build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(404);
    }

    @Test
    void anUnsignedSignInWorksAndABadOneSaysWhatIsMissing() throws Exception {
        assertThat(initiateAuth("USER_PASSWORD_AUTH", "{\"USERNAME\":\"ada\",\"PASSWORD\":\"secret\"}")
                        .at("/AuthenticationResult/AccessToken")
                        .asText())
                .isNotBlank();
        assertThat(initiateAuth("USER_PASSWORD_AUTH", "{\"USERNAME\":\"ada\"}")
                        .path("message")
                        .asText())
                .isEqualTo("Missing required parameter PASSWORD");
        assertThat(initiateAuth("USER_SRP_AUTH", "{}").path("__type").asText()).isEqualTo("InvalidParameterException");
    }

    private JsonNode get(String uri) throws Exception {
        HttpResponse<String> response =
                http.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private JsonNode initiateAuth(String flow, String parameters) throws Exception {
        String body = "{\"ClientId\":\"client\",\"AuthFlow\":\"" + flow + "\",\"AuthParameters\":" + parameters + "}";
        HttpRequest request = HttpRequest.newBuilder(endpoint.uri().resolve("/"))
                .header("Content-Type", "application/x-amz-json-1.1")
                .header("X-Amz-Target", "AWSCognitoIdentityProviderService.InitiateAuth")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return JSON.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
}
