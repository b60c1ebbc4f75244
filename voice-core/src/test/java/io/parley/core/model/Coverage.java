package io.parley.core.model;

import io.parley.core.options.RoomOptions;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame.Disposition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;

/** Counts what traces bring about, so that a generator that no longer reaches something is noticed. */
final class Coverage {

    private Coverage() {}

    static Map<String, Long> of(Arbitrary<List<Action>> traces, Arbitrary<Map<String, String>> options, int count) {
        Map<String, Long> seen = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            RoomOptions room = RoomOptions.of(options.sample());
            Duel duel = new Duel(new Subject.OfModel(room)).run(new Script(traces.sample()).thenAllLeave());
            ModelOutput before = null;
            for (ModelOutput output : duel.outputs()) {
                output.events.forEach(event -> seen.merge("event " + event.getKind(), 1L, Long::sum));
                output.logOnly.forEach(frame -> seen.merge("frame " + frame.disposition, 1L, Long::sum));
                output.failed.forEach(report -> seen.merge("failed " + report.getReason(), 1L, Long::sum));
                output.origins.stream()
                        .filter(origin -> origin.getNumbering() > 1)
                        .forEach(origin -> seen.merge("numbered anew", 1L, Long::sum));
                output.posts.forEach(post -> seen.merge("post " + post.getBodyCase(), 1L, Long::sum));
                seen.merge("frame played", (long) output.frames.size(), Long::sum);
                if (!output.skipped.isEmpty()) {
                    seen.merge("tick that names skipped ones", 1L, Long::sum);
                }
                if (output.hasTick) {
                    seen.merge(output.unrecorded ? "tick unrecorded" : "tick recorded", 1L, Long::sum);
                }
                if (before != null && before.hasTick && output.hasTick && before.closeTimeMs == output.closeTimeMs) {
                    seen.merge("tick split", 1L, Long::sum);
                }
                if (before != null
                        && before.hasTick
                        && output.hasTick
                        && output.closeTimeMs - before.closeTimeMs < room.tickPeriodMs()
                        && output.closeTimeMs > before.closeTimeMs) {
                    seen.merge("tick before its time", 1L, Long::sum);
                }
                before = output;
            }
        }
        return seen;
    }

    static List<String> expected() {
        List<String> expected = new ArrayList<>(List.of(
                "numbered anew",
                "tick split",
                "tick before its time",
                "tick that names skipped ones",
                "tick recorded",
                "tick unrecorded",
                "post JOINED",
                "post REMOVED",
                "post PROBE",
                "frame played",
                "failed late",
                "failed stale",
                "failed muted",
                "failed rate_limited",
                "failed suppressed"));
        for (Event.Kind kind : Event.Kind.values()) {
            if (kind != Event.Kind.KIND_UNSPECIFIED && kind != Event.Kind.UNRECOGNIZED) {
                expected.add("event " + kind);
            }
        }
        for (Disposition disposition : Disposition.values()) {
            if (disposition != Disposition.DISPOSITION_UNSPECIFIED && disposition != Disposition.UNRECOGNIZED) {
                expected.add("frame " + disposition);
            }
        }
        return expected;
    }
}
