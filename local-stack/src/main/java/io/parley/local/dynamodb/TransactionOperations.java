package io.parley.local.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.ValueJson;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * TransactWriteItems and TransactGetItems. Transactions run one after the other here, so that none is ever cancelled for a
 * TransactionConflict; on AWS callers must retry those.
 */
final class TransactionOperations {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_ACTIONS = 100;
    private static final int MAX_BYTES = 4 * 1024 * 1024;
    /** API reference of TransactWriteItems: a client token is remembered for ten minutes. */
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);

    private final Tables tables;
    private final Clock clock;
    /** Successful requests by their client token, oldest first. */
    private final Map<String, Done> done = new LinkedHashMap<>();

    private record Done(JsonNode items, Instant at) {}

    private record Target(String table, Key key) {}

    TransactionOperations(Tables tables, Clock clock) {
        this.tables = tables;
        this.clock = clock;
    }

    ObjectNode write(JsonNode request) {
        Parameters parameters =
                new Parameters(request, "TransactWriteItems", Set.of("TransactItems", "ClientRequestToken"));
        JsonNode items = items(parameters);
        String token = parameters.text("ClientRequestToken", null);
        done.values().removeIf(each -> each.at().plus(TOKEN_LIFE).isBefore(clock.instant()));
        if (token != null && done.containsKey(token)) {
            if (!done.get(token).items().equals(items)) {
                throw DynamoDbFailure.of(
                        "IdempotentParameterMismatchException",
                        "The provided client token was used with a different request");
            }
            return NODES.objectNode();
        }
        commit(parse(items));
        if (token != null) {
            done.put(token, new Done(items, clock.instant()));
        }
        return NODES.objectNode();
    }

    private List<Write> parse(JsonNode items) {
        List<Write> writes = new ArrayList<>();
        Set<Target> seen = new HashSet<>();
        for (JsonNode node : items) {
            Parameters item =
                    new Parameters(node, "TransactItems", Set.of("Put", "Update", "Delete", "ConditionCheck"));
            if (node.size() != 1) {
                throw DynamoDbFailure.validation("TransactItems can only contain one of Check, Put, Update or Delete");
            }
            String action = node.fieldNames().next();
            Write.Kind kind =
                    switch (action) {
                        case "Put" -> Write.Kind.PUT;
                        case "Update" -> Write.Kind.UPDATE;
                        case "Delete" -> Write.Kind.DELETE;
                        default -> Write.Kind.CONDITION_CHECK;
                    };
            Parameters parameters = Write.parameters(kind, action, item.required(action));
            if (kind == Write.Kind.UPDATE) {
                parameters.required("UpdateExpression");
            }
            Write write = Write.parse(kind, parameters, tables);
            if (!seen.add(new Target(write.table().name(), write.key()))) {
                throw DynamoDbFailure.validation("Transaction request cannot include multiple operations on one item");
            }
            writes.add(write);
        }
        return writes;
    }

    private void commit(List<Write> writes) {
        List<Document> results = new ArrayList<>();
        ArrayNode reasons = NODES.arrayNode();
        StringJoiner codes = new StringJoiner(", ", "[", "]");
        boolean cancelled = false;
        long bytes = 0;
        for (Write write : writes) {
            Document before = write.table().get(write.key());
            ObjectNode reason = reasons.addObject();
            String code = "None";
            if (!write.isAllowed(before)) {
                code = "ConditionalCheckFailed";
                tables.capacity().writeInTransaction(before, null);
                reason.put("Message", "The conditional request failed");
                if (write.tellsItem() && before != null) {
                    reason.set("Item", ValueJson.writeAttributes(before));
                }
            } else {
                try {
                    Document after = write.apply(before);
                    results.add(after);
                    tables.capacity().writeInTransaction(before, after);
                    bytes += after == null ? 0 : after.itemSize();
                } catch (DynamoDbFailure e) {
                    code = "ValidationError";
                    reason.put("Message", e.getMessage());
                }
            }
            reason.put("Code", code);
            codes.add(code);
            cancelled |= !code.equals("None");
        }
        if (cancelled) {
            throw DynamoDbFailure.of(
                    "TransactionCanceledException",
                    "Transaction cancelled, please refer cancellation reasons for specific reasons " + codes,
                    "CancellationReasons",
                    reasons);
        }
        if (bytes > MAX_BYTES) {
            throw DynamoDbFailure.validation("Transaction request size exceeds the limit of 4 MB");
        }
        for (int i = 0; i < writes.size(); i++) {
            writes.get(i).table().replace(writes.get(i).key(), results.get(i));
        }
    }

    ObjectNode get(JsonNode request) {
        Parameters parameters = new Parameters(request, "TransactGetItems", Set.of("TransactItems"));
        ObjectNode answer = NODES.objectNode();
        ArrayNode responses = answer.putArray("Responses");
        for (JsonNode node : items(parameters)) {
            Parameters get = new Parameters(
                    new Parameters(node, "TransactItems", Set.of("Get")).required("Get"),
                    "Get",
                    Set.of("TableName", "Key", "ProjectionExpression", "ExpressionAttributeNames"));
            Document found = ItemOperations.find(tables, get);
            tables.capacity().readInTransaction(found);
            Document item = ItemOperations.projected(found, get);
            ObjectNode response = responses.addObject();
            if (item != null) {
                response.set("Item", ValueJson.writeAttributes(item));
            }
        }
        return answer;
    }

    private static JsonNode items(Parameters parameters) {
        JsonNode items = parameters.required("TransactItems");
        if (items.isEmpty() || items.size() > MAX_ACTIONS) {
            throw DynamoDbFailure.validation("1 validation error detected: Value at 'transactItems' failed to satisfy"
                    + " constraint: Member must have length between 1 and " + MAX_ACTIONS + ", not " + items.size());
        }
        return items;
    }
}
