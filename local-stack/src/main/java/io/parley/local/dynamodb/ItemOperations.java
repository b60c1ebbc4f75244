package io.parley.local.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.dynamodb.expression.Placeholders;
import io.parley.local.dynamodb.expression.Projection;
import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.ValueJson;
import java.util.Set;

/** GetItem, PutItem, UpdateItem and DeleteItem. Reads are consistent, asked or not. */
final class ItemOperations {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Tables tables;

    ItemOperations(Tables tables) {
        this.tables = tables;
    }

    ObjectNode get(JsonNode request) {
        Parameters parameters = new Parameters(
                request,
                "GetItem",
                Set.of("TableName", "Key", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames"));
        Document found = find(tables, parameters);
        tables.capacity().read(Capacity.size(found), parameters.flag("ConsistentRead"));
        Document item = projected(found, parameters);
        ObjectNode answer = NODES.objectNode();
        if (item != null) {
            answer.set("Item", ValueJson.writeAttributes(item));
        }
        return answer;
    }

    /** The item that TableName and Key name; null if there is none. */
    static Document find(Tables tables, Parameters parameters) {
        Document keyAttributes = ValueJson.readAttributes(parameters.required("Key"));
        Table table = tables.get(parameters.text("TableName"));
        return table.get(table.schema().keyOfRequest(keyAttributes));
    }

    /** The item as the projection wants it. */
    static Document projected(Document item, Parameters parameters) {
        Projection projection = projection(parameters);
        return item == null || projection == null ? item : projection.apply(item);
    }

    /** Null if there is none. */
    static Projection projection(Parameters parameters) {
        Placeholders placeholders = parameters.placeholders();
        Projection projection = parameters.has("ProjectionExpression")
                ? Projection.parse(parameters.text("ProjectionExpression"), placeholders)
                : null;
        placeholders.refuseUnused(projection != null);
        return projection;
    }

    ObjectNode put(JsonNode request) {
        return write(Write.Kind.PUT, "PutItem", request);
    }

    ObjectNode update(JsonNode request) {
        return write(Write.Kind.UPDATE, "UpdateItem", request);
    }

    ObjectNode delete(JsonNode request) {
        return write(Write.Kind.DELETE, "DeleteItem", request);
    }

    private ObjectNode write(Write.Kind kind, String what, JsonNode request) {
        Parameters parameters = Write.parameters(kind, what, request);
        String returnValues =
                parameters.oneOf("ReturnValues", "NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW");
        if (kind != Write.Kind.UPDATE && !Set.of("NONE", "ALL_OLD").contains(returnValues)) {
            throw DynamoDbFailure.validation("ReturnValues can only be ALL_OLD or NONE");
        }
        Write write = Write.parse(kind, parameters, tables);
        Document before = write.table().get(write.key());
        if (!write.isAllowed(before)) {
            tables.capacity().write(before, null);
            throw DynamoDbFailure.conditionFailed(
                    write.tellsItem() && before != null ? ValueJson.writeAttributes(before) : null);
        }
        Document after = write.apply(before);
        tables.capacity().write(before, after);
        write.table().replace(write.key(), after);

        Document returned =
                switch (returnValues) {
                    case "ALL_OLD" -> before;
                    case "ALL_NEW" -> after;
                    case "UPDATED_OLD" -> updated(write, before);
                    case "UPDATED_NEW" -> updated(write, after);
                    default -> null;
                };
        ObjectNode answer = NODES.objectNode();
        if (returned != null && !returned.entries().isEmpty()) {
            answer.set("Attributes", ValueJson.writeAttributes(returned));
        }
        return answer;
    }

    private static Document updated(Write write, Document item) {
        return item == null || write.update() == null
                ? null
                : write.update().updated().apply(item);
    }
}
