package io.parley.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a Lambda authorizer says: who the caller is, whether the policy allows the call, and what later events carry.
 *
 * <p>"Output from an API Gateway Lambda authorizer". Policies are evaluated by "IAM JSON policy evaluation logic": an
 * explicit Deny wins, without an Allow it is a deny; {@code *} and {@code ?} match in Action and Resource. Not
 * supported, and refused as a malformed answer: Condition, NotAction, NotResource.
 *
 * @param context {@code principalId} and the answer's context, all as strings, for {@code requestContext.authorizer}
 * @param usageIdentifierKey the API key that the caller is to be counted under; null where there is none
 */
record AuthorizerAnswer(boolean allowed, Map<String, String> context, String usageIdentifierKey) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BYTES = 8 * 1024;

    /** @throws IllegalArgumentException saying what is wrong with the answer; API Gateway answers 500 then */
    static AuthorizerAnswer parse(byte[] bytes, String methodArn) {
        // "Quotas for configuring and running a WebSocket API": authorizer result size.
        if (bytes.length > MAX_BYTES) {
            throw malformed("it has " + bytes.length + " bytes, at most " + MAX_BYTES + " are allowed");
        }
        JsonNode answer;
        try {
            answer = JSON.readTree(bytes);
        } catch (IOException e) {
            throw malformed("it is not JSON");
        }
        if (!answer.path("principalId").isTextual()) {
            throw malformed("principalId is missing");
        }
        Map<String, String> context = new LinkedHashMap<>();
        answer.path("context").fields().forEachRemaining(entry -> {
            if (entry.getValue().isContainerNode()) {
                throw malformed("context." + entry.getKey() + " is not a string, a number or a boolean");
            }
            if (!entry.getValue().isNull()) {
                context.put(entry.getKey(), entry.getValue().asText());
            }
        });
        context.put("principalId", answer.get("principalId").asText());
        JsonNode key = answer.path("usageIdentifierKey");
        return new AuthorizerAnswer(
                isAllowed(answer.path("policyDocument"), methodArn), context, key.isTextual() ? key.asText() : null);
    }

    private static boolean isAllowed(JsonNode policy, String methodArn) {
        JsonNode statements = policy.path("Statement");
        if (!statements.isContainerNode()) {
            throw malformed("policyDocument.Statement is missing");
        }
        boolean allowed = false;
        for (JsonNode statement :
                statements.isArray() ? statements : JSON.createArrayNode().add(statements)) {
            if (statement.path("Condition").size() > 0 || statement.has("NotAction") || statement.has("NotResource")) {
                throw malformed("a statement has Condition, NotAction or NotResource, which are not supported here");
            }
            if (matches(statement.path("Action"), "execute-api:Invoke")
                    && matches(statement.path("Resource"), methodArn)) {
                String effect = statement.path("Effect").asText();
                if (effect.equals("Deny")) {
                    return false;
                }
                if (!effect.equals("Allow")) {
                    throw malformed("Effect is '" + effect + "', neither Allow nor Deny");
                }
                allowed = true;
            }
        }
        return allowed;
    }

    private static boolean matches(JsonNode patterns, String value) {
        if (patterns.isTextual()) {
            return matches(patterns.asText(), value);
        }
        for (JsonNode pattern : patterns) {
            if (matches(pattern.asText(), value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String pattern, String value) {
        StringBuilder regex = new StringBuilder();
        for (char c : pattern.toCharArray()) {
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        // Actions are case-insensitive; that ARNs are not is of no weight here.
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE)
                .matcher(value)
                .matches();
    }

    private static IllegalArgumentException malformed(String what) {
        return new IllegalArgumentException("the authorizer's answer is malformed: " + what);
    }
}
