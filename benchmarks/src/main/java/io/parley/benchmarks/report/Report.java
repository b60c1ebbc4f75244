package io.parley.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tables for people, and the same numbers for programs. Sections come in the order in which they are added. */
public final class Report {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final String title;
    private final StringBuilder text = new StringBuilder();
    private final Map<String, Object> data = new LinkedHashMap<>();

    public Report(String title) {
        this.title = title;
    }

    public void facts(String name, Map<String, String> facts) {
        text.append('\n');
        facts.forEach((key, value) ->
                text.append("- ").append(key).append(": ").append(value).append('\n'));
        data.put(name, facts);
    }

    public void paragraph(String sentences) {
        text.append('\n').append(sentences).append('\n');
    }

    /** A section of sentences; for people alone. */
    public void list(String name, List<String> sentences) {
        text.append("\n## ").append(name).append("\n\n");
        sentences.forEach(sentence -> text.append("- ").append(sentence).append('\n'));
    }

    /** A table with its columns' names; {@code numbers} is the same for programs. */
    public void table(String name, String note, List<String> columns, List<List<String>> rows, Object numbers) {
        text.append("\n## ").append(name).append("\n\n");
        if (!note.isEmpty()) {
            text.append(note).append("\n\n");
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns);
        lines.addAll(rows);
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (int i = 0; i < lines.size(); i++) {
            appendRow(lines.get(i), widths);
            if (i == 0) {
                for (int width : widths) {
                    text.append('|').append("-".repeat(width + 2));
                }
                text.append("|\n");
            }
        }
        data.put(name, numbers);
    }

    private void appendRow(List<String> cells, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            text.append("| ")
                    .append(cells.get(i))
                    .append(" ".repeat(widths[i] - cells.get(i).length() + 1));
        }
        text.append("|\n");
    }

    /** Puts another report's sections behind these. */
    public void append(Report other) {
        text.append(other.text);
        data.putAll(other.data);
    }

    public String text() {
        return "# " + title + '\n' + text;
    }

    /** Writes {@code name.md} and {@code name.json} into the folder. */
    public void write(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".md"), text());
        Files.writeString(folder.resolve(name + ".json"), JSON.writeValueAsString(data) + '\n');
    }
}
