package io.parley.local.cognito;

import io.parley.local.contract.Endpoint;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ExplicitAuthFlowsType;

class MotoCognitoContractTest extends CognitoContractTest {

    @Override
    Endpoint open() {
        return Endpoint.moto();
    }

    @Override
    Pool create(CognitoIdentityProviderClient admin) {
        String pool = admin.createUserPool(r -> r.poolName("voice")).userPool().id();
        String client = admin.createUserPoolClient(r -> r.userPoolId(pool)
                        .clientName("game")
                        .explicitAuthFlows(
                                ExplicitAuthFlowsType.ALLOW_USER_PASSWORD_AUTH,
                                ExplicitAuthFlowsType.ALLOW_REFRESH_TOKEN_AUTH))
                .userPoolClient()
                .clientId();
        admin.adminCreateUser(r -> r.userPoolId(pool).username("ada"));
        admin.adminSetUserPassword(
                r -> r.userPoolId(pool).username("ada").password(PASSWORD).permanent(true));
        admin.adminCreateUser(r -> r.userPoolId(pool).username("new").temporaryPassword(PASSWORD));
        admin.createGroup(r -> r.userPoolId(pool).groupName("moderators"));
        admin.adminAddUserToGroup(r -> r.userPoolId(pool).username("ada").groupName("moderators"));
        return new Pool(pool, client);
    }
}
