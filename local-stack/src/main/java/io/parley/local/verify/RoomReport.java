package io.parley.local.verify;

import io.parley.core.verify.Finding;
import io.parley.core.verify.LogCounts;
import java.util.ArrayList;
import java.util.List;

/** What was found in one room: everything is counted, the first findings and notes are kept. Not thread safe. */
final class RoomReport {

    private final String room;
    private final int maxKept;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Finding> notes = new ArrayList<>();
    private long findingCount;
    private long noteCount;
    private LogCounts counts = new LogCounts();

    RoomReport(String room, int maxKept) {
        this.room = room;
        this.maxKept = maxKept;
    }

    void add(Finding finding) {
        boolean note = finding.rule().isNote();
        List<Finding> kept = note ? notes : findings;
        if (kept.size() < maxKept) {
            kept.add(finding);
        }
        if (note) {
            noteCount++;
        } else {
            findingCount++;
        }
    }

    void counted(LogCounts counted) {
        counts = counted;
    }

    String room() {
        return room;
    }

    LogCounts counts() {
        return counts;
    }

    List<Finding> findings() {
        return findings;
    }

    List<Finding> notes() {
        return notes;
    }

    long findingCount() {
        return findingCount;
    }

    long noteCount() {
        return noteCount;
    }
}
