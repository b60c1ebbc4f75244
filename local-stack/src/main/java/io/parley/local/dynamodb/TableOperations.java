package io.parley.local.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * CreateTable, DescribeTable, DeleteTable, ListTables and the time to live. Tables are there, or gone, when the call
 * returns; AWS takes some seconds, and up to an hour for a changed TTL.
 */
final class TableOperations {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{3,255}");
    /** BillingMode to Tags are taken and without effect: nothing is billed, encrypted or tagged here. */
    private static final Set<String> CREATE_PARAMETERS = Set.of(
            "TableName",
            "KeySchema",
            "AttributeDefinitions",
            "GlobalSecondaryIndexes",
            "DeletionProtectionEnabled",
            "BillingMode",
            "ProvisionedThroughput",
            "OnDemandThroughput",
            "SSESpecification",
            "TableClass",
            "Tags");

    private final Tables tables;
    private final Clock clock;
    private final String region;

    TableOperations(Tables tables, Clock clock, String region) {
        this.tables = tables;
        this.clock = clock;
        this.region = region;
    }

    ObjectNode create(JsonNode request) {
        Parameters parameters = new Parameters(request, "CreateTable", CREATE_PARAMETERS);
        String name = parameters.text("TableName");
        if (!NAME.matcher(name).matches()) {
            throw DynamoDbFailure.validation("TableName must be at least 3 characters long and at most 255 characters"
                    + " long and consist of a-z, A-Z, 0-9, '_', '-' and '.'");
        }
        Map<String, String> types = new LinkedHashMap<>();
        for (JsonNode definition : parameters.required("AttributeDefinitions")) {
            Parameters attribute =
                    new Parameters(definition, "AttributeDefinitions", Set.of("AttributeName", "AttributeType"));
            attribute.required("AttributeType");
            types.put(attribute.text("AttributeName"), attribute.oneOf("AttributeType", "S", "N", "B"));
        }
        Set<String> used = new HashSet<>();
        KeySchema schema = keySchema(parameters.required("KeySchema"), types, used);
        List<Index> indexes = indexes(parameters, types, used);
        if (!used.equals(types.keySet())) {
            throw DynamoDbFailure.invalidParameters("Some AttributeDefinitions are not used. AttributeDefinitions: "
                    + types.keySet() + ", keys used: " + used);
        }
        if (tables.contains(name)) {
            throw DynamoDbFailure.of("ResourceInUseException", "Table already exists: " + name);
        }
        Table table =
                new Table(name, region, clock.instant(), schema, indexes, parameters.flag("DeletionProtectionEnabled"));
        tables.add(table);
        return NODES.objectNode().set("TableDescription", table.describe("ACTIVE"));
    }

    private static List<Index> indexes(Parameters parameters, Map<String, String> types, Set<String> used) {
        List<Index> indexes = new ArrayList<>();
        if (!parameters.has("GlobalSecondaryIndexes")) {
            return indexes;
        }
        Set<String> names = new HashSet<>();
        for (JsonNode node : parameters.get("GlobalSecondaryIndexes")) {
            Parameters index = new Parameters(
                    node,
                    "GlobalSecondaryIndexes",
                    Set.of("IndexName", "KeySchema", "Projection", "ProvisionedThroughput", "OnDemandThroughput"));
            Parameters projection = new Parameters(
                    index.required("Projection"), "Projection", Set.of("ProjectionType", "NonKeyAttributes"));
            projection.required("ProjectionType");
            String type = projection.oneOf("ProjectionType", "ALL", "KEYS_ONLY", "INCLUDE");
            List<String> extra = new ArrayList<>();
            if (projection.has("NonKeyAttributes")) {
                projection.get("NonKeyAttributes").forEach(attribute -> extra.add(attribute.asText()));
            }
            if (extra.isEmpty() == type.equals("INCLUDE")) {
                throw DynamoDbFailure.invalidParameters("ProjectionType is " + type + ", but NonKeyAttributes is "
                        + (extra.isEmpty() ? "not specified" : "specified"));
            }
            String name = index.text("IndexName");
            if (!names.add(name)) {
                throw DynamoDbFailure.invalidParameters("Duplicate index name: " + name);
            }
            indexes.add(new Index(name, keySchema(index.required("KeySchema"), types, used), type, extra));
        }
        return indexes;
    }

