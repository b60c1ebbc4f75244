package io.parley.local.dynamodb.expression;

import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.Value;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A parsed condition or filter. Comparing values of different types, or with an attribute that is not there, is false,
 * except for {@code <>}, which is true then: the page "Condition and filter expressions, operators, and functions".
 */
public sealed interface Condition {

    /** Of an item that is not there, nothing exists: give {@link Document#EMPTY}. */
    boolean holds(Document item);

    /** Visits the operands, to look for paths. */
    void operands(Consumer<Operand> visitor);

    record And(Condition left, Condition right) implements Condition {
        @Override
        public boolean holds(Document item) {
            return left.holds(item) && right.holds(item);
        }

        @Override
        public void operands(Consumer<Operand> visitor) {
            left.operands(visitor);
            right.operands(visitor);
        }
    }

    record Or(Condition left, Condition right) implements Condition {
        @Override
        public boolean holds(Document item) {
            return left.holds(item) || right.holds(item);
        }

        @Override
        public void operands(Consumer<Operand> visitor) {
            left.operands(visitor);
            right.operands(visitor);
        }
    }

    record Not(Condition condition) implements Condition {
        @Override
        public boolean holds(Document item) {
            return !condition.holds(item);
        }

        @Override
        public void operands(Consumer<Operand> visitor) {
            condition.operands(visitor);
        }
    }

    /** {@code = <> < <= > >=} */
    record Comparison(String operator, Operand left, Operand right) implements Condition {
        @Override
        public boolean holds(Document item) {
            Value one = left.evaluate(item);
            Value two = right.evaluate(item);
            if (operator.equals("=")) {
                return one != null && one.equals(two);
            }
            if (operator.equals("<>")) {
                return one == null || !one.equals(two);
            }
            if (one == null || two == null || !one.isScalar() || !one.type().equals(two.type())) {
                return false;
            }
            int order = Value.compare(one, two);
            return switch (operator) {
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                default -> order >= 0;
            };
        }

        @Override
        public void operands(Consumer<Operand> visitor) {
            visitor.accept(left);
            visitor.accept(right);
        }
    }

    record Between(Operand operand, Operand low, Operand high) implements Condition {
        @Override
        public boolean holds(Document item) {
            return new Comparison(">=", operand, low).holds(item) && new Comparison("<=", operand, high).holds(item);
        }

        @Override
        public void operands(Consumer<Operand> visitor) {
            List.of(operand, low, high).forEach(visitor);
        }
    }

    record In(Operand operand, List<Operand> candidates) implements Condition {
        @Override
        public boolean holds(Document item) {
            return candidates.stream().anyMatch(candidate -> new Comparison("=", operand, candidate).holds(item));
        }

        @Override
        public void operands(Consumer<Operand> visitor) {
            visitor.accept(operand);
            candidates.forEach(visitor);
        }
    }

    record Exists(Operand.Path path, boolean expected) implements Condition {
        @Override
        public boolean holds(Document item) {
            return (path.evaluate(item) != null) == expected;
        }

        @Override
        public void operands(Consumer<Operand> visitor) {
            visitor.accept(path);
        }
    }

    record HasType(Operand.Path path, String type) implements Condition {
        @Override
        public boolean holds(Document item) {
            Value value = path.evaluate(item);
            return value != null && value.type().equals(type);
        }

        @Override
        public void operands(Consumer<Operand> visitor) {
            visitor.accept(path);
        }
    }

    record BeginsWith(Operand operand, Operand prefix) implements Condition {
        @Override
        public boolean holds(Document item) {
            Value value = operand.evaluate(item);
            Value start = prefix.evaluate(item);
            if (value instanceof Value.Text whole && start instanceof Value.Text part) {
                return whole.text().startsWith(part.text());
            }
            if (value instanceof Value.Binary whole && start instanceof Value.Binary part) {
                return part.bytes().length <= whole.bytes().length
                        && Arrays.equals(whole.bytes(), 0, part.bytes().length, part.bytes(), 0, part.bytes().length);
            }
            return false;
        }

        @Override
        public void operands(Consumer<Operand> visitor) {
            visitor.accept(operand);
            visitor.accept(prefix);
        }
    }

    record Contains(Operand operand, Operand part) implements Condition {
        @Override
        public boolean holds(Document item) {
            Value value = operand.evaluate(item);
            Value sought = part.evaluate(item);
            if (value instanceof Value.Text whole && sought instanceof Value.Text text) {
                return whole.text().contains(text.text());
            }
            if (value instanceof Value.Binary whole && sought instanceof Value.Binary binary) {
                return Collections.indexOfSubList(boxed(whole.bytes()), boxed(binary.bytes())) >= 0;
            }
            if (value instanceof Value.Members members) {
                return sought != null && members.elements().contains(sought);
            }
            return value instanceof Value.Sequence sequence
                    && sequence.elements().stream().anyMatch(element -> Objects.equals(element, sought));
        }

        @Override
        public void operands(Consumer<Operand> visitor) {
            visitor.accept(operand);
            visitor.accept(part);
        }

        private static List<Byte> boxed(byte[] bytes) {
            Byte[] boxed = new Byte[bytes.length];
            Arrays.setAll(boxed, i -> bytes[i]);
            return List.of(boxed);
        }
    }
}
