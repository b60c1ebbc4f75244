package io.parley.benchmarks.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Parts of pages, between {@code <!-- name -->} and its end, that follow from code. {@code -Ddocs.write=true} writes them. */
public final class GeneratedPart {

    private final Path page;
    private final String name;

    public GeneratedPart(Path page, String name) {
        this.page = page;
        this.name = name;
    }

    public void isTable(List<String> columns, List<List<String>> rows) throws IOException {
        StringBuilder table = new StringBuilder("| " + String.join(" | ", columns) + " |\n|");
        table.append("---|".repeat(columns.size())).append('\n');
        rows.forEach(row -> table.append("| ").append(String.join(" | ", row)).append(" |\n"));
        is(table.toString());
    }

    /** @param content lines, each with its end */
    public void is(String content) throws IOException {
        String text = Files.readString(page);
        String begin = "<!-- " + name + " -->\n";
        int from = text.indexOf(begin);
        int to = text.indexOf("<!-- /" + name + " -->");
        assertThat(from).as("the beginning of %s in %s", name, page).isNotNegative();
        assertThat(to).as("the end of %s in %s", name, page).isGreaterThan(from);
        String part = '\n' + content + '\n';
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(page, text.substring(0, from) + begin + part + text.substring(to));
            return;
        }
        assertThat(text.substring(from + begin.length(), to))
                .as("%s in %s; -Ddocs.write=true writes it anew", name, page)
                .isEqualTo(part);
    }
}
