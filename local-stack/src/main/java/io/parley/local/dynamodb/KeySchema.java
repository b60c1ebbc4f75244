package io.parley.local.dynamodb;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The key attributes of a table or index.
 *
 * @param range null where the key is a partition key alone
 */
record KeySchema(Attribute hash, Attribute range) {

    private static final int MAX_HASH_BYTES = 2048;
    private static final int MAX_RANGE_BYTES = 1024;

    /** @param type S, N or B */
    record Attribute(String name, String type) {}

    List<Attribute> attributes() {
        return range == null ? List.of(hash) : List.of(hash, range);
    }

    String rangeName() {
        return range == null ? null : range.name();
    }

    boolean includes(String attribute) {
        return attributes().stream().anyMatch(key -> key.name().equals(attribute));
    }

    /** The key within a whole item that is to be stored. */
    Key keyOfItem(Document item) {
        for (Attribute attribute : attributes()) {
            Value value = item.get(attribute.name());
            if (value == null) {
                throw DynamoDbFailure.invalidParameters("Missing the key " + attribute.name() + " in the item");
            }
            if (!value.type().equals(attribute.type())) {
                throw DynamoDbFailure.invalidParameters("Type mismatch for key " + attribute.name() + " expected: "
                        + attribute.type() + " actual: " + value.type());
            }
        }
        return sized(of(item));
    }

    /** The key that a request names; it holds these attributes and no other. */
    Key keyOfRequest(Document key) {
        boolean matches = key.entries().size() == attributes().size()
                && attributes().stream()
                        .allMatch(attribute -> key.get(attribute.name()) != null
                                && key.get(attribute.name()).type().equals(attribute.type()));
        if (!matches) {
            throw DynamoDbFailure.validation("The provided key element does not match the schema");
        }
        return sized(of(key));
    }

    /** The key of an item that is known to have it. */
    Key of(Document item) {
        return new Key(item.get(hash.name()), range == null ? null : item.get(range.name()));
    }

    /** Whether the item has all key attributes, and so a place in an index with this schema. */
    boolean isIn(Document item) {
        return attributes().stream().allMatch(attribute -> item.get(attribute.name()) != null);
    }

    private Key sized(Key key) {
        requireFilled(hash, key.hash());
        if (key.hash().size() > MAX_HASH_BYTES) {
            throw DynamoDbFailure.invalidParameters(
                    "Size of hashkey has exceeded the maximum size limit of" + MAX_HASH_BYTES + " bytes");
        }
        if (range != null) {
            requireFilled(range, key.range());
            if (key.range().size() > MAX_RANGE_BYTES) {
                throw DynamoDbFailure.invalidParameters("Aggregated size of all range keys has exceeded the size limit"
                        + " of " + MAX_RANGE_BYTES + " bytes");
            }
        }
        return key;
    }

    static void requireFilled(Attribute attribute, Value value) {
        if (value.size() == 0) {
            throw DynamoDbFailure.validation("One or more parameter values are not valid. The AttributeValue for a key"
                    + " attribute cannot contain an empty " + (value.type().equals("S") ? "string" : "binary")
                    + " value. Key: " + attribute.name());
        }
    }

    /** The key's attributes alone. */
    Document attributesOf(Document item) {
        Map<String, Value> entries = new LinkedHashMap<>();
        attributes().forEach(attribute -> entries.put(attribute.name(), item.get(attribute.name())));
        return new Document(entries);
    }

    ArrayNode describe() {
        ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
        nodes.addObject().put("AttributeName", hash.name()).put("KeyType", "HASH");
        Stream.ofNullable(range)
                .forEach(attribute ->
                        nodes.addObject().put("AttributeName", attribute.name()).put("KeyType", "RANGE"));
        return nodes;
    }
}
