package io.parley.benchmarks.constants;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The value of every {@link Constant}, with its source. Immutable. */
public final class Constants {

    private static final String FILE = "constants.csv";
    private static final String COLUMNS = "constant,value,small,unit,kind,date,source";

    /**
     * A line of the file.
     *
     * @param small the value in a small region
     * @param kind measured (a result file of this project), published (somebody else's page) or assumed
     */
    public record Line(
            Constant constant, double value, double small, String unit, String kind, String date, String source) {

        public Line {
            if (!(value > 0) || !(small > 0)) {
                throw new IllegalArgumentException(
                        constant.key() + " is " + value + " and " + small + ", but both must be positive");
            }
            if (!kind.matches("measured|published|assumed")) {
                throw new IllegalArgumentException(
                        constant.key() + " is " + kind + ", but must be measured, published or assumed");
            }
            if (unit.isEmpty() || date.isEmpty() || source.isEmpty()) {
                throw new IllegalArgumentException(constant.key() + " must say unit, date and source");
            }
        }
    }

    private final Map<Constant, Line> lines;

    private Constants(Map<Constant, Line> lines) {
        this.lines = Collections.unmodifiableMap(lines);
    }

    /** Those of the file beside this class. */
    public static Constants load() {
        try (Reader reader = new InputStreamReader(Constants.class.getResourceAsStream(FILE), StandardCharsets.UTF_8)) {
            return read(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line for each constant, without quotes: no field has a comma. An empty {@code small} is as {@code value}. */
    static Constants read(Reader text) throws IOException {
        List<String> rows = new BufferedReader(text).lines().toList();
        if (rows.isEmpty() || !rows.get(0).equals(COLUMNS)) {
            throw new IllegalArgumentException("the file of constants must begin with " + COLUMNS);
        }
        Map<String, Constant> keys = new HashMap<>();
        for (Constant constant : Constant.values()) {
            keys.put(constant.key(), constant);
        }
        Map<Constant, Line> lines = new EnumMap<>(Constant.class);
        for (String row : rows.subList(1, rows.size())) {
            Line line = line(row, keys);
            if (lines.put(line.constant(), line) != null) {
                throw new IllegalArgumentException(
                        "the file of constants has " + line.constant().key() + " twice");
            }
        }
        for (Constant constant : Constant.values()) {
            if (!lines.containsKey(constant)) {
                throw new IllegalArgumentException("the file of constants lacks " + constant.key());
            }
        }
        return new Constants(lines);
    }

    private static Line line(String row, Map<String, Constant> keys) {
        String[] fields = row.split(",", -1);
        if (fields.length != 7 || !keys.containsKey(fields[0])) {
            throw new IllegalArgumentException("no value of a known constant: " + row);
        }
        double value = Double.parseDouble(fields[1]);
        double small = fields[2].isEmpty() ? value : Double.parseDouble(fields[2]);
        return new Line(keys.get(fields[0]), value, small, fields[3], fields[4], fields[5], fields[6]);
    }

    public double of(Constant constant) {
        return lines.get(constant).value();
    }

    public double of(Constant constant, RegionLimits region) {
        Line line = lines.get(constant);
        return region == RegionLimits.SMALL ? line.small() : line.value();
    }

    /** In the order of the constants. */
    public Collection<Line> lines() {
        return lines.values();
    }
}
