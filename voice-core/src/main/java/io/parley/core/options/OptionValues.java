package io.parley.core.options;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The settings of one program as they were given: a view on a map of texts, read through {@link Option}s. */
public final class OptionValues {

    private final Map<String, String> values;

    private OptionValues(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** For a map that holds other things as well, such as the environment. */
    public static OptionValues lenient(Map<String, String> values) {
        return new OptionValues(values);
    }

    /** For a map of the program's own: a key that is not among {@code known} stops the start. */
    public static OptionValues strict(Map<String, String> values, List<Option<?>> known) {
        TreeSet<String> unknown = new TreeSet<>(values.keySet());
        known.forEach(option -> unknown.remove(option.key()));
        if (!unknown.isEmpty()) {
            throw new OptionException("unknown setting " + unknown + "; docs/tuning.md lists those there are");
        }
        return new OptionValues(values);
    }

    /** The checked value, or the default; throws {@link OptionException}. */
    public <T> T get(Option<T> option) {
        return option.parse(values.get(option.key()));
    }
}
