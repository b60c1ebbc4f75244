package io.parley.local.dynamodb.expression;

import io.parley.local.dynamodb.value.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Parses UpdateExpression:
 *
 * <pre>
 * update  = section { section }                    each of the four at most once
 * section = SET path "=" sum {"," ...} | REMOVE path {"," ...} | ADD path :value {"," ...} | DELETE path :value {"," ...}
 * sum     = term [ ("+" | "-") term ]
 * term    = path | :value | if_not_exists "(" path "," term ")" | list_append "(" term "," term ")" | "(" sum ")"
 * </pre>
 */
public final class UpdateParser extends ExpressionParser {

    private final List<UpdateExpression.Action> actions = new ArrayList<>();

    private UpdateParser(String text, Placeholders placeholders) {
        super("UpdateExpression", text, placeholders);
    }

    public static UpdateExpression parse(String text, Placeholders placeholders) {
        UpdateParser parser = new UpdateParser(text, placeholders);
        parser.sections();
        DocumentPath.requireApart(
                parser.kind(),
                parser.actions.stream().map(UpdateExpression.Action::path).toList());
        return new UpdateExpression(parser.actions);
    }

    private void sections() {
        Set<String> seen = new HashSet<>();
        do {
            String section = peek().kind() == Token.Kind.NAME ? peek().text().toUpperCase(Locale.ROOT) : "";
            if (!Set.of("SET", "REMOVE", "ADD", "DELETE").contains(section)) {
                throw syntaxError();
            }
            take();
            if (!seen.add(section)) {
                throw invalid("The \"" + section + "\" section can only be used once in an update expression;");
            }
            do {
                actions.add(action(section));
            } while (takeIf(","));
        } while (peek().kind() != Token.Kind.END);
    }

    private UpdateExpression.Action action(String section) {
        DocumentPath path = path();
        switch (section) {
            case "SET":
                require("=");
                return new UpdateExpression.Assign(path, sum());
            case "REMOVE":
                return new UpdateExpression.Remove(path);
            case "ADD":
                Value addition = placeholder();
                if (!(addition instanceof Value.Numeric) && !(addition instanceof Value.Members)) {
                    throw wrongType("ADD", addition);
                }
                return new UpdateExpression.Add(path, addition);
            default:
                Value taken = placeholder();
                if (taken instanceof Value.Members members) {
                    return new UpdateExpression.Delete(path, members);
                }
                throw wrongType("DELETE", taken);
        }
    }

    private RuntimeException wrongType(String operator, Value value) {
        return invalid("Incorrect operand type for operator or function; operator: " + operator + ", operand type: "
                + longName(value));
    }

    /** In these messages, and only there, AWS spells the types out. */
    private static String longName(Value value) {
        return switch (value.type()) {
            case "S" -> "STRING";
            case "N" -> "NUMBER";
            case "B" -> "BINARY";
            case "BOOL" -> "BOOLEAN";
            case "L" -> "LIST";
            case "M" -> "MAP";
            default -> value.type();
        };
    }

    private UpdateExpression.Term sum() {
        UpdateExpression.Term left = term();
        boolean minus = peek().is("-");
        if (!minus && !peek().is("+")) {
            return left;
        }
        String operator = take().text();
        UpdateExpression.Term right = term();
        requireLiteral(operator, left, "N");
        requireLiteral(operator, right, "N");
        return new UpdateExpression.Sum(left, right, minus);
    }

    private UpdateExpression.Term term() {
        if (takeIf("(")) {
            UpdateExpression.Term inner = sum();
            require(")");
            return inner;
        }
        if (peek().kind() == Token.Kind.PLACEHOLDER) {
            return new UpdateExpression.LiteralTerm(placeholder());
        }
        if (atFunction()) {
            return function();
        }
        return new UpdateExpression.PathTerm(path());
    }

    private UpdateExpression.Term function() {
        String name = take().text();
        if (!name.equals("if_not_exists") && !name.equals("list_append")) {
            throw invalid("Invalid function name; function: " + name);
        }
        require("(");
        List<UpdateExpression.Term> arguments = new ArrayList<>();
        do {
            arguments.add(term());
        } while (takeIf(","));
        require(")");
        if (arguments.size() != 2) {
            throw invalid("Incorrect number of operands for operator or function; operator or function: " + name
                    + ", number of operands: " + arguments.size());
        }
        if (name.equals("list_append")) {
            requireLiteral(name, arguments.get(0), "L");
            requireLiteral(name, arguments.get(1), "L");
            return new UpdateExpression.ListAppend(arguments.get(0), arguments.get(1));
        }
        if (arguments.get(0) instanceof UpdateExpression.PathTerm path) {
            return new UpdateExpression.IfNotExists(path.path(), arguments.get(1));
        }
        throw invalid("Operator or function requires a document path; operator or function: " + name);
    }

    private void requireLiteral(String operator, UpdateExpression.Term term, String type) {
        if (term instanceof UpdateExpression.LiteralTerm literal
                && !literal.value().type().equals(type)) {
            throw wrongOperand(operator, literal.value().type());
        }
    }
}
