package io.parley.local.deployed;

import io.parley.local.lambda.FunctionProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;

/**
 * A Lambda as Terraform deployed it: what its alias leads to.
 *
 * @param aliasArn with which it is invoked
 * @param roleName of the role that it runs under
 * @param taskRoot where its code is
 */
record DeployedFunction(
        String name,
        String version,
        String aliasArn,
        String handler,
        String roleName,
        Map<String, String> environment,
        int memoryMb,
        Duration timeout,
        Path taskRoot) {

    /** @param aliasArn {@code arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS} */
    static DeployedFunction of(String aliasArn, LambdaClient lambda, DeployedCode code) throws Exception {
        String[] arn = aliasArn.split(":");
        String version =
                lambda.getAlias(get -> get.functionName(arn[6]).name(arn[7])).functionVersion();
        FunctionConfiguration configuration = lambda.getFunction(
                        get -> get.functionName(arn[6]).qualifier(version))
                .configuration();
        return new DeployedFunction(
                arn[6],
                version,
                aliasArn,
                configuration.handler(),
                configuration.role().substring(configuration.role().lastIndexOf('/') + 1),
                configuration.environment().variables(),
                configuration.memorySize(),
                Duration.ofSeconds(configuration.timeout()),
                code.of(configuration));
    }

    /**
     * To run here with the credentials of its role.
     *
     * @param redirected what of its environment is not as deployed
     */
    FunctionProcess.Code code(Principal role, Map<String, String> redirected) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(role.environment());
        all.putAll(redirected);
        return new FunctionProcess.Code(name, version, aliasArn, handler, memoryMb, timeout, taskRoot, all);
    }
}
