package io.parley.local.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.dynamodb.expression.Placeholders;
import java.util.Set;

/** A request, or a structure within one, whose members must be among those that this endpoint knows. */
final class Parameters {

    /** Taken and without effect: nothing is metered here. */
    private static final Set<String> UNMETERED = Set.of("ReturnConsumedCapacity", "ReturnItemCollectionMetrics");

    private final JsonNode node;

    /**
     * @param what the operation or structure, for messages
     * @param known members with a meaning here; any other is refused, so that nothing is silently ignored
     */
    Parameters(JsonNode node, String what, Set<String> known) {
        if (!node.isObject()) {
            throw DynamoDbFailure.validation(what + " must be an object");
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)
                    && !UNMETERED.contains(name)
                    && !node.get(name).isNull()) {
                throw DynamoDbFailure.unsupported("Parameter " + name + " of " + what);
            }
        });
        this.node = node;
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    /** Null if there is none. */
    JsonNode get(String name) {
        return has(name) ? node.get(name) : null;
    }

    JsonNode required(String name) {
        if (!has(name)) {
            throw missing(name);
        }
        return node.get(name);
    }

    /** How AWS words the absence of a parameter. */
    static DynamoDbFailure missing(String name) {
        return DynamoDbFailure.validation("1 validation error detected: Value null at '" + member(name)
                + "' failed to satisfy constraint: Member must not be null");
    }

    private static String member(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    String text(String name) {
        return required(name).asText();
    }

    String text(String name, String otherwise) {
        return has(name) ? node.get(name).asText() : otherwise;
    }

    boolean flag(String name) {
        return has(name) && node.get(name).asBoolean();
    }

    /** One of the values of an enumeration, the first if there is none. */
    String oneOf(String name, String... values) {
        String value = text(name, values[0]);
        if (!Set.of(values).contains(value)) {
            throw DynamoDbFailure.validation("1 validation error detected: Value '" + value + "' at '" + member(name)
                    + "' failed to satisfy constraint: Member must satisfy enum value set: ["
                    + String.join(", ", values) + "]");
        }
        return value;
    }

    /** A whole number of at least 1; {@link Integer#MAX_VALUE} if there is none. */
    int limit(String name) {
        if (!has(name)) {
            return Integer.MAX_VALUE;
        }
        int limit = node.get(name).asInt();
        if (limit < 1) {
            throw DynamoDbFailure.validation("1 validation error detected: Value '" + limit + "' at '" + member(name)
                    + "' failed to satisfy constraint: Member must have value greater than or equal to 1");
        }
        return limit;
    }

    Placeholders placeholders() {
        return new Placeholders(get("ExpressionAttributeNames"), get("ExpressionAttributeValues"));
    }
}
