package io.parley.local.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.dynamodb.expression.Projection;
import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.ValueJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * BatchGetItem and BatchWriteItem. Nothing is throttled here, so that UnprocessedItems is always empty, and
 * UnprocessedKeys holds only what is beyond 16 MB; on AWS both may hold more at any time.
 */
final class BatchOperations {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_KEYS = 100;
    private static final int MAX_WRITES = 25;
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private final Tables tables;

    BatchOperations(Tables tables) {
        this.tables = tables;
    }

    ObjectNode get(JsonNode request) {
        JsonNode requestItems = requestItems(request, "BatchGetItem");
        int keys = 0;
        for (JsonNode node : requestItems) {
            keys += node.path("Keys").size();
        }
        if (keys > MAX_KEYS) {
            throw DynamoDbFailure.validation("Too many items requested for the BatchGetItem call");
        }
        ObjectNode answer = NODES.objectNode();
        ObjectNode responses = answer.putObject("Responses");
        ObjectNode unprocessed = answer.putObject("UnprocessedKeys");
        long bytes = 0;
        for (Map.Entry<String, JsonNode> entry : requestItems.properties()) {
            Parameters parameters = new Parameters(
                    entry.getValue(),
                    "BatchGetItem",
                    Set.of("Keys", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames"));
            Projection projection = ItemOperations.projection(parameters);
            Table table = tables.get(entry.getKey());
            ArrayNode found = responses.putArray(entry.getKey());
            Set<Key> seen = new HashSet<>();
            for (JsonNode keyNode : parameters.required("Keys")) {
                Key key = table.schema().keyOfRequest(ValueJson.readAttributes(keyNode));
                if (!seen.add(key)) {
                    throw DynamoDbFailure.validation("Provided list of item keys contains duplicates");
                }
                Document item = table.get(key);
                tables.capacity().read(Capacity.size(item), parameters.flag("ConsistentRead"));
                if (item == null) {
                    continue;
                }
                bytes += item.itemSize();
                if (bytes > MAX_BYTES) {
                    ObjectNode rest = unprocessed.withObjectProperty(entry.getKey());
                    if (rest.isEmpty()) {
                        rest.setAll((ObjectNode) entry.getValue());
                        rest.putArray("Keys");
                    }
                    rest.withArrayProperty("Keys").add(keyNode);
                } else {
                    found.add(ValueJson.writeAttributes(projection == null ? item : projection.apply(item)));
                }
            }
        }
        return answer;
    }

    private record Replacement(Table table, Key key, Document item) {}

    ObjectNode write(JsonNode request) {
        List<Replacement> replacements = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry :
                requestItems(request, "BatchWriteItem").properties()) {
            Table table = tables.get(entry.getKey());
            Set<Key> seen = new HashSet<>();
            for (JsonNode node : entry.getValue()) {
                Replacement replacement = replacement(table, node);
                if (!seen.add(replacement.key())) {
                    throw DynamoDbFailure.validation("Provided list of item keys contains duplicates");
                }
                replacements.add(replacement);
            }
        }
        if (replacements.size() > MAX_WRITES) {
            throw DynamoDbFailure.validation("Too many items requested for the BatchWriteItem call");
        }
        replacements.forEach(each -> {
            tables.capacity().write(each.table().get(each.key()), each.item());
            each.table().replace(each.key(), each.item());
        });
        ObjectNode answer = NODES.objectNode();
        answer.putObject("UnprocessedItems");
        return answer;
    }

    private static Replacement replacement(Table table, JsonNode node) {
        Parameters either = new Parameters(node, "BatchWriteItem", Set.of("PutRequest", "DeleteRequest"));
        if (either.has("PutRequest") == either.has("DeleteRequest")) {
            throw DynamoDbFailure.validation(
                    "Supplied AttributeValue has to contain exactly one of PutRequest and DeleteRequest");
        }
        if (either.has("PutRequest")) {
            Document item = ValueJson.readAttributes(
                    new Parameters(either.get("PutRequest"), "PutRequest", Set.of("Item")).required("Item"));
            table.requireFits(item);
            return new Replacement(table, table.schema().of(item), item);
        }
        Document key = ValueJson.readAttributes(
                new Parameters(either.get("DeleteRequest"), "DeleteRequest", Set.of("Key")).required("Key"));
        return new Replacement(table, table.schema().keyOfRequest(key), null);
    }

    private static JsonNode requestItems(JsonNode request, String what) {
        JsonNode items = new Parameters(request, what, Set.of("RequestItems")).required("RequestItems");
        if (!items.isObject() || items.isEmpty()) {
            throw DynamoDbFailure.validation(
                    "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member"
                            + " must have length greater than or equal to 1");
        }
        return items;
    }
}
