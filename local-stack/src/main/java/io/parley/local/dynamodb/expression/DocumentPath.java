package io.parley.local.dynamodb.expression;

import io.parley.local.dynamodb.DynamoDbFailure;
import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A way into an item, such as {@code a.b[0]}: attribute names and list indices; never empty, begins with a name. */
public record DocumentPath(List<Step> steps) {

    /** One part of a path. */
    public sealed interface Step {}

    /** An attribute of an item or map. */
    public record Name(String name) implements Step {
        @Override
        public String toString() {
            return name;
        }
    }

    /** An element of a list. */
    public record Index(int index) implements Step {
        @Override
        public String toString() {
            return "[" + index + "]";
        }
    }

    public DocumentPath {
        steps = List.copyOf(steps);
    }

    public static DocumentPath of(String attribute) {
        return new DocumentPath(List.of(new Name(attribute)));
    }

    /** The attribute of the item that the path begins with. */
    public String attribute() {
        return ((Name) steps.get(0)).name();
    }

    public boolean isNested() {
        return steps.size() > 1;
    }

    /** What is there; null where nothing is. */
    public Value read(Document item) {
        Value value = item;
        for (Step step : steps) {
            value = child(value, step);
            if (value == null) {
                return null;
            }
        }
        return value;
    }

    /** The item with the value there. The parent must exist; an index past a list's end appends. */
    Document write(Document item, Value value) {
        return (Document) replace(item, 0, value);
    }

    /** The item without what is there. The parent must exist; a missing attribute or element is none to remove. */
    Document remove(Document item) {
        return (Document) replace(item, 0, null);
    }

    private Value replace(Value parent, int depth, Value leaf) {
        Step step = steps.get(depth);
        boolean last = depth == steps.size() - 1;
        Value replacement = last ? leaf : replace(existing(child(parent, step)), depth + 1, leaf);
        if (parent instanceof Document document && step instanceof Name name) {
            return replacement == null ? document.without(name.name()) : document.with(name.name(), replacement);
        }
        if (parent instanceof Value.Sequence sequence && step instanceof Index index) {
            List<Value> elements = new ArrayList<>(sequence.elements());
            if (index.index() >= elements.size()) {
                if (replacement != null) {
                    elements.add(replacement);
                }
            } else if (replacement == null) {
                elements.remove(index.index());
            } else {
                elements.set(index.index(), replacement);
            }
            return new Value.Sequence(elements);
        }
        throw invalidForUpdate();
    }

    private static Value existing(Value parent) {
        if (parent == null) {
            throw invalidForUpdate();
        }
        return parent;
    }

    private static DynamoDbFailure invalidForUpdate() {
        return DynamoDbFailure.validation("The document path provided in the update expression is invalid for update");
    }

    private static Value child(Value parent, Step step) {
        if (parent instanceof Document document && step instanceof Name name) {
            return document.get(name.name());
        }
        if (parent instanceof Value.Sequence sequence && step instanceof Index index) {
            return index.index() < sequence.elements().size()
                    ? sequence.elements().get(index.index())
                    : null;
        }
        return null;
    }

    /** Refuses two paths of which one leads through the other, or which treat one place as map and as list. */
    static void requireApart(String expressionKind, List<DocumentPath> paths) {
        for (int i = 0; i < paths.size(); i++) {
            for (int j = i + 1; j < paths.size(); j++) {
                String clash = paths.get(i).clash(paths.get(j));
                if (clash != null) {
                    throw DynamoDbFailure.validation("Invalid " + expressionKind + ": Two document paths " + clash
                            + " with each other; must remove or rewrite one of these paths; path one: " + paths.get(i)
                            + ", path two: " + paths.get(j));
                }
            }
        }
    }

    private String clash(DocumentPath other) {
        for (int i = 0; i < Math.min(steps.size(), other.steps.size()); i++) {
            Step one = steps.get(i);
            Step two = other.steps.get(i);
            if (one.getClass() != two.getClass()) {
                return "conflict";
            }
            if (!one.equals(two)) {
                return null;
            }
        }
        return "overlap";
    }

    /** As AWS prints it in messages: {@code [a, [0], b]}. */
    @Override
    public String toString() {
        return steps.stream().map(Step::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