    private static KeySchema keySchema(JsonNode elements, Map<String, String> types, Set<String> used) {
        List<KeySchema.Attribute> attributes = new ArrayList<>();
        List<String> kinds = new ArrayList<>();
        for (JsonNode node : elements) {
            Parameters element = new Parameters(node, "KeySchema", Set.of("AttributeName", "KeyType"));
            String name = element.text("AttributeName");
            if (!types.containsKey(name)) {
                throw DynamoDbFailure.invalidParameters("Some index key attributes are not defined in"
                        + " AttributeDefinitions. Keys: [" + name + "], AttributeDefinitions: " + types.keySet());
            }
            used.add(name);
            attributes.add(new KeySchema.Attribute(name, types.get(name)));
            kinds.add(element.text("KeyType"));
        }
        if (kinds.equals(List.of("HASH"))) {
            return new KeySchema(attributes.get(0), null);
        }
        if (!kinds.equals(List.of("HASH", "RANGE"))) {
            throw DynamoDbFailure.validation(
                    "Invalid KeySchema: a HASH key and then at most one RANGE key are wanted," + " not " + kinds);
        }
        if (attributes.get(0).equals(attributes.get(1))) {
            throw DynamoDbFailure.validation(
                    "Both the Hash Key and the Range Key element in the KeySchema have the same name");
        }
        return new KeySchema(attributes.get(0), attributes.get(1));
    }

    ObjectNode describe(JsonNode request) {
        Parameters parameters = new Parameters(request, "DescribeTable", Set.of("TableName"));
        Table table = tables.described(parameters.text("TableName"));
        return NODES.objectNode().set("Table", table.describe("ACTIVE"));
    }

    ObjectNode delete(JsonNode request) {
        Parameters parameters = new Parameters(request, "DeleteTable", Set.of("TableName"));
        Table table = tables.described(parameters.text("TableName"));
        if (table.isProtectedFromDeletion()) {
            throw DynamoDbFailure.validation("Resource cannot be deleted as it is currently protected against deletion."
                    + " Disable deletion protection first.");
        }
        tables.remove(table);
        return NODES.objectNode().set("TableDescription", table.describe("DELETING"));
    }

    ObjectNode list(JsonNode request) {
        Parameters parameters = new Parameters(request, "ListTables", Set.of("Limit", "ExclusiveStartTableName"));
        int limit = Math.min(100, parameters.limit("Limit"));
        ObjectNode answer = NODES.objectNode();
        ArrayNode names = answer.putArray("TableNames");
        for (String name : tables.namesAfter(parameters.text("ExclusiveStartTableName", null))) {
            if (names.size() == limit) {
                answer.put("LastEvaluatedTableName", names.get(names.size() - 1).asText());
                break;
            }
            names.add(name);
        }
        return answer;
    }

    ObjectNode updateTimeToLive(JsonNode request) {
        Parameters parameters =
                new Parameters(request, "UpdateTimeToLive", Set.of("TableName", "TimeToLiveSpecification"));
        Table table = tables.described(parameters.text("TableName"));
        Parameters specification = new Parameters(
                parameters.required("TimeToLiveSpecification"),
                "TimeToLiveSpecification",
                Set.of("AttributeName", "Enabled"));
        String attribute = specification.text("AttributeName");
        specification.required("Enabled");
        boolean enabled = specification.flag("Enabled");
        if (enabled == (table.ttlAttribute() != null)) {
            throw DynamoDbFailure.validation("TimeToLive is already " + (enabled ? "enabled" : "disabled"));
        }
        if (!enabled && !attribute.equals(table.ttlAttribute())) {
            throw DynamoDbFailure.validation("TimeToLive is active on a different AttributeName: current AttributeName"
                    + " is " + table.ttlAttribute());
        }
        table.expireBy(enabled ? attribute : null);
        ObjectNode answer = NODES.objectNode();
        answer.putObject("TimeToLiveSpecification")
                .put("AttributeName", attribute)
                .put("Enabled", enabled);
        return answer;
    }

    ObjectNode describeTimeToLive(JsonNode request) {
        Parameters parameters = new Parameters(request, "DescribeTimeToLive", Set.of("TableName"));
        Table table = tables.described(parameters.text("TableName"));
        ObjectNode answer = NODES.objectNode();
        ObjectNode description = answer.putObject("TimeToLiveDescription");
        if (table.ttlAttribute() == null) {
            description.put("TimeToLiveStatus", "DISABLED");
        } else {
            description.put("TimeToLiveStatus", "ENABLED").put("AttributeName", table.ttlAttribute());
        }
        return answer;
    }
}
