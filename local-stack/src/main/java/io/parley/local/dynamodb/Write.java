package io.parley.local.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.dynamodb.expression.Condition;
import io.parley.local.dynamodb.expression.ConditionParser;
import io.parley.local.dynamodb.expression.Placeholders;
import io.parley.local.dynamodb.expression.UpdateExpression;
import io.parley.local.dynamodb.expression.UpdateParser;
import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.ValueJson;
import java.util.HashSet;
import java.util.Set;

/**
 * One Put, Update, Delete or ConditionCheck, alone or in a transaction: parsed and checked as far as that goes without
 * the item.
 *
 * @param item of a Put, else null
 * @param update of an Update, else null: an Update without an expression stores the bare key
 * @param condition null if there is none
 * @param tellsItem whether a failed condition answers with the item as it is
 */
record Write(
        Kind kind,
        Table table,
        Key key,
        Document item,
        UpdateExpression update,
        Condition condition,
        boolean tellsItem) {

    enum Kind {
        PUT("Item", "ReturnValues"),
        UPDATE("Key", "UpdateExpression", "ReturnValues"),
        DELETE("Key", "ReturnValues"),
        CONDITION_CHECK("Key");

        private final Set<String> own;

        Kind(String... own) {
            this.own = Set.of(own);
        }
    }

    private static final Set<String> COMMON = Set.of(
            "TableName",
            "ConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ReturnValuesOnConditionCheckFailure");

    /** @param what the operation, for messages */
    static Parameters parameters(Kind kind, String what, JsonNode node) {
        Set<String> known = new HashSet<>(COMMON);
        known.addAll(kind.own);
        return new Parameters(node, what, known);
    }

    static Write parse(Kind kind, Parameters parameters, Tables tables) {
        Placeholders placeholders = parameters.placeholders();
        if (kind == Kind.CONDITION_CHECK) {
            parameters.required("ConditionExpression");
        }
        boolean updates = kind == Kind.UPDATE && parameters.has("UpdateExpression");
        UpdateExpression update =
                updates ? UpdateParser.parse(parameters.text("UpdateExpression"), placeholders) : null;
        Condition condition = parameters.has("ConditionExpression")
                ? ConditionParser.parse("ConditionExpression", parameters.text("ConditionExpression"), placeholders)
                : null;
        placeholders.refuseUnused(updates || condition != null);
        boolean tellsItem = parameters
                .oneOf("ReturnValuesOnConditionCheckFailure", "NONE", "ALL_OLD")
                .equals("ALL_OLD");
        Document item = kind == Kind.PUT ? ValueJson.readAttributes(parameters.required("Item")) : null;
        Document keyAttributes = item == null ? ValueJson.readAttributes(parameters.required("Key")) : null;

        Table table = tables.get(parameters.text("TableName"));
        Key key;
        if (item == null) {
            key = table.schema().keyOfRequest(keyAttributes);
        } else {
            table.requireFits(item);
            key = table.schema().of(item);
        }
        if (update != null) {
            for (String attribute : update.attributes()) {
                if (table.schema().includes(attribute)) {
                    throw DynamoDbFailure.invalidParameters(
                            "Cannot update attribute " + attribute + ". This attribute is part of the key");
                }
            }
        }
        return new Write(kind, table, key, item, update, condition, tellsItem);
    }

    /** @param before the item as it is, null if there is none */
    boolean isAllowed(Document before) {
        return condition == null || condition.holds(before == null ? Document.EMPTY : before);
    }

    /**
     * The item as it is to be stored; null if there is to be none.
     *
     * @throws DynamoDbFailure ValidationException if the update does not fit the item
     */
    Document apply(Document before) {
        switch (kind) {
            case PUT:
                return item;
            case DELETE:
                return null;
            case CONDITION_CHECK:
                return before;
            default:
                return updated(before);
        }
    }

    private Document updated(Document before) {
        Document base = before;
        if (base == null) {
            base = Document.EMPTY.with(table.schema().hash().name(), key.hash());
            if (key.range() != null) {
                base = base.with(table.schema().rangeName(), key.range());
            }
        }
        Document after = update == null ? base : update.apply(base);
        if (after.itemSize() > Table.MAX_ITEM_BYTES) {
            throw DynamoDbFailure.validation("Item size to update has exceeded the maximum allowed size");
        }
        table.requireFits(after);
        return after;
    }
}
