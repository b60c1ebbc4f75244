package io.parley.local.verify;

import io.parley.core.verify.LogCounts;

/** Writes what was found, room by room as they are done. */
interface ReportWriter {

    void room(RoomReport report);

    /** @param findings of all rooms; none if the log is consistent */
    void end(int rooms, LogCounts counts, long findings);
}
