package io.parley.local.dynamodb;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A table with its items and indexes, in memory. Not thread-safe: {@link Tables} guards it. */
final class Table {

    /** The page "Constraints in Amazon DynamoDB". */
    static final int MAX_ITEM_BYTES = 400 * 1024;

    /** The page "How it works: DynamoDB TTL": an expiry longer ago than this is taken for a mistake and ignored. */
    private static final Duration MAX_TTL_AGE = Duration.ofDays(5 * 365);

    private final String name;
    private final String arn;
    private final String id = UUID.randomUUID().toString();
    private final Instant created;
    private final KeySchema schema;
    private final Map<String, Index> indexes = new LinkedHashMap<>();
    private final boolean protectedFromDeletion;
    private final Rows rows = new Rows();
    private String ttlAttribute;

    Table(
            String name,
            String region,
            Instant created,
            KeySchema schema,
            List<Index> indexes,
            boolean protectedFromDeletion) {
        this.name = name;
        this.arn = "arn:aws:dynamodb:" + region + ":000000000000:table/" + name;
        this.created = created;
        this.schema = schema;
        indexes.forEach(index -> this.indexes.put(index.name(), index));
        this.protectedFromDeletion = protectedFromDeletion;
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

    boolean isProtectedFromDeletion() {
        return protectedFromDeletion;
    }

    Index index(String indexName) {
        Index index = indexes.get(indexName);
        if (index == null) {
            throw DynamoDbFailure.validation("The table does not have the specified index: " + indexName);
        }
        return index;
    }

    /** Null if TTL is off. */
    String ttlAttribute() {
        return ttlAttribute;
    }

    void expireBy(String attribute) {
        ttlAttribute = attribute;
    }

    /** Null if there is no such item. */
    Document get(Key key) {
        return rows.get(key, key);
    }

    /** Refuses an item that must not be stored. */
    void requireFits(Document item) {
        schema.keyOfItem(item);
        indexes.values().forEach(index -> index.requireFits(item));
        if (item.itemSize() > MAX_ITEM_BYTES) {
            throw DynamoDbFailure.validation("Item size has exceeded the maximum allowed size");
        }
    }

    /** Stores the item, or removes the one there if it is null. */
    void replace(Key key, Document item) {
        Document before = get(key);
        if (item == null) {
            rows.remove(key, key);
        } else {
            rows.put(key, key, item);
        }
        indexes.values().forEach(index -> index.replace(key, schema, before, item));
    }

    /** Removes the items that expired at that time or before; seconds since the epoch, as the TTL attribute is. */
    int removeExpired(Instant until) {
        if (ttlAttribute == null) {
            return 0;
        }
        BigDecimal latest = BigDecimal.valueOf(until.getEpochSecond());
        BigDecimal oldest = BigDecimal.valueOf(until.minus(MAX_TTL_AGE).getEpochSecond());
        List<Document> expired = rows.all()
                .filter(item -> item.get(ttlAttribute) instanceof Value.Numeric expiry
                        && expiry.number().compareTo(latest) <= 0
                        && expiry.number().compareTo(oldest) >= 0)
                .toList();
        expired.forEach(item -> replace(schema.of(item), null));
        return expired.size();
    }

    ObjectNode describe(String status) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("TableName", name).put("TableArn", arn).put("TableId", id).put("TableStatus", status);
        node.put("CreationDateTime", created.toEpochMilli() / 1000.0);
        node.put("ItemCount", rows.count()).put("TableSizeBytes", rows.bytes());
        node.put("DeletionProtectionEnabled", protectedFromDeletion);
        node.set("KeySchema", schema.describe());
        Map<String, String> types = new LinkedHashMap<>();
        schema.attributes().forEach(attribute -> types.put(attribute.name(), attribute.type()));
        indexes.values()
                .forEach(index -> index.schema()
                        .attributes()
                        .forEach(attribute -> types.put(attribute.name(), attribute.type())));
        ArrayNode definitions = node.putArray("AttributeDefinitions");
        types.forEach((attribute, type) ->
                definitions.addObject().put("AttributeName", attribute).put("AttributeType", type));
        node.putObject("BillingModeSummary").put("BillingMode", "PAY_PER_REQUEST");
        putThroughput(node);
        if (!indexes.isEmpty()) {
            ArrayNode described = node.putArray("GlobalSecondaryIndexes");
            indexes.values().forEach(index -> described.add(index.describe(arn)));
        }
        return node;
    }

    /** What AWS describes for tables that are paid by request; whatever was asked for, nothing is throttled here. */
    static void putThroughput(ObjectNode node) {
        node.putObject("ProvisionedThroughput")
                .put("NumberOfDecreasesToday", 0)
                .put("ReadCapacityUnits", 0)
                .put("WriteCapacityUnits", 0);
    }
}
