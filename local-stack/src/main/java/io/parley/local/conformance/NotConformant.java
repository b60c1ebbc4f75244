package io.parley.local.conformance;

/** The deployment did something else than the protocol says; the message says what was expected and what was seen. */
final class NotConformant extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotConformant(String message) {
        super(message);
    }

    static void unless(boolean asPromised, String message, Object... arguments) {
        if (!asPromised) {
            throw new NotConformant(String.format(message, arguments));
        }
    }

    static void expect(Object expected, Object seen, String what) {
        unless(expected.equals(seen), "%s is %s instead of %s", what, seen, expected);
    }
}
