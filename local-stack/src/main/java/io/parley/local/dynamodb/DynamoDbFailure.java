package io.parley.local.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * An error answer of DynamoDB: the {@code __type} with its Coral namespace, as SDKs and the CLI expect it, a message, and
 * the members that some errors carry beside it ({@code Item}, {@code CancellationReasons}). Always HTTP 400.
 */
public final class DynamoDbFailure extends RuntimeException {

    private static final String DYNAMODB = "com.amazonaws.dynamodb.v20120810#";
    private static final String CORAL_VALIDATE = "com.amazon.coral.validate#";

    private final String type;
    private final Map<String, JsonNode> members;

    private DynamoDbFailure(String type, String message, Map<String, JsonNode> members) {
        super(message, null, false, false);
        this.type = type;
        this.members = members;
    }

    /** One of DynamoDB's own errors, by its short name. */
    public static DynamoDbFailure of(String code, String message) {
        return new DynamoDbFailure(DYNAMODB + code, message, Map.of());
    }

    /** One of DynamoDB's own errors with a member beside the message. */
    public static DynamoDbFailure of(String code, String message, String member, JsonNode value) {
        return new DynamoDbFailure(DYNAMODB + code, message, Map.of(member, value));
    }

    public static DynamoDbFailure validation(String message) {
        return new DynamoDbFailure(CORAL_VALIDATE + "ValidationException", message, Map.of());
    }

    /** The part of {@link #validation} that AWS begins with these words. */
    public static DynamoDbFailure invalidParameters(String message) {
        return validation("One or more parameter values were invalid: " + message);
    }

    /** What AWS has and this endpoint does not. */
    public static DynamoDbFailure unsupported(String what) {
        return validation(what + " is not supported by the local DynamoDB endpoint");
    }

    public static DynamoDbFailure resourceNotFound(String message) {
        return of("ResourceNotFoundException", message);
    }

    public static DynamoDbFailure conditionFailed(JsonNode item) {
        String message = "The conditional request failed";
        return item == null
                ? of("ConditionalCheckFailedException", message)
                : of("ConditionalCheckFailedException", message, "Item", item);
    }

    /** With namespace, such as {@code com.amazonaws.dynamodb.v20120810#ResourceNotFoundException}. */
    public String type() {
        return type;
    }

    public String code() {
        return type.substring(type.indexOf('#') + 1);
    }

    public Map<String, JsonNode> members() {
        return members;
    }
}
