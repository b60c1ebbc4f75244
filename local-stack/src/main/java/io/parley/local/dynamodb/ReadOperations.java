package io.parley.local.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.dynamodb.expression.Condition;
import io.parley.local.dynamodb.expression.ConditionParser;
import io.parley.local.dynamodb.expression.KeyCondition;
import io.parley.local.dynamodb.expression.Operand;
import io.parley.local.dynamodb.expression.Placeholders;
import io.parley.local.dynamodb.expression.Projection;
import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.Value;
import io.parley.local.dynamodb.value.ValueJson;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Query and Scan, page by page: a page ends at Limit items evaluated, filtered out or not, or before 1 MB of them. As on
 * AWS a page that ends at Limit has a LastEvaluatedKey even if nothing follows.
 */
final class ReadOperations {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_PAGE_BYTES = 1024 * 1024;
    private static final Set<String> SCAN_PARAMETERS = Set.of(
            "TableName",
            "IndexName",
            "Select",
            "Limit",
            "ConsistentRead",
            "FilterExpression",
            "ProjectionExpression",
            "ExclusiveStartKey",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues");
    private static final Set<String> QUERY_PARAMETERS =
            union(SCAN_PARAMETERS, "KeyConditionExpression", "ScanIndexForward");

    private final Tables tables;

    ReadOperations(Tables tables) {
        this.tables = tables;
    }

    private static Set<String> union(Set<String> some, String... more) {
        Set<String> union = new HashSet<>(some);
        union.addAll(Set.of(more));
        return Set.copyOf(union);
    }

    /** What Query and Scan read: a table, or one of its indexes. */
    private record Source(Table table, Index index, KeySchema schema, Rows rows) {

        static Source of(Tables tables, Parameters parameters) {
            Table table = tables.get(parameters.text("TableName"));
            if (!parameters.has("IndexName")) {
                return new Source(table, null, table.schema(), table.rows());
            }
            Index index = table.index(parameters.text("IndexName"));
            if (parameters.flag("ConsistentRead")) {
                throw DynamoDbFailure.validation("Consistent reads are not supported on global secondary indexes");
            }
            return new Source(table, index, index.schema(), index.rows());
        }

        /** The key that tells where reading stopped: an index's key and the table's. */
        Document startKey(Document item) {
            Document key = schema.attributesOf(item);
            for (KeySchema.Attribute attribute : table.schema().attributes()) {
                key = key.with(attribute.name(), item.get(attribute.name()));
            }
            return key;
        }

        void requireStartKey(Document key) {
            boolean matches = table.schema().isIn(key)
                    && schema.isIn(key)
                    && startKey(key).equals(key)
                    && fits(table.schema(), key)
                    && fits(schema, key);
            if (!matches) {
                throw DynamoDbFailure.validation(
                        "The provided starting key is invalid: The provided key element does not match the schema");
            }
        }

        private static boolean fits(KeySchema schema, Document key) {
            return schema.attributes().stream()
                    .allMatch(attribute -> key.get(attribute.name()).type().equals(attribute.type()));
        }

        Rows.Place place(Document key) {
            return new Rows.Place(schema.of(key).range(), table.schema().of(key));
        }
    }

    ObjectNode query(JsonNode request) {
        Parameters parameters = new Parameters(request, "Query", QUERY_PARAMETERS);
        Source source = Source.of(tables, parameters);
        Placeholders placeholders = parameters.placeholders();
        KeyCondition keys = KeyCondition.parse(
                parameters.text("KeyConditionExpression"),
                placeholders,
                source.schema().hash().name(),
                source.schema().rangeName());
        requireKeyTypes(source.schema(), keys);
        Page page = page(parameters, placeholders, source);
        if (page.filter != null) {
            requireNoKeys(source.schema(), page.filter);
        }
        Rows.Place after = null;
        if (parameters.has("ExclusiveStartKey")) {
            Document startKey = ValueJson.readAttributes(parameters.get("ExclusiveStartKey"));
            source.requireStartKey(startKey);
            if (!keys.hash().equals(source.schema().of(startKey).hash())) {
                throw DynamoDbFailure.validation(
                        "The provided starting key is outside query boundaries based on provided conditions");
            }
            if (!keys.matchesRange(startKey)) {
                throw DynamoDbFailure.validation("The provided starting key does not match the range key predicate");
            }
            after = source.place(startKey);
        }
        boolean forward = !parameters.has("ScanIndexForward") || parameters.flag("ScanIndexForward");
        return page.fill(
                source.rows().partition(keys.hash(), after, forward),
                keys::matchesRange,
                bytes -> tables.capacity().read(bytes, parameters.flag("ConsistentRead")));
    }

    ObjectNode scan(JsonNode request) {
        Parameters parameters = new Parameters(request, "Scan", SCAN_PARAMETERS);
        Source source = Source.of(tables, parameters);
        Page page = page(parameters, parameters.placeholders(), source);
        Value afterHash = null;
        Rows.Place after = null;
        if (parameters.has("ExclusiveStartKey")) {
            Document startKey = ValueJson.readAttributes(parameters.get("ExclusiveStartKey"));
            source.requireStartKey(startKey);
            afterHash = source.schema().of(startKey).hash();
            after = source.place(startKey);
        }
        return page.fill(
                source.rows().scan(afterHash, after),
                item -> true,
                bytes -> tables.capacity().read(bytes, parameters.flag("ConsistentRead")));
    }

    private static void requireKeyTypes(KeySchema schema, KeyCondition keys) {
        requireType(schema.hash(), keys.hash());
        keys.rangeValues().forEach(value -> requireType(schema.range(), value));
    }

    private static void requireType(KeySchema.Attribute attribute, Value value) {
        if (!value.type().equals(attribute.type())) {
            throw DynamoDbFailure.invalidParameters("Condition parameter type does not match schema type");
        }
        KeySchema.requireFilled(attribute, value);
    }

    private static void requireNoKeys(KeySchema schema, Condition filter) {
        filter.operands(operand -> {
            Operand inner = operand instanceof Operand.Size size ? size.of() : operand;
            if (inner instanceof Operand.Path path
                    && schema.includes(path.path().attribute())) {
                throw DynamoDbFailure.validation("Filter Expression can only contain non-primary key attributes:"
                        + " Primary key attribute: " + path.path().attribute());
            }
        });
    }

    private static Page page(Parameters parameters, Placeholders placeholders, Source source) {
        Condition filter = parameters.has("FilterExpression")
                ? ConditionParser.parse("FilterExpression", parameters.text("FilterExpression"), placeholders)
                : null;
        Projection projection = parameters.has("ProjectionExpression")
                ? Projection.parse(parameters.text("ProjectionExpression"), placeholders)
                : null;
        placeholders.refuseUnused(filter != null || projection != null || parameters.has("KeyConditionExpression"));
        String select = parameters.has("Select")
                ? parameters.oneOf(
                        "Select", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT")
                : null;
        if (projection != null && select != null && !select.equals("SPECIFIC_ATTRIBUTES")) {
            throw DynamoDbFailure.validation("Cannot specify the ProjectionExpression when choosing to get "
                    + (select.equals("COUNT") ? "only the Count" : select));
        }
        if (projection == null && "SPECIFIC_ATTRIBUTES".equals(select)) {
            throw DynamoDbFailure.validation("Must specify the AttributesToGet or ProjectionExpression when choosing to"
                    + " get SPECIFIC_ATTRIBUTES");
        }
        if (source.index() == null && "ALL_PROJECTED_ATTRIBUTES".equals(select)) {
            throw DynamoDbFailure.validation(
                    "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an" + " IndexName");
        }
        if (source.index() != null
                && "ALL_ATTRIBUTES".equals(select)
                && !source.index().hasAllAttributes()) {
            throw DynamoDbFailure.invalidParameters("Select type ALL_ATTRIBUTES is not supported for global secondary"
                    + " index " + source.index().name() + " because its projection type is not ALL");
        }
        return new Page(source, parameters.limit("Limit"), filter, projection, "COUNT".equals(select));
    }

    /** One answer in the making. */
    private static final class Page {

        private final Source source;
        private final int limit;
        private final Condition filter;
        private final Projection projection;
        private final boolean countOnly;

        Page(Source source, int limit, Condition filter, Projection projection, boolean countOnly) {
            this.source = source;
            this.limit = limit;
            this.filter = filter;
            this.projection = projection;
            this.countOnly = countOnly;
        }

        /**
         * @param inRange which items count as evaluated at all
         * @param evaluatedBytes is told the size of all items that were
         */
        ObjectNode fill(Iterator<Document> items, Predicate<Document> inRange, LongConsumer evaluatedBytes) {
            ObjectNode answer = NODES.objectNode();
            ArrayNode kept = NODES.arrayNode();
            int count = 0;
            int evaluated = 0;
            long bytes = 0;
            Document last = null;
            while (items.hasNext()) {
                Document item = items.next();
                if (!inRange.test(item)) {
                    continue;
                }
                bytes += item.itemSize();
                if (bytes > MAX_PAGE_BYTES && last != null) {
                    answer.set("LastEvaluatedKey", ValueJson.writeAttributes(source.startKey(last)));
                    break;
                }
                evaluated++;
                last = item;
                if (filter == null || filter.holds(item)) {
                    count++;
                    if (!countOnly) {
                        kept.add(ValueJson.writeAttributes(projection == null ? item : projection.apply(item)));
                    }
                }
                if (evaluated == limit) {
                    answer.set("LastEvaluatedKey", ValueJson.writeAttributes(source.startKey(last)));
                    break;
                }
            }
            evaluatedBytes.accept(bytes);
            answer.put("Count", count).put("ScannedCount", evaluated);
            if (!countOnly) {
                answer.set("Items", kept);
            }
            return answer;
        }
    }
}
