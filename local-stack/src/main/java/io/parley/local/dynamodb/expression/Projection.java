package io.parley.local.dynamodb.expression;

import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A ProjectionExpression: the paths of an item to answer with. List elements move up to the front, as on AWS. */
public final class Projection {

    private final List<DocumentPath> paths;

    private Projection(List<DocumentPath> paths) {
        this.paths = List.copyOf(paths);
    }

    static Projection of(List<DocumentPath> paths) {
        return new Projection(paths);
    }

    public static Projection parse(String text, Placeholders placeholders) {
        Parser parser = new Parser(text, placeholders);
        return new Projection(parser.paths());
    }

    public Document apply(Document item) {
        Value kept = keep(item, paths, 0);
        return kept == null ? Document.EMPTY : (Document) kept;
    }

    /** What the paths, which all lead through this value, take of it; null if nothing. */
    private static Value keep(Value value, List<DocumentPath> through, int depth) {
        if (through.stream().anyMatch(path -> path.steps().size() == depth)) {
            return value;
        }
        if (value instanceof Document document) {
            Map<String, Value> kept = new LinkedHashMap<>();
            document.entries().forEach((name, child) -> {
                List<DocumentPath> further = leading(through, depth, new DocumentPath.Name(name));
                Value part = further.isEmpty() ? null : keep(child, further, depth + 1);
                if (part != null) {
                    kept.put(name, part);
                }
            });
            return kept.isEmpty() ? null : new Document(kept);
        }
        if (value instanceof Value.Sequence sequence) {
            Map<Integer, Value> kept = new TreeMap<>();
            for (int i = 0; i < sequence.elements().size(); i++) {
                List<DocumentPath> further = leading(through, depth, new DocumentPath.Index(i));
                Value part = further.isEmpty() ? null : keep(sequence.elements().get(i), further, depth + 1);
                if (part != null) {
                    kept.put(i, part);
                }
            }
            return kept.isEmpty() ? null : new Value.Sequence(new ArrayList<>(kept.values()));
        }
        return null;
    }

    private static List<DocumentPath> leading(List<DocumentPath> paths, int depth, DocumentPath.Step step) {
        List<DocumentPath> leading = new ArrayList<>();
        for (DocumentPath path : paths) {
            if (path.steps().size() > depth && path.steps().get(depth).equals(step)) {
                leading.add(path);
            }
        }
        return leading;
    }

    private static final class Parser extends ExpressionParser {

        Parser(String text, Placeholders placeholders) {
            super("ProjectionExpression", text, placeholders);
        }

        List<DocumentPath> paths() {
            List<DocumentPath> paths = new ArrayList<>();
            do {
                paths.add(path());
            } while (takeIf(","));
            requireEnd();
            DocumentPath.requireApart(kind(), paths);
            return paths;
        }
    }
}
