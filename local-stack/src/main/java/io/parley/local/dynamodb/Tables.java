package io.parley.local.dynamodb;

import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The tables by name. Guarded by {@link DynamoDbService}'s lock. */
final class Tables {

    private final NavigableMap<String, Table> tables = new TreeMap<>();
    private final Capacity capacity = new Capacity();

    /** What calls on these tables have taken. */
    Capacity capacity() {
        return capacity;
    }

    /** @param nameOrArn a table's name or ARN */
    Table get(String nameOrArn) {
        Table table = tables.get(name(nameOrArn));
        if (table == null) {
            throw DynamoDbFailure.resourceNotFound("Requested resource not found");
        }
        return table;
    }

    /** Like {@link #get}, in the words of the operations on tables, which name the table. */
    Table described(String nameOrArn) {
        if (!tables.containsKey(name(nameOrArn))) {
            throw DynamoDbFailure.resourceNotFound(
                    "Requested resource not found: Table: " + name(nameOrArn) + " not found");
        }
        return get(nameOrArn);
    }

    boolean contains(String name) {
        return tables.containsKey(name);
    }

    void add(Table table) {
        tables.put(table.name(), table);
    }

    void remove(Table table) {
        tables.remove(table.name());
    }

    Collection<Table> all() {
        return tables.values();
    }

    /** Names after that one, in order. */
    Collection<String> namesAfter(String name) {
        return name == null
                ? tables.navigableKeySet()
                : tables.tailMap(name, false).navigableKeySet();
    }

    private static String name(String nameOrArn) {
        return nameOrArn.startsWith("arn:") ? nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1) : nameOrArn;
    }
}
