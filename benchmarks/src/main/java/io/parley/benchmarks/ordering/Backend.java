package io.parley.benchmarks.ordering;

/** Where Flink keeps keyed state. */
enum Backend {
    HEAP("hashmap"),
    ROCKSDB("rocksdb");

    final String flinkName;

    Backend(String flinkName) {
        this.flinkName = flinkName;
    }
}
