package io.parley.local.dynamodb;

import io.parley.local.dynamodb.value.Document;

/**
 * Request units that a table paid by request would be charged. Documented on the page "DynamoDB read and write
 * operations": a read unit is 4 KB of a strongly consistent read, half of it where consistency was not asked for; a write
 * unit is 1 KB; a transaction takes twice as many. Each call takes one at least. Guarded by {@link DynamoDbService}'s
 * lock.
 */
final class Capacity {

    private static final int READ_BYTES = 4 * 1024;
    private static final int WRITE_BYTES = 1024;
    private static final int TRANSACTION = 2;

    private double readUnits;
    private double writeUnits;

    /** @param bytes of all items that a call looked at, whatever it answers of them */
    void read(long bytes, boolean consistent) {
        readUnits += (consistent ? 1 : 0.5) * units(bytes, READ_BYTES);
    }

    void readInTransaction(Document item) {
        readUnits += TRANSACTION * units(size(item), READ_BYTES);
    }

    /** The larger of the item as it was and as it is counts; null where there is none. */
    void write(Document before, Document after) {
        writeUnits += units(Math.max(size(before), size(after)), WRITE_BYTES);
    }

    void writeInTransaction(Document before, Document after) {
        writeUnits += TRANSACTION * units(Math.max(size(before), size(after)), WRITE_BYTES);
    }

    double readUnits() {
        return readUnits;
    }

    double writeUnits() {
        return writeUnits;
    }

    static long size(Document item) {
        return item == null ? 0 : item.itemSize();
    }

    private static long units(long bytes, int each) {
        return Math.max(1, (bytes + each - 1) / each);
    }
}
