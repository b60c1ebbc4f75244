package io.parley.local.dynamodb.expression;

import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.Value;

/** What a condition compares. */
public sealed interface Operand {

    /** Its value for an item; null where the item has none. */
    Value evaluate(Document item);

    record Path(DocumentPath path) implements Operand {
        @Override
        public Value evaluate(Document item) {
            return path.read(item);
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    record Literal(Value value) implements Operand {
        @Override
        public Value evaluate(Document item) {
            return value;
        }
    }

    /** {@code size(path)}: characters, bytes, elements or entries; nothing for types without a size. */
    record Size(Operand of) implements Operand {
        @Override
        public Value evaluate(Document item) {
            Value value = of.evaluate(item);
            if (value instanceof Value.Text text) {
                return Value.Numeric.of(
                        text.text().codePointCount(0, text.text().length()));
            }
            if (value instanceof Value.Binary binary) {
                return Value.Numeric.of(binary.bytes().length);
            }
            if (value instanceof Value.Sequence sequence) {
                return Value.Numeric.of(sequence.elements().size());
            }
            if (value instanceof Value.Members members) {
                return Value.Numeric.of(members.elements().size());
            }
            if (value instanceof Document document) {
                return Value.Numeric.of(document.entries().size());
            }
            return null;
        }
    }
}
