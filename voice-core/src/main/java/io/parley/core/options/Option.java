package io.parley.core.options;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One setting of a program: its key, default, description, and how its text becomes a checked value. Immutable. */
public final class Option<T> {

    private final String key;
    private final T defaultValue;
    private final String description;
    private final Function<String, T> parser;

    private Option(String key, T defaultValue, String description, Function<String, T> parser) {
        this.key = Objects.requireNonNull(key);
        this.defaultValue = defaultValue;
        this.description = Objects.requireNonNull(description);
        this.parser = parser;
    }

    /** A whole number within [min, max]. */
    public static Option<Integer> integer(String key, int defaultValue, int min, int max, String description) {
        return new Option<>(key, defaultValue, description, text -> {
            int value;
            try {
                value = Integer.parseInt(text.trim());
            } catch (NumberFormatException e) {
                throw new OptionException(key + " is '" + text + "', but must be a whole number");
            }
            if (value < min || value > max) {
                throw new OptionException(key + " is " + value + ", but must be within " + min + " and " + max);
            }
            return value;
        });
    }

    /** One of an enum's constants, written in lower case with '-' for '_'. */
    public static <E extends Enum<E>> Option<E> choice(String key, E defaultValue, String description) {
        Class<E> type = defaultValue.getDeclaringClass();
        return new Option<>(key, defaultValue, description, text -> {
            for (E constant : type.getEnumConstants()) {
                if (name(constant).equals(text.trim())) {
                    return constant;
                }
            }
            throw new OptionException(key + " is '" + text + "', but must be one of "
                    + Arrays.stream(type.getEnumConstants()).map(Option::name).collect(Collectors.joining(", ")));
        });
    }

    /** {@code true} or {@code false}. */
    public static Option<Boolean> flag(String key, boolean defaultValue, String description) {
        return new Option<>(key, defaultValue, description, text -> {
            if (!text.equals("true") && !text.equals("false")) {
                throw new OptionException(key + " is '" + text + "', but must be true or false");
            }
            return Boolean.valueOf(text);
        });
    }

    /** Any text that is not blank. */
    public static Option<String> text(String key, String defaultValue, String description) {
        return new Option<>(key, defaultValue, description, text -> {
            if (text.isBlank()) {
                throw new OptionException(key + " is empty");
            }
            return text;
        });
    }

    /** A text without which the program does not start. */
    public static Option<String> required(String key, String description) {
        return text(key, null, description);
    }

    public String key() {
        return key;
    }

    /** The default, or null if the option is required. */
    public T defaultValue() {
        return defaultValue;
    }

    /** The default as it would be written. */
    public String defaultText() {
        return defaultValue == null
                ? ""
                : defaultValue instanceof Enum ? name((Enum<?>) defaultValue) : defaultValue.toString();
    }

    public String description() {
        return description;
    }

    T parse(String text) {
        if (text != null) {
            return parser.apply(text);
        }
        if (defaultValue == null) {
            throw new OptionException(key + " is not set: " + description);
        }
        return defaultValue;
    }

    /** How a {@link #choice} writes the constant: {@code TRIM_HORIZON} as {@code trim-horizon}. */
    public static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
