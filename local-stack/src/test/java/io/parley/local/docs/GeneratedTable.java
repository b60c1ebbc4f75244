package io.parley.local.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.options.Option;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of a page that follows from the code: what stands between {@code <!-- name -->} and {@code <!-- /name -->}.
 *
 * <p>{@code -Ddocs.write=true} writes the tables anew instead of comparing them.
 */
final class GeneratedTable {

    private static final boolean WRITE = Boolean.getBoolean("docs.write");

    private final List<String> lines = new ArrayList<>();

    GeneratedTable(String... columns) {
        row(columns);
        lines.add("|" + "---|".repeat(columns.length));
    }

    static GeneratedTable of(List<Option<?>> options) {
        GeneratedTable table = new GeneratedTable("key", "default", "what it does");
        for (Option<?> option : options) {
            String defaultText = option.defaultText();
            table.row(
                    '`' + option.key() + '`',
                    option.defaultValue() == null
                            ? "required"
                            : defaultText.isEmpty() ? "empty" : '`' + defaultText + '`',
                    option.description());
        }
        return table;
    }

    GeneratedTable row(String... cells) {
        StringBuilder line = new StringBuilder("|");
        for (String cell : cells) {
            line.append(' ').append(cell.replace("|", "\\|")).append(" |");
        }
        lines.add(line.toString());
        return this;
    }

    /** Compares it with the page, or writes it there. */
    void holdsIn(String page, String name) {
        Path file = Pages.named(page);
        String text = Pages.read(file);
        String begin = "<!-- " + name + " -->\n";
        String end = "<!-- /" + name + " -->";
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        assertThat(from).as("the beginning of table %s in %s", name, page).isNotNegative();
        assertThat(to).as("the end of table %s in %s", name, page).isGreaterThan(from);
        String table = "\n" + String.join("\n", lines) + "\n\n";
        if (WRITE) {
            Pages.write(file, text.substring(0, from) + begin + table + text.substring(to));
            return;
        }
        assertThat(text.substring(from + begin.length(), to))
                .as("table %s in %s; -Ddocs.write=true writes it anew", name, page)
                .isEqualTo(table);
    }
}
