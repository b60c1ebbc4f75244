package io.parley.local.dynamodb;

import io.parley.local.dynamodb.value.Value;
import java.util.Comparator;

/**
 * A key's values.
 *
 * @param range null where the schema has none
 */
record Key(Value hash, Value range) implements Comparable<Key> {

    private static final Comparator<Value> VALUES = Comparator.nullsFirst(Value::compare);
    private static final Comparator<Key> ORDER =
            Comparator.comparing(Key::hash, VALUES).thenComparing(Key::range, VALUES);

    @Override
    public int compareTo(Key other) {
        return ORDER.compare(this, other);
    }
}
