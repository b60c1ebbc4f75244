package io.parley.local.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import java.util.Iterator;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a rule sends what it matches: a Lambda function or a CloudWatch log group, by its ARN.
 *
 * <p>{@code Input} (a constant) and {@code InputPath} ($ or a dotted path) are obeyed. What else a target may have on
 * AWS is refused by name, so that nothing is taken and silently not done.
 *
 * @param input JSON sent instead of the event; null if none
 * @param inputPath part of the event that is sent; null for all of it
 * @param roleArn kept and returned; may be null
 */
record RuleTarget(String id, String arn, String roleArn, String input, String inputPath) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ID = Pattern.compile("[.\\-_A-Za-z0-9]{1,64}");
    private static final Pattern ARN = Pattern.compile("arn:aws:[a-z0-9-]+:[a-z0-9-]*:\\d*:.+");
    private static final Pattern PATH = Pattern.compile("\\$(\\.[A-Za-z0-9_-]+)*");
    private static final Set<String> MEMBERS = Set.of("Id", "Arn", "RoleArn", "Input", "InputPath");

    RuleTarget {
        if (id == null || !ID.matcher(id).matches()) {
            throw AwsException.validation("Target Id '" + id + "' must match " + ID);
        }
        if (arn == null || !ARN.matcher(arn).matches()) {
            throw AwsException.validation(
                    "Parameter " + arn + " is not valid. Reason: Provided Arn is not in correct format.");
        }
        if (!isFunction(arn) && !isLogGroup(arn)) {
            throw AwsException.validation("Parameter " + arn
                    + " is not valid. Reason: the local EventBridge delivers to Lambda functions and log groups only.");
        }
        if (input != null && inputPath != null) {
            throw AwsException.validation(
                    "Only one of Input, InputPath, or InputTransformer must be provided for target " + id + ".");
        }
        if (inputPath != null && !PATH.matcher(inputPath).matches()) {
            throw AwsException.validation("InputPath '" + inputPath
                    + "' is not served: the local EventBridge knows $ and dotted names such as $.detail.room");
        }
        if (input != null) {
            checkJson(id, input);
        }
    }

    static RuleTarget of(JsonNode tree) {
        for (Iterator<String> names = tree.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!MEMBERS.contains(name)) {
                throw AwsException.validation(
                        "Target member " + name + " is not served by the local EventBridge; it knows " + MEMBERS);
            }
        }
        return new RuleTarget(
                text(tree, "Id"),
                text(tree, "Arn"),
                text(tree, "RoleArn"),
                text(tree, "Input"),
                text(tree, "InputPath"));
    }

    ObjectNode tree() {
        ObjectNode tree = EdgeRequest.object().put("Id", id).put("Arn", arn);
        if (roleArn != null) {
            tree.put("RoleArn", roleArn);
        }
        if (input != null) {
            tree.put("Input", input);
        }
        if (inputPath != null) {
            tree.put("InputPath", inputPath);
        }
        return tree;
    }

    boolean isFunction() {
        return isFunction(arn);
    }

    /** Of {@code arn:aws:logs:region:account:log-group:NAME} with or without a trailing {@code :*}. */
    String logGroup() {
        String name = arn.substring(arn.indexOf(":log-group:") + ":log-group:".length());
        return name.endsWith(":*") ? name.substring(0, name.length() - 2) : name;
    }

    /** What this target is sent for an event. */
    JsonNode payload(JsonNode envelope) {
        if (input != null) {
            return checkJson(id, input);
        }
        if (inputPath == null || inputPath.equals("$")) {
            return envelope;
        }
        return envelope.at(inputPath.substring(1).replace('.', '/'));
    }

    private static boolean isFunction(String arn) {
        return arn.startsWith("arn:aws:lambda:") && arn.contains(":function:");
    }

    private static boolean isLogGroup(String arn) {
        return arn.startsWith("arn:aws:logs:") && arn.contains(":log-group:");
    }

    private static JsonNode checkJson(String id, String input) {
        try {
            return JSON.readTree(input);
        } catch (JsonProcessingException e) {
            throw AwsException.validation("JSON syntax error in Input for target " + id + ".");
        }
    }

    private static String text(JsonNode tree, String member) {
        return tree.hasNonNull(member) ? tree.get(member).asText() : null;
    }
}
