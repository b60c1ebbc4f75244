package io.parley.local.cognito;

import io.parley.local.contract.Endpoint;
import java.time.Clock;
import java.util.List;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;

class LocalCognitoContractTest extends CognitoContractTest {

    private Endpoint endpoint;
    private UserPool users;

    @Override
    Endpoint open() {
        users = new UserPool(
                Clock.systemUTC(),
                "eu-central-1_parley",
                "client",
                () -> endpoint.uri().toString());
        CognitoEndpoint cognito = new CognitoEndpoint(users);
        endpoint = Endpoint.local(vertx -> List.of(cognito), edge -> edge.routeUnsigned(cognito.path(), cognito));
        return endpoint;
    }

    @Override
    Pool create(CognitoIdentityProviderClient admin) {
        users.createUser("ada", PASSWORD, "moderators");
        users.createUser("new", PASSWORD);
        users.requireNewPassword("new");
        return new Pool(users.poolId(), users.clientId());
    }
}
