package io.parley.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.aws.OperatorFunction;
import io.parley.local.stack.DevelopmentCredentials;
import io.parley.local.stack.LocalStack;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Whom an operator's command is about, and which deployment. */
final class OperatorArguments {

    @Option(
            names = "--participant",
            required = true,
            description = "Id of the user (the token's sub); of the running stack also alice, bob or moderator.")
    private String participant;

    @Option(
            names = "--function",
            description = "The operator's Lambda of a deployment, by the AWS credentials of this shell (default: the"
                    + " running stack's).")
    private String function;

    @Option(names = "--region", description = "Region of that Lambda (default: AWS_REGION).")
    private String region;

    /** Gives what the Lambda answered; throws where it did not do it. */
    JsonNode perform(Map<String, Object> operation, CommandSpec command) {
        Optional<DevelopmentCredentials> running = DevelopmentCredentials.read(DevelopmentCredentials.file());
        if (function == null && running.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "no stack runs on this machine: start ./parley up, or name a deployment's Lambda with --function");
        }
        Map<String, Object> request = new LinkedHashMap<>(operation);
        if (function == null) {
            DevelopmentCredentials stack = running.orElseThrow();
            request.put("participant", stack.participant(participant));
            Map<String, String> environment = Map.of(
                    "AWS_REGION",
                    LocalStack.REGION,
                    "AWS_ENDPOINT_URL",
                    stack.edge(),
                    "AWS_ACCESS_KEY_ID",
                    "local",
                    "AWS_SECRET_ACCESS_KEY",
                    "local");
            return new OperatorFunction(environment, stack.operatorFunction()).perform(request);
        }
        request.put("participant", participant);
        Map<String, String> environment = new HashMap<>(System.getenv());
        if (region != null) {
            environment.put("AWS_REGION", region);
        }
        return new OperatorFunction(environment, function).perform(request);
    }

    String participant() {
        return participant;
    }
}
