package io.parley.local.kinesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import io.parley.local.edge.AwsException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A request's body, or an object within it, with the checks that Kinesis makes of its fields.
 *
 * <p>Timestamps are integer epoch milliseconds in CBOR and decimal epoch seconds in JSON. What breaks a field's
 * constraint is a ValidationException; the constraints are those of the API reference.
 */
final class CallBody {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");
    private static final Pattern HASH_KEY = Pattern.compile("0|([1-9]\\d{0,38})");

    private final JsonNode tree;
    private final boolean cbor;

    CallBody(JsonNode tree, boolean cbor) {
        this.tree = tree;
        this.cbor = cbor;
    }

    /** The words in which AWS refuses a field. */
    static String detected(String value, String field, String constraint) {
        return "1 validation error detected: Value '" + value + "' at '" + field
                + "' failed to satisfy constraint: Member must " + constraint;
    }

    boolean has(String field) {
        return tree.hasNonNull(field);
    }

    String optionalText(String field) {
        JsonNode node = tree.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isTextual()) {
            throw new AwsException(400, "SerializationException", field + " must be a string");
        }
        return node.textValue();
    }

    String text(String field) {
        String text = optionalText(field);
        if (text == null) {
            throw refused("null", field, "not be null");
        }
        return text;
    }

    String optionalName(String field) {
        String name = optionalText(field);
        if (name != null && !NAME.matcher(name).matches()) {
            throw refused(name, field, "satisfy regular expression pattern: [a-zA-Z0-9_.-]+ and have length 1 to 128");
        }
        return name;
    }

    String name(String field) {
        text(field);
        return optionalName(field);
    }

    BigInteger optionalHashKey(String field) {
        String key = optionalText(field);
        if (key == null) {
            return null;
        }
        if (!HASH_KEY.matcher(key).matches()) {
            throw refused(key, field, "satisfy regular expression pattern: 0|([1-9]\\d{0,38})");
        }
        BigInteger hashKey = new BigInteger(key);
        if (!HashKeyRange.isHashKey(hashKey)) {
            throw new AwsException(
                    400, "InvalidArgumentException", field + " " + key + " is not a hash key: the largest is 2^128-1.");
        }
        return hashKey;
    }

    int integer(String field, int absent, int min, int max) {
        JsonNode node = tree.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return absent;
        }
        if (!node.canConvertToInt() || node.intValue() < min || node.intValue() > max) {
            throw refused(node.asText(), field, "be a whole number from " + min + " to " + max);
        }
        return node.intValue();
    }

    boolean flag(String field) {
        return tree.path(field).asBoolean(false);
    }

    byte[] blob(String field) {
        JsonNode node = tree.path(field);
        if (node.isMissingNode() || node.isNull()) {
            throw refused("null", field, "not be null");
        }
        try {
            byte[] bytes = node.binaryValue();
            if (bytes != null) {
                return bytes;
            }
        } catch (IOException e) {
            // Not base64: refused below.
        }
        throw new AwsException(400, "SerializationException", field + " must be base64 in JSON or bytes in CBOR");
    }

    /** Epoch milliseconds, or null. */
    Long optionalTime(String field) {
        JsonNode node = tree.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isNumber()) {
            throw new AwsException(400, "SerializationException", field + " must be a number");
        }
        return cbor
                ? node.longValue()
                : node.decimalValue().movePointRight(3).toBigInteger().longValue();
    }

    /** A time as the answer has it. */
    JsonNode time(long epochMs) {
        return cbor ? LongNode.valueOf(epochMs) : DecimalNode.valueOf(BigDecimal.valueOf(epochMs, 3));
    }

    CallBody object(String field) {
        if (!tree.path(field).isObject()) {
            throw refused("null", field, "not be null");
        }
        return new CallBody(tree.path(field), cbor);
    }

    List<CallBody> objects(String field, int max) {
        JsonNode node = tree.path(field);
        if (!node.isArray() || node.isEmpty()) {
            throw refused("[]", field, "have length greater than or equal to 1");
        }
        if (node.size() > max) {
            throw refused("a list of " + node.size(), field, "have length less than or equal to " + max);
        }
        List<CallBody> objects = new ArrayList<>(node.size());
        node.forEach(element -> objects.add(new CallBody(element, cbor)));
        return objects;
    }

    /** A map of strings to strings. */
    Map<String, String> texts(String field, int max) {
        JsonNode node = tree.path(field);
        if (!node.isObject() || node.size() > max) {
            throw refused(node.toString(), field, "be a map of 1 to " + max);
        }
        Map<String, String> texts = new LinkedHashMap<>();
        node.fields()
                .forEachRemaining(
                        entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    JsonNode tree(String field) {
        return tree.path(field);
    }

    private static AwsException refused(String value, String field, String constraint) {
        String member = Character.toLowerCase(field.charAt(0)) + field.substring(1);
        return AwsException.validation(detected(value, member, constraint));
    }
}
