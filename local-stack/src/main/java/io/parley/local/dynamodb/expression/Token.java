package io.parley.local.dynamodb.expression;

/**
 * A word of an expression.
 *
 * @param position where it starts, counted from 1
 */
record Token(Kind kind, String text, int position) {

    enum Kind {
        /** A plain name: an attribute, a function or a keyword. */
        NAME,
        /** {@code #name} */
        ALIAS,
        /** {@code :value} */
        PLACEHOLDER,
        NUMBER,
        SYMBOL,
        END
    }

    boolean is(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isKeyword(String keyword) {
        return kind == Kind.NAME && text.equalsIgnoreCase(keyword);
    }
}
