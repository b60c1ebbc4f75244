package io.parley.local.deployed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.local.system.RefusedUpgrade;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.ApiGatewayManagementApiException;

/**
 * The functions as Terraform deployed them do all that they are there for, under their own roles, while the emulator
 * checks signatures and policies; and they may do nothing else.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DeployedHandlers {

    static final List<String> FUNCTIONS = Deployment.FUNCTIONS;
    static final List<GuardedCall> CALLS = GuardedCall.ALL;

    /** Statements whose use happens inside AWS: nobody here can tell whether they are needed. */
    private static final Set<String> UNSEEN = Set.of("StreamKey", "Log", "OnFailure");

    /** The functions wait a second and a half for an answer, and on a busy machine the emulator is slower at times. */
    private static final int TRIES = 3;

    private Deployment deployment;
    private DeployedSystem system;
    private Effects effects;

    abstract Deployment deployment();

    @BeforeAll
    void start() throws Exception {
        deployment = deployment();
        system = DeployedSystem.start(deployment, emptyFolder());
        effects = new Effects(deployment);
        GuardedCall.makeOthers(deployment.admin());
        deployment.enforceRights(true);
    }

    /** It is left behind, for the logs. */
    private static Path emptyFolder() throws IOException {
        Path folder = Path.of("target", "deployed-functions").toAbsolutePath();
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
        return Files.createDirectories(folder);
    }

    /** The emulator is then as Terraform made it, but for what the functions have written. */
    @AfterAll
    void stop() throws Exception {
        if (effects != null) {
            effects.close();
            deployment.enforceRights(false);
            GuardedCall.removeOthers(deployment.admin());
            deployment.removeAdmin();
        }
        if (system != null) {
            system.close();
        }
    }

    @BeforeEach
    void forget() {
        system.forgetCalls();
    }

    private void perform(String function) throws Exception {
        try (FunctionDuties duties = new FunctionDuties(deployment, system, effects)) {
            duties.perform(function);
        }
    }

    @ParameterizedTest
    @FieldSource("FUNCTIONS")
    void eachDoesAllThatItIsThereForUnderItsOwnRole(String function) throws Exception {
        for (int tries = 1; tries < TRIES; tries++) {
            try {
                perform(function);
                return;
            } catch (AssertionError | TimeoutException e) {
                System.out.println(function + " is tried again after: " + e.getMessage());
                forget();
            }
        }
        perform(function);
    }

    /** Each statement of each policy, but what nobody here can see. */
    private Stream<Arguments> statements() {
        List<Arguments> statements = new ArrayList<>();
        for (String function : FUNCTIONS) {
            for (String sid : system.policy(function).statements()) {
                if (!UNSEEN.contains(sid)) {
                    statements.add(Arguments.of(function, sid));
                }
            }
        }
        return statements.stream();
    }

    @ParameterizedTest
    @MethodSource("statements")
    void noneDoesWithoutAnyOneStatementOfItsPolicy(String function, String sid) throws Exception {
        system.policy(function).without(sid, () -> {
            if (sid.equals("AudioKey")) {
                // It has a key already.
                system.restart(function);
            }
            assertThatThrownBy(() -> perform(function)).isInstanceOf(AssertionError.class);
        });
    }

    @ParameterizedTest
    @FieldSource("CALLS")
    void onlyWhoNeedsItMayMakeACall(GuardedCall call) {
        assertThat(FUNCTIONS)
                .filteredOn(function -> call.isAllowed(system.role(function), deployment))
                .containsExactlyInAnyOrderElementsOf(call.needing());
    }

    @Test
    void aPostToAConnectionHasToBeSignedByWhoMay() {
        Principal message = system.role("message");
        assertThat(post(message)).isEqualTo("GoneException");
        assertThat(post(message.withSecret("0123456789012345678901234567890123456789")))
                .isEqualTo("InvalidSignatureException");
        assertThat(FUNCTIONS)
                .filteredOn(function -> post(system.role(function)).equals("AccessDeniedException"))
                .containsExactlyInAnyOrder("authorizer", "disconnect");
    }

    /** The error of a post to nobody. */
    private String post(Principal by) {
        try (ApiGatewayManagementApiClient connections = ApiGatewayManagementApiClient.builder()
                .endpointOverride(system.callbackUrl())
                .region(by.region())
                .credentialsProvider(StaticCredentialsProvider.create(by.credentials()))
                .build()) {
            connections.postToConnection(post -> post.connectionId("nobody=").data(SdkBytes.fromUtf8String("hello")));
            return "none";
        } catch (ApiGatewayManagementApiException e) {
            return e.awsErrorDetails().errorCode();
        }
    }

    @Test
    void whoHasNoTokenOrNoKeyIsNotLetIn() throws Exception {
        String token = deployment.token(UUID.randomUUID().toString());
        String forged = token.substring(0, token.lastIndexOf('.') + 1) + "AAAA";
        String key = system.api().apiKey();
        assertThat(RefusedUpgrade.status(system.url(), key, null)).isEqualTo(401);
        assertThat(RefusedUpgrade.status(system.url(), key, forged)).isEqualTo(401);
        assertThat(RefusedUpgrade.status(system.url(), "another key", token)).isEqualTo(403);
        assertThat(RefusedUpgrade.status(system.url(), null, token)).isEqualTo(403);
    }
}
