package io.parley.local.dynamodb.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.dynamodb.DynamoDbFailure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Attribute values to and from their JSON, such as {@code {"S": "room"}}.
 *
 * <p>Refuses what AWS refuses, as ValidationException: none or several types in one value, numbers beyond 38 digits or
 * beyond 1E-130..9.9E+125, empty or repeating sets, more than 32 levels.
 */
public final class ValueJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_DIGITS = 38;
    private static final int MAX_EXPONENT = 125;
    private static final int MIN_EXPONENT = -130;

    private ValueJson() {}

    public static Document readAttributes(JsonNode attributes) {
        return readAttributes(attributes, 0);
    }

    public static Value read(JsonNode node) {
        return read(node, 0);
    }

    private static Document readAttributes(JsonNode attributes, int depth) {
        if (!attributes.isObject()) {
            throw unparsable("a map of attributes");
        }
        Map<String, Value> entries = new LinkedHashMap<>();
        attributes.fields().forEachRemaining(field -> entries.put(field.getKey(), read(field.getValue(), depth)));
        return new Document(entries);
    }

    private static Value read(JsonNode node, int depth) {
        if (!node.isObject()) {
            throw unparsable("an attribute value");
        }
        if (depth > MAX_DEPTH) {
            throw DynamoDbFailure.validation("Nesting Levels have exceeded supported limits");
        }
        if (node.isEmpty()) {
            throw DynamoDbFailure.validation(
                    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
        }
        if (node.size() > 1) {
            throw DynamoDbFailure.validation("Supplied AttributeValue has more than one datatypes set, must contain"
                    + " exactly one of the supported datatypes");
        }
        Map.Entry<String, JsonNode> only = node.fields().next();
        JsonNode content = only.getValue();
        switch (only.getKey()) {
            case "S":
                return new Value.Text(text(content));
            case "N":
                return new Value.Numeric(number(text(content)));
            case "B":
                return new Value.Binary(binary(text(content)));
            case "BOOL":
                if (!content.isBoolean()) {
                    throw unparsable("BOOL");
                }
                return new Value.Flag(content.booleanValue());
            case "NULL":
                if (!content.isBoolean() || !content.booleanValue()) {
                    throw DynamoDbFailure.invalidParameters("Null attribute value types must have the value of true");
                }
                return new Value.Nothing();
            case "L":
                List<Value> elements = new ArrayList<>();
                array(content).forEach(element -> elements.add(read(element, depth + 1)));
                return new Value.Sequence(elements);
            case "M":
                return readAttributes(content, depth + 1);
            case "SS":
            case "NS":
            case "BS":
                return members(only.getKey(), array(content));
            default:
                throw DynamoDbFailure.validation(
                        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
        }
    }

    private static Value members(String type, JsonNode content) {
        if (content.isEmpty()) {
            String kind = type.equals("SS") ? "string" : type.equals("NS") ? "number" : "binary";
            throw DynamoDbFailure.invalidParameters("An " + kind + " set  may not be empty");
        }
        Set<Value> elements = new LinkedHashSet<>();
        List<String> texts = new ArrayList<>();
        content.forEach(element -> texts.add(text(element)));
        for (String element : texts) {
            boolean added = elements.add(
                    switch (type) {
                        case "SS" -> new Value.Text(element);
                        case "NS" -> new Value.Numeric(number(element));
                        default -> new Value.Binary(binary(element));
                    });
            if (!added) {
                throw DynamoDbFailure.invalidParameters("Input collection [" + String.join(", ", texts) + "]"
                        + (type.equals("BS") ? "of type BS " : " ") + "contains duplicates.");
            }
        }
        return new Value.Members(type, elements);
    }

    private static BigDecimal number(String text) {
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw DynamoDbFailure.validation(
                    "The parameter cannot be converted to a numeric value" + (text.isEmpty() ? "" : ": " + text));
        }
        return withinRange(number);
    }

    /** The number, if DynamoDB can hold it; used for results of {@code +} and {@code ADD} as well. */
    public static BigDecimal withinRange(BigDecimal number) {
        if (number.signum() == 0) {
            return BigDecimal.ZERO;
        }
        long exponent = (long) number.precision() - number.scale() - 1;
        if (exponent > MAX_EXPONENT) {
            throw DynamoDbFailure.validation(
                    "Number overflow. Attempting to store a number with magnitude larger than supported range");
        }
        if (exponent < MIN_EXPONENT) {
            throw DynamoDbFailure.validation(
                    "Number underflow. Attempting to store a number with magnitude smaller than supported range");
        }
        BigDecimal stripped = number.stripTrailingZeros();
        if (stripped.precision() > MAX_DIGITS) {
            throw DynamoDbFailure.validation("Attempting to store more than 38 significant digits in a Number");
        }
        return stripped;
    }

    private static byte[] binary(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw unparsable("base64");
        }
    }

    private static String text(JsonNode node) {
        if (!node.isTextual()) {
            throw unparsable("a string");
        }
        return node.textValue();
    }

    private static JsonNode array(JsonNode node) {
        if (!node.isArray()) {
            throw unparsable("a list");
        }
        return node;
    }

    private static DynamoDbFailure unparsable(String expected) {
        return DynamoDbFailure.validation("The request holds something else where " + expected + " is expected");
    }

    public static ObjectNode writeAttributes(Document document) {
        ObjectNode node = NODES.objectNode();
        document.entries().forEach((name, value) -> node.set(name, write(value)));
        return node;
    }

    public static ObjectNode write(Value value) {
        ObjectNode node = NODES.objectNode();
        if (value instanceof Document document) {
            return node.set("M", writeAttributes(document));
        }
        if (value instanceof Value.Sequence sequence) {
            ArrayNode elements = node.putArray("L");
            sequence.elements().forEach(element -> elements.add(write(element)));
        } else if (value instanceof Value.Members members) {
            ArrayNode elements = node.putArray(members.type());
            members.elements().forEach(element -> elements.add(scalar(element)));
        } else if (value instanceof Value.Flag flag) {
            node.put("BOOL", flag.on());
        } else if (value instanceof Value.Nothing) {
            node.put("NULL", true);
        } else {
            node.put(value.type(), scalar(value));
        }
        return node;
    }

    private static String scalar(Value value) {
        if (value instanceof Value.Numeric numeric) {
            return numeric.number().toPlainString();
        }
        if (value instanceof Value.Binary binary) {
            return Base64.getEncoder().encodeToString(binary.bytes());
        }
        return ((Value.Text) value).text();
    }
}
