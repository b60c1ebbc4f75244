package io.parley.local.dynamodb;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Items of plain Java values: strings, numbers, byte arrays, booleans, lists, maps and sets of strings or numbers. */
final class Attributes {

    private Attributes() {}

    /** An item of names and values in turn. */
    static Map<String, AttributeValue> item(Object... namesAndValues) {
        Map<String, AttributeValue> item = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            item.put((String) namesAndValues[i], value(namesAndValues[i + 1]));
        }
        return item;
    }

    static AttributeValue value(Object value) {
        if (value instanceof AttributeValue ready) {
            return ready;
        }
        if (value instanceof String text) {
            return AttributeValue.fromS(text);
        }
        if (value instanceof BigDecimal number) {
            return AttributeValue.fromN(number.toString());
        }
        if (value instanceof Number number) {
            return AttributeValue.fromN(number.toString());
        }
        if (value instanceof byte[] bytes) {
            return AttributeValue.fromB(SdkBytes.fromByteArray(bytes));
        }
        if (value instanceof Boolean flag) {
            return AttributeValue.fromBool(flag);
        }
        if (value instanceof List<?> list) {
            return AttributeValue.fromL(list.stream().map(Attributes::value).toList());
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, AttributeValue> entries = new LinkedHashMap<>();
            map.forEach((name, entry) -> entries.put((String) name, value(entry)));
            return AttributeValue.fromM(entries);
        }
        if (value instanceof Set<?> set) {
            List<String> elements = set.stream().map(Object::toString).sorted().toList();
            return set.iterator().next() instanceof String
                    ? AttributeValue.fromSs(elements)
                    : AttributeValue.fromNs(elements);
        }
        if (value == null) {
            return AttributeValue.fromNul(true);
        }
        throw new IllegalArgumentException("no attribute type for " + value.getClass());
    }
}
