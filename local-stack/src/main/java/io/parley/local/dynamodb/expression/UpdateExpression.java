package io.parley.local.dynamodb.expression;

import io.parley.local.dynamodb.DynamoDbFailure;
import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.Value;
import io.parley.local.dynamodb.value.ValueJson;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A parsed UpdateExpression. All values are computed from the item as it was before; then SET, ADD and DELETE are
 * applied, then REMOVE, list elements from the back, so that indices mean the list as it was: the page "Update
 * expressions".
 */
public final class UpdateExpression {

    /** What SET assigns. */
    sealed interface Term {
        Value evaluate(Document before);
    }

    record PathTerm(DocumentPath path) implements Term {
        @Override
        public Value evaluate(Document before) {
            Value value = path.read(before);
            if (value == null) {
                throw DynamoDbFailure.validation(
                        "The provided expression refers to an attribute that does not exist in the item");
            }
            return value;
        }
    }

    record LiteralTerm(Value value) implements Term {
        @Override
        public Value evaluate(Document before) {
            return value;
        }
    }

    record IfNotExists(DocumentPath path, Term otherwise) implements Term {
        @Override
        public Value evaluate(Document before) {
            Value value = path.read(before);
            return value == null ? otherwise.evaluate(before) : value;
        }
    }

    record ListAppend(Term first, Term second) implements Term {
        @Override
        public Value evaluate(Document before) {
            if (first.evaluate(before) instanceof Value.Sequence one
                    && second.evaluate(before) instanceof Value.Sequence two) {
                List<Value> elements = new ArrayList<>(one.elements());
                elements.addAll(two.elements());
                return new Value.Sequence(elements);
            }
            throw wrongType();
        }
    }

    record Sum(Term left, Term right, boolean subtract) implements Term {
        @Override
        public Value evaluate(Document before) {
            if (left.evaluate(before) instanceof Value.Numeric one
                    && right.evaluate(before) instanceof Value.Numeric two) {
                return sum(one.number(), subtract ? two.number().negate() : two.number());
            }
            throw wrongType();
        }
    }

    /** One action of a section. */
    sealed interface Action {
        DocumentPath path();
    }

    record Assign(DocumentPath path, Term term) implements Action {}

    record Remove(DocumentPath path) implements Action {}

    record Add(DocumentPath path, Value value) implements Action {}

    record Delete(DocumentPath path, Value.Members value) implements Action {}

    private final List<Action> actions;

    UpdateExpression(List<Action> actions) {
        this.actions = List.copyOf(actions);
    }

    /** The paths that it changes, as ReturnValues UPDATED_OLD and UPDATED_NEW answer them. */
    public Projection updated() {
        return Projection.of(actions.stream().map(Action::path).toList());
    }

    /** Names of the item's attributes that it changes. */
    public Set<String> attributes() {
        Set<String> attributes = new HashSet<>();
        actions.forEach(action -> attributes.add(action.path().attribute()));
        return attributes;
    }

    /** @throws DynamoDbFailure ValidationException where types do not fit or a path leads nowhere */
    public Document apply(Document before) {
        List<Assign> writes = new ArrayList<>();
        List<DocumentPath> removals = new ArrayList<>();
        for (Action action : actions) {
            if (action instanceof Assign assign) {
                writes.add(
                        new Assign(assign.path(), new LiteralTerm(assign.term().evaluate(before))));
            } else if (action instanceof Add add) {
                writes.add(
                        new Assign(add.path(), new LiteralTerm(added(add.path().read(before), add.value()))));
            } else if (action instanceof Delete delete) {
                Value left = reduced(delete.path().read(before), delete.value());
                if (left == null) {
                    removals.add(delete.path());
                } else {
                    writes.add(new Assign(delete.path(), new LiteralTerm(left)));
                }
            } else {
                removals.add(action.path());
            }
        }
        // Several appends to one list land in the order of their indices.
        writes.sort(Comparator.comparing(Assign::path, BY_LAST_INDEX));
        removals.sort(BY_LAST_INDEX.reversed());
        Document after = before;
        for (Assign write : writes) {
            after = write.path().write(after, write.term().evaluate(before));
        }
        for (DocumentPath removal : removals) {
            after = removal.remove(after);
        }
        return after;
    }

    private static final Comparator<DocumentPath> BY_LAST_INDEX = Comparator.comparingInt(
            path -> path.steps().get(path.steps().size() - 1) instanceof DocumentPath.Index last ? last.index() : -1);

    private static Value added(Value existing, Value addition) {
        if (existing == null) {
            return addition;
        }
        if (existing instanceof Value.Numeric one && addition instanceof Value.Numeric two) {
            return sum(one.number(), two.number());
        }
        if (existing instanceof Value.Members one
                && addition instanceof Value.Members two
                && one.type().equals(two.type())) {
            Set<Value> union = new HashSet<>(one.elements());
            union.addAll(two.elements());
            return new Value.Members(one.type(), union);
        }
        throw wrongType();
    }

    private static Value reduced(Value existing, Value.Members taken) {
        if (existing == null) {
            return null;
        }
        if (existing instanceof Value.Members members && members.type().equals(taken.type())) {
            Set<Value> left = new HashSet<>(members.elements());
            left.removeAll(taken.elements());
            return left.isEmpty() ? null : new Value.Members(members.type(), left);
        }
        throw wrongType();
    }

    private static Value sum(BigDecimal left, BigDecimal right) {
        return new Value.Numeric(ValueJson.withinRange(left.add(right)));
    }

    private static DynamoDbFailure wrongType() {
        return DynamoDbFailure.validation("An operand in the update expression has an incorrect data type");
    }
}
