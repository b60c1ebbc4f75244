package io.parley.local.dynamodb.expression;

import io.parley.local.dynamodb.DynamoDbFailure;
import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A KeyConditionExpression: equality on the partition key and, if wanted, one condition on the sort key.
 *
 * @param hash the partition key's value
 * @param range the sort key's condition, or null
 */
public record KeyCondition(Value hash, Condition range) {

    private static final String KIND = "KeyConditionExpression";

    /**
     * @param hashName name of the partition key of the table or index
     * @param rangeName name of its sort key, or null if it has none
     */
    public static KeyCondition parse(String text, Placeholders placeholders, String hashName, String rangeName) {
        List<Condition> parts = new ArrayList<>();
        split(ConditionParser.parse(KIND, text, placeholders), parts);
        Map<String, Condition> byAttribute = new HashMap<>();
        for (Condition part : parts) {
            if (byAttribute.put(attribute(part), part) != null) {
                throw DynamoDbFailure.validation("KeyConditionExpressions must only contain one condition per key");
            }
        }
        Condition hash = byAttribute.remove(hashName);
        if (hash == null) {
            throw DynamoDbFailure.validation("Query condition missed key schema element: " + hashName);
        }
        Condition range = rangeName == null ? null : byAttribute.remove(rangeName);
        if (!byAttribute.isEmpty()) {
            throw range == null && rangeName != null
                    ? DynamoDbFailure.validation("Query condition missed key schema element: " + rangeName)
                    : DynamoDbFailure.validation("Query key condition not supported");
        }
        if (hash instanceof Condition.Comparison equality && equality.operator().equals("=")) {
            Operand value = equality.left() instanceof Operand.Path ? equality.right() : equality.left();
            return new KeyCondition(((Operand.Literal) value).value(), range);
        }
        throw DynamoDbFailure.validation("Query key condition not supported");
    }

    private static void split(Condition condition, List<Condition> parts) {
        if (condition instanceof Condition.And and) {
            split(and.left(), parts);
            split(and.right(), parts);
        } else {
            parts.add(condition);
        }
    }

    /** The one attribute that the part is about; refuses what a key condition cannot have. */
    private static String attribute(Condition part) {
        boolean allowed = part instanceof Condition.Comparison comparison
                        && !comparison.operator().equals("<>")
                || part instanceof Condition.Between
                || part instanceof Condition.BeginsWith;
        if (!allowed) {
            throw DynamoDbFailure.validation("Invalid operator used in KeyConditionExpression: " + operator(part));
        }
        List<DocumentPath> paths = new ArrayList<>();
        part.operands(operand -> {
            if (operand instanceof Operand.Path path) {
                paths.add(path.path());
            } else if (operand instanceof Operand.Size) {
                throw DynamoDbFailure.validation("KeyConditionExpressions cannot contain nested operations");
            }
        });
        if (paths.size() != 1) {
            throw DynamoDbFailure.validation("Invalid condition in KeyConditionExpression: each condition compares one"
                    + " key attribute with given values");
        }
        if (paths.get(0).isNested()) {
            throw DynamoDbFailure.validation("KeyConditionExpressions cannot have conditions on nested attributes");
        }
        return paths.get(0).attribute();
    }

    private static String operator(Condition part) {
        if (part instanceof Condition.Comparison comparison) {
            return comparison.operator();
        }
        if (part instanceof Condition.Exists exists) {
            return exists.expected() ? "attribute_exists" : "attribute_not_exists";
        }
        return part instanceof Condition.HasType
                ? "attribute_type"
                : part.getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    /** The values that the sort key is compared with. */
    public List<Value> rangeValues() {
        List<Value> values = new ArrayList<>();
        if (range != null) {
            range.operands(operand -> {
                if (operand instanceof Operand.Literal literal) {
                    values.add(literal.value());
                }
            });
        }
        return values;
    }

    public boolean matchesRange(Document item) {
        return range == null || range.holds(item);
    }
}
