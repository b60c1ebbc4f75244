package io.parley.local.dynamodb;

import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.Value;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The ordered items of a table or index: partitions in an order of their own, as on AWS, where a Scan's order says nothing
 * about the keys; within one, by sort key. Not thread-safe.
 */
final class Rows {

    /** Scattered like AWS's hash, so that nothing comes to rely on partitions in the order of their keys. */
    private static final Comparator<Value> BY_PARTITION =
            Comparator.<Value>comparingInt(hash -> hash.hashCode() * 0x9E3779B9).thenComparing(Value::compare);

    /**
     * Where in its partition an item is.
     *
     * @param range the sort key's value, null if there is none
     * @param primary the table's own key, which tells items of an index apart
     */
    record Place(Value range, Key primary) implements Comparable<Place> {

        private static final Comparator<Place> ORDER = Comparator.comparing(
                        Place::range, Comparator.nullsFirst(Value::compare))
                .thenComparing(Place::primary);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    private final NavigableMap<Value, NavigableMap<Place, Document>> partitions = new TreeMap<>(BY_PARTITION);

    Document get(Key key, Key primary) {
        NavigableMap<Place, Document> partition = partitions.get(key.hash());
        return partition == null ? null : partition.get(new Place(key.range(), primary));
    }

    void put(Key key, Key primary, Document item) {
        partitions.computeIfAbsent(key.hash(), hash -> new TreeMap<>()).put(new Place(key.range(), primary), item);
    }

    void remove(Key key, Key primary) {
        NavigableMap<Place, Document> partition = partitions.get(key.hash());
        if (partition != null) {
            partition.remove(new Place(key.range(), primary));
            if (partition.isEmpty()) {
                partitions.remove(key.hash());
            }
        }
    }

    /** A partition's items after the place, or from its beginning if that is null; backwards if not forward. */
    Iterator<Document> partition(Value hash, Place after, boolean forward) {
        NavigableMap<Place, Document> partition = partitions.getOrDefault(hash, new TreeMap<>());
        NavigableMap<Place, Document> directed = forward ? partition : partition.descendingMap();
        return (after == null ? directed : directed.tailMap(after, false))
                .values()
                .iterator();
    }

    /** All items after that one, or from the beginning if both are null. */
    Iterator<Document> scan(Value afterHash, Place after) {
        if (afterHash == null) {
            return all().iterator();
        }
        NavigableMap<Place, Document> first = partitions.getOrDefault(afterHash, new TreeMap<>());
        return Stream.concat(
                        first.tailMap(after, false).values().stream(),
                        partitions.tailMap(afterHash, false).values().stream()
                                .map(NavigableMap::values)
                                .flatMap(Collection::stream))
                .iterator();
    }

    Stream<Document> all() {
        return partitions.values().stream().map(NavigableMap::values).flatMap(Collection::stream);
    }

    long count() {
        return partitions.values().stream().mapToLong(NavigableMap::size).sum();
    }

    long bytes() {
        return all().mapToLong(Document::itemSize).sum();
    }
}
