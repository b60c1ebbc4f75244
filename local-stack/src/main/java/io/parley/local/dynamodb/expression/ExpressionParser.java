package io.parley.local.dynamodb.expression;

import io.parley.local.dynamodb.DynamoDbFailure;
import io.parley.local.dynamodb.value.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * What the parsers of all expressions share: tokens, document paths and the wording of errors. By recursive descent, one
 * parser object for one expression.
 */
abstract class ExpressionParser {

    /** The page "Constraints in Amazon DynamoDB": an expression string is at most 4 KB. */
    private static final int MAX_BYTES = 4096;

    private final String kind;
    private final Placeholders placeholders;
    private final Lexer lexer;
    private final List<Token> tokens;
    private int next;

    /** @param kind the request parameter's name, such as {@code ConditionExpression}, for the messages */
    ExpressionParser(String kind, String text, Placeholders placeholders) {
        this.kind = kind;
        this.placeholders = placeholders;
        if (text.isEmpty()) {
            throw invalid("The expression can not be empty;");
        }
        if (Value.utf8(text).length > MAX_BYTES) {
            throw invalid("Expression size has exceeded the maximum allowed size;");
        }
        this.lexer = new Lexer(kind, text);
        this.tokens = lexer.tokens();
    }

    final String kind() {
        return kind;
    }

    final Token peek() {
        return tokens.get(next);
    }

    final Token peekSecond() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    final Token take() {
        Token token = peek();
        if (token.kind() != Token.Kind.END) {
            next++;
        }
        return token;
    }

    final boolean takeIf(String symbol) {
        if (!peek().is(symbol)) {
            return false;
        }
        next++;
        return true;
    }

    final boolean takeIfKeyword(String keyword) {
        if (!peek().isKeyword(keyword)) {
            return false;
        }
        next++;
        return true;
    }

    final void require(String symbol) {
        if (!takeIf(symbol)) {
            throw syntaxError();
        }
    }

    final void requireKeyword(String keyword) {
        if (!takeIfKeyword(keyword)) {
            throw syntaxError();
        }
    }

    final void requireEnd() {
        if (peek().kind() != Token.Kind.END) {
            throw syntaxError();
        }
    }

    final boolean atFunction() {
        return peek().kind() == Token.Kind.NAME && peekSecond().is("(");
    }

    final Value placeholder() {
        if (peek().kind() != Token.Kind.PLACEHOLDER) {
            throw syntaxError();
        }
        return placeholders.value(kind, take().text());
    }

    final DocumentPath path() {
        List<DocumentPath.Step> steps = new ArrayList<>();
        steps.add(attribute());
        while (true) {
            if (takeIf(".")) {
                steps.add(attribute());
            } else if (takeIf("[")) {
                if (peek().kind() != Token.Kind.NUMBER || peek().text().length() > 9) {
                    throw syntaxError();
                }
                steps.add(new DocumentPath.Index(Integer.parseInt(take().text())));
                require("]");
            } else {
                return new DocumentPath(steps);
            }
        }
    }

    private DocumentPath.Name attribute() {
        Token token = peek();
        if (token.kind() == Token.Kind.ALIAS) {
            return new DocumentPath.Name(placeholders.name(kind, take().text()));
        }
        if (token.kind() != Token.Kind.NAME) {
            throw syntaxError();
        }
        if (ReservedWords.contains(token.text())) {
            throw invalid("Attribute name is a reserved keyword; reserved keyword: " + token.text());
        }
        return new DocumentPath.Name(take().text());
    }

    final DynamoDbFailure syntaxError() {
        return lexer.syntaxError(peek());
    }

    final DynamoDbFailure invalid(String what) {
        return DynamoDbFailure.validation("Invalid " + kind + ": " + what);
    }

    final DynamoDbFailure wrongOperand(String operatorOrFunction, String type) {
        return invalid("Incorrect operand type for operator or function; operator or function: " + operatorOrFunction
                + ", operand type: " + type);
    }
}
