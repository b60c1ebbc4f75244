package io.parley.local.docs;

import io.parley.broadcast.BroadcastOptions;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.Retry;
import io.parley.core.options.SystemOptions;
import io.parley.ingest.IngestOptions;
import io.parley.job.JobOptions;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The tables of errors and settings say what the code says. */
class ReferenceTablesTest {

    private static final String ERRORS = "docs/errors.md";
    private static final String TUNING = "docs/tuning.md";

    @Test
    void listsEveryError() {
        GeneratedTable table = new GeneratedTable("code", "cause", "cure", "retry");
        for (ErrorCode error : ErrorCode.values()) {
            String retry = '`' + error.retry().name().toLowerCase(Locale.ROOT) + '`';
            if (error.retry() == Retry.LATER) {
                retry += ", after " + error.retryAfterMs() + " ms";
            }
            table.row('`' + error.code() + '`', error.cause(), error.cure(), retry);
        }
        table.holdsIn(ERRORS, "errors");
    }

    @Test
    void listsTheSharedSettings() {
        GeneratedTable.of(List.of(
                        SystemOptions.ARCHIVE_MODE,
                        SystemOptions.EVENT_GRANULARITY,
                        SystemOptions.EVENT_BUS_NAME,
                        SystemOptions.EVENT_SOURCE,
                        SystemOptions.EVENT_DETAIL_TYPE,
                        SystemOptions.ROOM_POLICY,
                        SystemOptions.SEED_CLIENTS))
                .holdsIn(TUNING, "shared settings");
    }

    @Test
    void listsTheSettingsOfTheJobByPropertyGroup() {
        JobOptions.GROUPS.forEach((group, options) -> GeneratedTable.of(options).holdsIn(TUNING, group));
    }

    @Test
    void listsTheSettingsOfTheIngestLambdas() {
        GeneratedTable.of(IngestOptions.ALL).holdsIn(TUNING, "ingest");
    }

    @Test
    void listsTheSettingsOfTheBroadcastLambda() {
        GeneratedTable.of(BroadcastOptions.ALL).holdsIn(TUNING, "broadcast");
    }
}
