package io.parley.local.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.core.verify.Finding;
import io.parley.core.verify.LogCounts;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** A report for programs: one JSON object, written at the end. */
final class JsonReport implements ReportWriter {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final PrintWriter out;
    private final ArrayNode rooms = JSON.createArrayNode();

    JsonReport(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void room(RoomReport report) {
        ObjectNode room = rooms.addObject()
                .put("room", report.room().equals(LogListing.NO_ROOM) ? null : report.room())
                .put("consistent", report.findingCount() == 0)
                .put("findingCount", report.findingCount())
                .put("noteCount", report.noteCount());
        count(room, report.counts());
        add(room.putArray("findings"), report.findings());
        add(room.putArray("notes"), report.notes());
    }

    @Override
    public void end(int roomCount, LogCounts counts, long findings) {
        // Not "complete": false, which would say that something is known to be missing.
        ObjectNode report = JSON.createObjectNode()
                .put("consistent", findings == 0)
                .put("complete", "unknown")
                .put("findingCount", findings);
        count(report, counts);
        report.set("rooms", rooms);
        try {
            out.println(JSON.writeValueAsString(report));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
        out.flush();
    }

    private static void count(ObjectNode target, LogCounts counts) {
        target.put("epochs", counts.epochs())
                .put("segments", counts.segments())
                .put("ticks", counts.ticks())
                .put("framesPlayed", counts.framesPlayed())
                .put("framesLost", counts.framesLost());
        ObjectNode notPlayed = target.putObject("framesNotPlayed");
        counts.framesNotPlayed()
                .forEach(
                        (disposition, count) -> notPlayed.put(disposition.name().toLowerCase(Locale.ROOT), count));
        if (counts.ticks() > 0) {
            target.put("firstTime", Instant.ofEpochMilli(counts.firstMs()).toString())
                    .put("lastTime", Instant.ofEpochMilli(counts.lastMs()).toString());
        }
    }

    private static void add(ArrayNode target, List<Finding> findings) {
        for (Finding finding : findings) {
            ObjectNode node = target.addObject().put("rule", finding.rule().code());
            if (finding.epoch() != Finding.NONE) {
                node.put("epoch", finding.epoch());
            }
            if (finding.tick() != Finding.NONE) {
                node.put("tick", finding.tick());
            }
            node.put("object", finding.object())
                    .put("what", finding.what())
                    .put("meaning", finding.rule().meaning());
        }
    }
}
