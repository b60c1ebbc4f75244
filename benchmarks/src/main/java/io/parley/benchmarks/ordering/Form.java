package io.parley.benchmarks.ordering;

import io.parley.core.wire.StreamRecord;
import java.io.Serializable;

/** Makes of a record what a variant works on. */
@FunctionalInterface
interface Form<T> extends Serializable {

    T of(StreamRecord record, byte[] chunk);
}
