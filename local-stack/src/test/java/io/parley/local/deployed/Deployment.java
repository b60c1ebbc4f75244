package io.parley.local.deployed;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AuthFlowType;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** What Terraform applied on the emulator: where things are, by its outputs, and who may do what there. */
final class Deployment {

    /** The keys of Terraform's functions. */
    static final List<String> FUNCTIONS =
            List.of("authorizer", "connect", "disconnect", "message", "audio", "operator", "broadcast");

    /** What a user of the tests signs in with. */
    private static final String PASSWORD = "Parley-of-the-tests-1";

    private final Emulator emulator;
    private final Region region = Region.of(Emulator.REGION);
    private final UnaryOperator<String> output;
    private final Map<String, String> outputs = new ConcurrentHashMap<>();
    private final Principal root;
    private final Principal admin;
    private final String account;

    /** @param output gives an output of the root module by its name */
    Deployment(Emulator emulator, UnaryOperator<String> output) {
        this.emulator = emulator;
        this.output = output;
        root = new Principal("root", emulator.uri(), region, AwsBasicCredentials.create("local", "local"));
        admin = makeAdmin();
        try (StsClient sts = root.client(StsClient.builder())) {
            account = sts.getCallerIdentity().account();
        }
    }

    /** A user who may do everything, also while the emulator asks IAM. */
    private Principal makeAdmin() {
        String user = "tests-" + UUID.randomUUID();
        try (IamClient iam = root.client(IamClient.builder())) {
            iam.createUser(create -> create.userName(user));
            iam.putUserPolicy(put -> put.userName(user)
                    .policyName("everything")
                    .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\","
                            + "\"Resource\":\"*\"}]}"));
            AccessKey key = iam.createAccessKey(create -> create.userName(user)).accessKey();
            return new Principal(
                    user, emulator.uri(), region, AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey()));
        }
    }

    void removeAdmin() {
        try (IamClient iam = root.client(IamClient.builder())) {
            iam.deleteAccessKey(delete -> delete.userName(admin.name())
                    .accessKeyId(admin.credentials().accessKeyId()));
            iam.deleteUserPolicy(delete -> delete.userName(admin.name()).policyName("everything"));
            iam.deleteUser(delete -> delete.userName(admin.name()));
        }
    }

    /**
     * Credentials of the role, as Lambda would get them. Only while the emulator does not ask IAM: the roles trust Lambda
     * alone, and the emulator has nobody who is Lambda.
     */
    Principal assume(String roleName) {
        try (StsClient sts = root.client(StsClient.builder())) {
            Credentials credentials = sts.assumeRole(
                            assume -> assume.roleArn("arn:aws:iam::" + account + ":role/" + roleName)
                                    .roleSessionName("function"))
                    .credentials();
            return new Principal(
                    roleName,
                    emulator.uri(),
                    region,
                    AwsSessionCredentials.create(
                            credentials.accessKeyId(), credentials.secretAccessKey(), credentials.sessionToken()));
        }
    }

    /** Whether the emulator checks signatures and policies from now on. */
    void enforceRights(boolean enforced) {
        emulator.enforceRights(enforced);
    }

    /** Makes a user of the pool and signs them in, as the command line does; gives their access token. */
    String token(String user) {
        try (CognitoIdentityProviderClient users = admin.client(CognitoIdentityProviderClient.builder())) {
            users.adminCreateUser(create -> create.userPoolId(userPool()).username(user));
            users.adminSetUserPassword(set ->
                    set.userPoolId(userPool()).username(user).password(PASSWORD).permanent(true));
            return users.initiateAuth(sign -> sign.authFlow(AuthFlowType.USER_PASSWORD_AUTH)
                            .clientId(text("user_pool_client_id"))
                            .authParameters(Map.of("USERNAME", user, "PASSWORD", PASSWORD)))
                    .authenticationResult()
                    .accessToken();
        }
    }

    Principal admin() {
        return admin;
    }

    URI endpoint() {
        return emulator.uri();
    }

    String region() {
        return region.id();
    }

    String account() {
        return account;
    }

    String apiId() {
        return URI.create(text("websocket_url")).getHost().split("\\.")[0];
    }

    String aliasArn(String function) {
        return "arn:aws:lambda:" + region + ":" + account + ":function:" + name() + "-" + function + ":live";
    }

    /** With what the names of everything begin. */
    private String name() {
        return bus();
    }

    String codeBucket() {
        return name() + "-code-" + account;
    }

    String table() {
        return name() + "-connections";
    }

    String bucket() {
        return text("audio_bucket");
    }

    String stream() {
        return text("voice_stream");
    }

    String bus() {
        return text("event_bus");
    }

    /** The log group to which the bus's rule leads. */
    String eventLog() {
        try (EventBridgeClient events = admin.client(EventBridgeClient.builder())) {
            String target = events.listTargetsByRule(
                            list -> list.eventBusName(bus()).rule("send-audio"))
                    .targets()
                    .get(0)
                    .arn();
            return target.split(":")[6];
        }
    }

    private String userPool() {
        return text("user_pool_id");
    }

    /** Where the emulator has the keys of the user pool, which on AWS are under the issuer. */
    String jwksUrl() {
        return emulator.uri()
                .resolve("/" + userPool() + "/.well-known/jwks.json")
                .toString();
    }

    private String text(String name) {
        return outputs.computeIfAbsent(name, output);
    }
}
