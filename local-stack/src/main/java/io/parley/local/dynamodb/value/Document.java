package io.parley.local.dynamodb.value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A map of attributes: an item, or a value of type M within one. Immutable, keeps the order of its entries. */
public record Document(Map<String, Value> entries) implements Value {

    public static final Document EMPTY = new Document(Map.of());

    public Document {
        entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public String type() {
        return "M";
    }

    /** Null where there is none. */
    public Value get(String name) {
        return entries.get(name);
    }

    public Document with(String name, Value value) {
        Map<String, Value> copy = new LinkedHashMap<>(entries);
        copy.put(name, value);
        return new Document(copy);
    }

    public Document without(String name) {
        Map<String, Value> copy = new LinkedHashMap<>(entries);
        copy.remove(name);
        return new Document(copy);
    }

    @Override
    public int size() {
        return 3 + entries.size() + itemSize();
    }

    /** Bytes as a whole item: names and values, without the overhead of a nested map. */
    public int itemSize() {
        int size = 0;
        for (Map.Entry<String, Value> entry : entries.entrySet()) {
            size += Value.utf8(entry.getKey()).length + entry.getValue().size();
        }
        return size;
    }
}
