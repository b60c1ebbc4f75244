package io.parley.benchmarks.latency;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What hops take: those of a file of published ones, by name. Immutable. */
final class Hops {

    private static final String FILE = "hops.csv";
    private static final String COLUMNS = "hop,p10,p50,p90,p99,assumed,date,source";
    private static final double[] QUANTILES = {0.1, 0.5, 0.9, 0.99};
    private static final String[] NAMES = {"p10", "p50", "p90", "p99"};

    /** @param quantiles in ms; a source may not have all of them */
    record Hop(String name, Map<Double, Double> quantiles, Basis basis, String date, String source) {

        Hop {
            if (date.isEmpty() || source.isEmpty()) {
                throw new IllegalArgumentException("hop " + name + " must say its date and source");
            }
        }

        Fit fit() {
            return Fit.through(quantiles);
        }
    }

    private final Map<String, Hop> hops;

    private Hops(Map<String, Hop> hops) {
        this.hops = hops;
    }

    /** Those of the file beside this class. */
    static Hops load() {
        try (Reader reader = new InputStreamReader(Hops.class.getResourceAsStream(FILE), StandardCharsets.UTF_8)) {
            return read(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Hops read(Reader text) throws IOException {
        List<String> rows = new BufferedReader(text).lines().toList();
        if (rows.isEmpty() || !rows.get(0).equals(COLUMNS)) {
            throw new IllegalArgumentException("the file of hops must begin with " + COLUMNS);
        }
        Map<String, Hop> hops = new LinkedHashMap<>();
        for (String row : rows.subList(1, rows.size())) {
            String[] fields = row.split(",", -1);
            if (fields.length != 8) {
                throw new IllegalArgumentException("no hop: " + row);
            }
            Map<Double, Double> quantiles = new LinkedHashMap<>();
            for (int i = 0; i < QUANTILES.length; i++) {
                if (!fields[i + 1].isEmpty()) {
                    quantiles.put(QUANTILES[i], Double.parseDouble(fields[i + 1]));
                }
            }
            Hop hop = new Hop(fields[0], quantiles, basis(fields[5]), fields[6], fields[7]);
            if (hops.put(hop.name(), hop) != null) {
                throw new IllegalArgumentException("the file of hops has " + hop.name() + " twice");
            }
        }
        return new Hops(hops);
    }

    private static Basis basis(String assumed) {
        return switch (assumed) {
            case "no" -> Basis.PUBLISHED;
            case "spread" -> Basis.SPREAD_ASSUMED;
            case "yes" -> Basis.ASSUMED;
            default -> throw new IllegalArgumentException("assumed is " + assumed + ", but must be no, spread or yes");
        };
    }

    /**
     * The software's own time, by a result of {@code benchmarks/run.sh hops}: the way from client to client on one
     * machine, less the wait for the tick.
     */
    static Hop software(Path result) throws IOException {
        JsonNode run = new ObjectMapper().readTree(result.toFile());
        JsonNode row = run.path(HopsRun.TABLE).path(HopsRun.SOFTWARE);
        Map<Double, Double> quantiles = new LinkedHashMap<>();
        for (int i = 0; i < QUANTILES.length; i++) {
            if (!row.path(NAMES[i]).isNumber()) {
                throw new IOException(result + " has no " + NAMES[i] + " of '" + HopsRun.SOFTWARE + "'");
            }
            quantiles.put(QUANTILES[i], row.path(NAMES[i]).asDouble());
        }
        JsonNode machine = run.path("machine");
        String source = String.format(
                "benchmarks/results/%s: %s cores at a load average of %s to %s",
                result.getFileName(),
                machine.path("cores").asText(),
                machine.path("load average before").asText(),
                machine.path("load average after").asText());
        return new Hop(
                "software", quantiles, Basis.MEASURED, machine.path("begun").asText(), source);
    }

    Hop hop(String name) {
        Hop hop = hops.get(name);
        if (hop == null) {
            throw new IllegalArgumentException("the file of hops lacks " + name);
        }
        return hop;
    }

    Collection<Hop> all() {
        return hops.values();
    }
}
