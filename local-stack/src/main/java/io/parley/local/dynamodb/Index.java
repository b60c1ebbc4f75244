package io.parley.local.dynamodb;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A global secondary index. Written together with its table, where AWS lets it lag: code that reads its own writes through
 * an index works here and not there. Items without its key attributes are not in it.
 */
final class Index {

    private final String name;
    private final KeySchema schema;
    private final String projectionType;
    private final List<String> extraAttributes;
    private final Rows rows = new Rows();

    /** @param extraAttributes of projection type INCLUDE */
    Index(String name, KeySchema schema, String projectionType, List<String> extraAttributes) {
        this.name = name;
        this.schema = schema;
        this.projectionType = projectionType;
        this.extraAttributes = List.copyOf(extraAttributes);
    }

    String name() {
        return name;
    }

    KeySchema schema() {
        return schema;
    }

    Rows rows() {
        return rows;
    }

    boolean hasAllAttributes() {
        return projectionType.equals("ALL");
    }

    /** Refuses an item that has a key attribute of this index with the wrong type or empty. */
    void requireFits(Document item) {
        for (KeySchema.Attribute attribute : schema.attributes()) {
            Value value = item.get(attribute.name());
            if (value == null) {
                continue;
            }
            if (!value.type().equals(attribute.type())) {
                throw DynamoDbFailure.invalidParameters("Type mismatch for Index Key " + attribute.name()
                        + " Expected: " + attribute.type() + " Actual: " + value.type() + " IndexName: " + name);
            }
            if (value.size() == 0) {
                throw DynamoDbFailure.validation("One or more parameter values are not valid. A value specified for a"
                        + " secondary index key is not supported. The AttributeValue for a key attribute cannot"
                        + " contain an empty string value. IndexName: " + name + ", IndexKey: " + attribute.name());
            }
        }
    }

    /** Follows a change of the table; null is an item that is not there. */
    void replace(Key primary, KeySchema table, Document before, Document after) {
        if (before != null && schema.isIn(before)) {
            rows.remove(schema.of(before), primary);
        }
        if (after != null && schema.isIn(after)) {
            rows.put(schema.of(after), primary, projected(table, after));
        }
    }

    private Document projected(KeySchema table, Document item) {
        if (hasAllAttributes()) {
            return item;
        }
        Map<String, Value> kept = new LinkedHashMap<>();
        item.entries().forEach((attribute, value) -> {
            if (table.includes(attribute) || schema.includes(attribute) || extraAttributes.contains(attribute)) {
                kept.put(attribute, value);
            }
        });
        return new Document(kept);
    }

    ObjectNode describe(String tableArn) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("IndexName", name).put("IndexArn", tableArn + "/index/" + name).put("IndexStatus", "ACTIVE");
        node.put("ItemCount", rows.count()).put("IndexSizeBytes", rows.bytes());
        node.set("KeySchema", schema.describe());
        ObjectNode projection = node.putObject("Projection").put("ProjectionType", projectionType);
        if (!extraAttributes.isEmpty()) {
            extraAttributes.forEach(projection.withArray("NonKeyAttributes")::add);
        }
        Table.putThroughput(node);
        return node;
    }
}
