package io.parley.local.dynamodb.value;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * An attribute value in one of DynamoDB's ten types; immutable, equal by content. Numbers are equal by value (1 and 1.00),
 * sets and maps without regard to order.
 *
 * <p>{@link #size()} is in bytes, by the page "DynamoDB item sizes and formats" of the developer guide.
 */
public sealed interface Value
        permits Value.Text,
                Value.Numeric,
                Value.Binary,
                Value.Flag,
                Value.Nothing,
                Value.Sequence,
                Value.Members,
                Document {

    /** The type's descriptor on the wire: S, N, B, BOOL, NULL, L, M, SS, NS or BS. */
    String type();

    int size();

    /** S, N and B: what keys can be and what {@code <} can compare. */
    default boolean isScalar() {
        return this instanceof Ordered;
    }

    /** A value of a type with an order: strings by UTF-8 bytes, numbers by value, binaries by unsigned bytes. */
    sealed interface Ordered extends Comparable<Value> permits Text, Numeric, Binary {}

    /** @throws IllegalArgumentException if the two are not of one ordered type */
    static int compare(Value left, Value right) {
        if (left instanceof Text a && right instanceof Text b) {
            return a.compareTo(b);
        }
        if (left instanceof Numeric a && right instanceof Numeric b) {
            return a.compareTo(b);
        }
        if (left instanceof Binary a && right instanceof Binary b) {
            return a.compareTo(b);
        }
        throw new IllegalArgumentException("no order between " + left.type() + " and " + right.type());
    }

    record Text(String text) implements Value, Ordered {
        @Override
        public String type() {
            return "S";
        }

        @Override
        public int size() {
            return utf8(text).length;
        }

        @Override
        public int compareTo(Value other) {
            // Not String.compareTo: UTF-16 puts surrogate pairs before U+E000, UTF-8 puts them after it.
            return Arrays.compareUnsigned(utf8(text), utf8(((Text) other).text));
        }
    }

    record Numeric(BigDecimal number) implements Value, Ordered {

        public Numeric {
            number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        }

        public static Numeric of(long number) {
            return new Numeric(BigDecimal.valueOf(number));
        }

        @Override
        public String type() {
            return "N";
        }

        /** One byte for every two significant digits, one for the exponent, one more below zero. */
        @Override
        public int size() {
            return (number.precision() + 1) / 2 + 1 + (number.signum() < 0 ? 1 : 0);
        }

        @Override
        public int compareTo(Value other) {
            return number.compareTo(((Numeric) other).number);
        }
    }

    record Binary(byte[] bytes) implements Value, Ordered {
        @Override
        public String type() {
            return "B";
        }

        @Override
        public int size() {
            return bytes.length;
        }

        @Override
        public int compareTo(Value other) {
            return Arrays.compareUnsigned(bytes, ((Binary) other).bytes);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Binary binary && Arrays.equals(bytes, binary.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return Base64.getEncoder().encodeToString(bytes);
        }
    }

    record Flag(boolean on) implements Value {
        @Override
        public String type() {
            return "BOOL";
        }

        @Override
        public int size() {
            return 1;
        }
    }

    record Nothing() implements Value {
        @Override
        public String type() {
            return "NULL";
        }

        @Override
        public int size() {
            return 1;
        }
    }

    record Sequence(List<Value> elements) implements Value {

        public Sequence {
            elements = List.copyOf(elements);
        }

        @Override
        public String type() {
            return "L";
        }

        @Override
        public int size() {
            return 3 + elements.stream().mapToInt(element -> element.size() + 1).sum();
        }
    }

    /** A set of strings, numbers or binaries; never empty. */
    record Members(String type, Set<Value> elements) implements Value {

        public Members {
            elements = Set.copyOf(elements);
        }

        @Override
        public int size() {
            return elements.stream().mapToInt(Value::size).sum();
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
