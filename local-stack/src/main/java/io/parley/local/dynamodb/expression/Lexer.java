package io.parley.local.dynamodb.expression;

import io.parley.local.dynamodb.DynamoDbFailure;
import java.util.ArrayList;
import java.util.List;

/** Splits an expression into tokens and words the syntax errors, which name the token, what is near it and where. */
final class Lexer {

    private static final String SYMBOLS = "()[],.=<>+-";

    private final String expressionKind;
    private final String text;
    private final List<Token> tokens = new ArrayList<>();

    Lexer(String expressionKind, String text) {
        this.expressionKind = expressionKind;
        this.text = text;
    }

    /** All tokens, with one of kind END at the end. */
    List<Token> tokens() {
        int at = 0;
        while (at < text.length()) {
            char first = text.charAt(at);
            if (Character.isWhitespace(first)) {
                at++;
                continue;
            }
            int end = at + 1;
            Token.Kind kind;
            if (first == '#' || first == ':') {
                end = wordEnd(end);
                kind = first == '#' ? Token.Kind.ALIAS : Token.Kind.PLACEHOLDER;
                if (end == at + 1) {
                    throw syntaxError(new Token(kind, text.substring(at, end), at + 1));
                }
            } else if (isLetter(first)) {
                end = wordEnd(end);
                kind = Token.Kind.NAME;
            } else if (isDigit(first)) {
                while (end < text.length() && isDigit(text.charAt(end))) {
                    end++;
                }
                kind = Token.Kind.NUMBER;
            } else {
                kind = Token.Kind.SYMBOL;
                if (at + 1 < text.length() && List.of("<>", "<=", ">=").contains(text.substring(at, at + 2))) {
                    end = at + 2;
                } else if (SYMBOLS.indexOf(first) < 0) {
                    throw syntaxError(new Token(kind, text.substring(at, end), at + 1));
                }
            }
            tokens.add(new Token(kind, text.substring(at, end), at + 1));
            at = end;
        }
        tokens.add(new Token(Token.Kind.END, "<EOF>", text.length() + 1));
        return tokens;
    }

    DynamoDbFailure syntaxError(Token token) {
        int start = Math.max(0, token.position() - 1 - 10);
        int end = Math.min(text.length(), token.position() - 1 + token.text().length() + 10);
        return DynamoDbFailure.validation(
                "Invalid " + expressionKind + ": Syntax error; token: \"" + token.text() + "\", near: \""
                        + text.substring(start, Math.max(start, end)) + "\", at character " + token.position());
    }

    private int wordEnd(int from) {
        int end = from;
        while (end < text.length() && (isLetter(text.charAt(end)) || isDigit(text.charAt(end)))) {
            end++;
        }
        return end;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
