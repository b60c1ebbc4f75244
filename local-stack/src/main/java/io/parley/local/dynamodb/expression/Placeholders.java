package io.parley.local.dynamodb.expression;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.dynamodb.DynamoDbFailure;
import io.parley.local.dynamodb.value.Value;
import io.parley.local.dynamodb.value.ValueJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * ExpressionAttributeNames and ExpressionAttributeValues of one request, shared by its expressions; remembers which were
 * used, because AWS refuses a request with unused ones.
 */
public final class Placeholders {

    private static final Pattern NAME = Pattern.compile("#[A-Za-z0-9_]+");
    private static final Pattern VALUE = Pattern.compile(":[A-Za-z0-9_]+");

    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Set<String> unusedNames = new TreeSet<>();
    private final Set<String> unusedValues = new TreeSet<>();

    /**
     * @param names ExpressionAttributeNames, or null
     * @param values ExpressionAttributeValues, or null
     */
    public Placeholders(JsonNode names, JsonNode values) {
        if (names != null) {
            requireFilled(names, "ExpressionAttributeNames");
            names.fields().forEachRemaining(entry -> {
                requireSyntax(NAME, entry.getKey(), "ExpressionAttributeNames");
                this.names.put(entry.getKey(), entry.getValue().asText());
            });
        }
        if (values != null) {
            requireFilled(values, "ExpressionAttributeValues");
            values.fields().forEachRemaining(entry -> {
                requireSyntax(VALUE, entry.getKey(), "ExpressionAttributeValues");
                this.values.put(entry.getKey(), readValue(entry.getKey(), entry.getValue()));
            });
        }
        unusedNames.addAll(this.names.keySet());
        unusedValues.addAll(this.values.keySet());
    }

    private static Value readValue(String key, JsonNode node) {
        try {
            return ValueJson.read(node);
        } catch (DynamoDbFailure e) {
            throw DynamoDbFailure.validation(
                    "ExpressionAttributeValues contains invalid value: " + e.getMessage() + " for key " + key);
        }
    }

    private static void requireFilled(JsonNode map, String what) {
        if (!map.isObject() || map.isEmpty()) {
            throw DynamoDbFailure.validation(what + " must not be empty");
        }
    }

    private static void requireSyntax(Pattern pattern, String key, String what) {
        if (!pattern.matcher(key).matches()) {
            throw DynamoDbFailure.validation(what + " contains invalid key: Syntax error; key: \"" + key + "\"");
        }
    }

    String name(String expressionKind, String alias) {
        String name = names.get(alias);
        if (name == null) {
            throw DynamoDbFailure.validation("Invalid " + expressionKind
                    + ": An expression attribute name used in the document path is not defined; attribute name: "
                    + alias);
        }
        unusedNames.remove(alias);
        return name;
    }

    Value value(String expressionKind, String placeholder) {
        Value value = values.get(placeholder);
        if (value == null) {
            throw DynamoDbFailure.validation("Invalid " + expressionKind
                    + ": An expression attribute value used in expression is not defined; attribute value: "
                    + placeholder);
        }
        unusedValues.remove(placeholder);
        return value;
    }

    /** To be called when all expressions of the request are parsed. */
    public void refuseUnused(boolean anyExpression) {
        refuse("ExpressionAttributeNames", unusedNames, anyExpression);
        refuse("ExpressionAttributeValues", unusedValues, anyExpression);
    }

    private static void refuse(String what, Set<String> unused, boolean anyExpression) {
        if (unused.isEmpty()) {
            return;
        }
        if (!anyExpression) {
            throw DynamoDbFailure.validation(what + " can only be specified when using expressions");
        }
        throw DynamoDbFailure.validation(
                "Value provided in " + what + " unused in expressions: keys: {" + String.join(", ", unused) + "}");
    }
}
