package io.parley.local.dynamodb.expression;

import io.parley.local.dynamodb.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Parses ConditionExpression, FilterExpression and KeyConditionExpression:
 *
 * <pre>
 * or        = and { OR and }
 * and       = not { AND not }
 * not       = NOT not | "(" or ")" | predicate
 * predicate = function | operand ( comparator operand | BETWEEN operand AND operand | IN "(" operand {"," operand} ")" )
 * operand   = path | :value | size "(" operand ")"
 * </pre>
 */
public final class ConditionParser extends ExpressionParser {

    private static final Set<String> COMPARATORS = Set.of("=", "<>", "<", "<=", ">", ">=");
    private static final Set<String> TYPES = Set.of("S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS");
    private static final int MAX_CANDIDATES = 100;

    private ConditionParser(String kind, String text, Placeholders placeholders) {
        super(kind, text, placeholders);
    }

    /** @param kind the request parameter's name, for the messages */
    public static Condition parse(String kind, String text, Placeholders placeholders) {
        ConditionParser parser = new ConditionParser(kind, text, placeholders);
        Condition condition = parser.or();
        parser.requireEnd();
        return condition;
    }

    private Condition or() {
        Condition left = and();
        while (takeIfKeyword("OR")) {
            left = new Condition.Or(left, and());
        }
        return left;
    }

    private Condition and() {
        Condition left = not();
        while (takeIfKeyword("AND")) {
            left = new Condition.And(left, not());
        }
        return left;
    }

    private Condition not() {
        if (takeIfKeyword("NOT")) {
            return new Condition.Not(not());
        }
        if (peek().is("(")) {
            return parenthesised();
        }
        return predicate();
    }

    private Condition parenthesised() {
        require("(");
        boolean doubled = peek().is("(");
        Condition inner = or();
        require(")");
        if (doubled && inner == lastParenthesised) {
            throw invalid("The expression has redundant parentheses;");
        }
        lastParenthesised = inner;
        return inner;
    }

    /** What the latest closed parentheses held: the same object between two pairs means that one pair is redundant. */
    private Condition lastParenthesised;

    private Condition predicate() {
        if (atFunction() && !peek().text().equals("size")) {
            return function();
        }
        Operand operand = operand();
        if (peek().kind() == Token.Kind.SYMBOL && COMPARATORS.contains(peek().text())) {
            return comparison(operand);
        }
        if (takeIfKeyword("BETWEEN")) {
            Operand low = operand();
            requireKeyword("AND");
            return between(operand, low, operand());
        }
        if (takeIfKeyword("IN")) {
            return in(operand);
        }
        if (operand instanceof Operand.Size) {
            throw invalid("The function is not allowed to be used this way in an expression; function: size");
        }
        throw syntaxError();
    }

    private Condition comparison(Operand left) {
        String operator = take().text();
        Operand right = operand();
        if (!operator.equals("=") && !operator.equals("<>")) {
            requireOrdered(operator, left);
            requireOrdered(operator, right);
        }
        if (left instanceof Operand.Path && left.equals(right)) {
            throw invalid("The first operand must be distinct from the remaining operands for this operator or"
                    + " function; operator: " + operator + ", first operand: " + left);
        }
        return new Condition.Comparison(operator, left, right);
    }

    private Condition between(Operand operand, Operand low, Operand high) {
        List.of(operand, low, high).forEach(each -> requireOrdered("BETWEEN", each));
        if (low instanceof Operand.Literal lower && high instanceof Operand.Literal upper) {
            String bounds = "lower bound operand: AttributeValue: " + printed(lower.value())
                    + ", upper bound operand: AttributeValue: " + printed(upper.value());
            if (!lower.value().type().equals(upper.value().type())) {
                throw invalid("The BETWEEN operator requires same data type for lower and upper bounds; " + bounds);
            }
            if (Value.compare(lower.value(), upper.value()) > 0) {
                throw invalid("The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
                        + bounds);
            }
        }
        return new Condition.Between(operand, low, high);
    }

    private static String printed(Value value) {
        return "{" + value.type() + ":" + value + "}";
    }

    private Condition in(Operand operand) {
        require("(");
        List<Operand> candidates = new ArrayList<>();
        do {
            candidates.add(operand());
        } while (takeIf(","));
        require(")");
        if (candidates.size() > MAX_CANDIDATES) {
            throw wrongCount("IN", candidates.size() + 1);
        }
        return new Condition.In(operand, candidates);
    }

    private Operand operand() {
        if (peek().kind() == Token.Kind.PLACEHOLDER) {
            return new Operand.Literal(placeholder());
        }
        if (atFunction()) {
            if (!peek().text().equals("size")) {
                throw invalid(
                        "The function is not allowed to be used this way in an expression; function: " + peek().text());
            }
            List<Operand> arguments = arguments(take().text(), 1);
            return new Operand.Size(arguments.get(0));
        }
        return new Operand.Path(path());
    }

    private Condition function() {
        String name = take().text();
        switch (name) {
            case "attribute_exists":
                return new Condition.Exists(path(name, arguments(name, 1).get(0)), true);
            case "attribute_not_exists":
                return new Condition.Exists(path(name, arguments(name, 1).get(0)), false);
            case "attribute_type":
                List<Operand> typed = arguments(name, 2);
                return new Condition.HasType(path(name, typed.get(0)), typeName(typed.get(1)));
            case "begins_with":
                List<Operand> prefixed = arguments(name, 2);
                prefixed.forEach(this::requirePrefix);
                return new Condition.BeginsWith(prefixed.get(0), prefixed.get(1));
            case "contains":
                List<Operand> contained = arguments(name, 2);
                return new Condition.Contains(contained.get(0), contained.get(1));
            default:
                throw invalid("Invalid function name; function: " + name);
        }
    }

    private List<Operand> arguments(String function, int count) {
        require("(");
        List<Operand> arguments = new ArrayList<>();
        do {
            arguments.add(operand());
        } while (takeIf(","));
        require(")");
        if (arguments.size() != count) {
            throw wrongCount(function, arguments.size());
        }
        return arguments;
    }

    private RuntimeException wrongCount(String function, int count) {
        return invalid("Incorrect number of operands for operator or function; operator or function: " + function
                + ", number of operands: " + count);
    }

    private Operand.Path path(String function, Operand operand) {
        if (operand instanceof Operand.Path path) {
            return path;
        }
        throw invalid("Operator or function requires a document path; operator or function: " + function);
    }

    private String typeName(Operand operand) {
        if (operand instanceof Operand.Literal literal && literal.value() instanceof Value.Text type) {
            if (!TYPES.contains(type.text())) {
                throw invalid("Invalid attribute type name found; type: " + type.text() + ", valid types: "
                        + String.join(",", TYPES));
            }
            return type.text();
        }
        throw wrongOperand(
                "attribute_type",
                operand instanceof Operand.Literal literal ? literal.value().type() : "document path");
    }

    private void requirePrefix(Operand operand) {
        if (operand instanceof Operand.Literal literal
                && !(literal.value() instanceof Value.Text)
                && !(literal.value() instanceof Value.Binary)) {
            throw wrongOperand("begins_with", literal.value().type());
        }
    }

    private void requireOrdered(String operator, Operand operand) {
        if (operand instanceof Operand.Literal literal && !literal.value().isScalar()) {
            throw wrongOperand(operator, literal.value().type());
        }
    }
}
