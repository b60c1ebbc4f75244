package io.parley.local.verify;

import io.parley.aws.AwsPorts;
import io.parley.core.port.DataKeys;
import io.parley.core.verify.LogCounts;
import io.parley.core.verify.SegmentKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Checks the tick log at a place: files, the data folder of a local stack, or a bucket. Tells
 * {@link SourceUnavailableException} where nothing can be said of it.
 */
public final class TickLogCheck {

    private static final String S3 = "s3://";
    /** Progress is told each so many objects. */
    private static final int PROGRESS_STEP = 1_000;
    /** Sealing is what a key would be named for; here nothing is sealed. */
    private static final String NO_KEY = "none";

    private final String place;
    private final String room;
    private final LogSource source;

    private TickLogCheck(String place, String room, LogSource source) {
        this.place = place;
        this.room = room;
        this.source = source;
    }

    /**
     * @param place a file, a folder, or {@code s3://bucket/prefix}
     * @param room the only room to check, or null
     * @param environment as {@link io.parley.aws.AwsClients} reads it
     */
    public static TickLogCheck of(String place, String room, Map<String, String> environment, Clock clock) {
        if (place.startsWith(S3)) {
            return new TickLogCheck(place, room, bucket(place, room, environment, clock));
        }
        Path path = Path.of(place);
        if (!Files.exists(path)) {
            throw new SourceUnavailableException(
                    "there is no " + place + ": give a file or folder of segments, the --data-dir of ./parley up, or"
                            + " s3://bucket",
                    null);
        }
        return new TickLogCheck(
                place,
                room,
                DataFolderSource.isDataFolder(path)
                        ? new DataFolderSource(path)
                        : new FileSource(path, () -> keys(AwsPorts.from(environment), clock)));
    }

    private static LogSource bucket(String place, String room, Map<String, String> environment, Clock clock) {
        String[] parts = place.substring(S3.length()).split("/", 2);
        if (parts[0].isEmpty() || URI.create(S3 + parts[0]).getHost() == null) {
            throw new SourceUnavailableException(
                    place + " names no bucket: write s3://bucket or s3://bucket/prefix", null);
        }
        try {
            AwsPorts ports = AwsPorts.from(environment);
            return new BucketSource(
                    ports.objectStore(parts[0], null),
                    keys(ports, clock),
                    parts.length == 1 ? "" : parts[1],
                    room,
                    CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));
        } catch (RuntimeException e) {
            throw new SourceUnavailableException(
                    "S3 cannot be called. " + BucketSource.SETTINGS + LogVerification.reason(e), e);
        }
    }

    private static DataKeys keys(AwsPorts ports, Clock clock) {
        return ports.dataKeys(NO_KEY, clock);
    }

    /**
     * Runs the check and writes its report.
     *
     * @param err receives progress
     * @param maxFindings how many findings, and notes, of a room are written
     * @return whether the log is consistent
     */
    public boolean run(PrintWriter out, PrintWriter err, boolean json, int maxFindings) throws IOException {
        LogListing listing = new LogListing(room);
        source.list(listing);
        if (listing.isEmpty()) {
            throw new SourceUnavailableException(
                    "there is nothing of a tick log " + (room == null ? "" : "of room " + room + " ") + "in " + place
                            + ". It is written with ARCHIVE_MODE segment or both (./parley up --archive-mode segment),"
                            + " at each checkpoint; its keys begin with " + SegmentKey.PREFIX,
                    null);
        }
        int total = listing.segments().size();
        ReportWriter writer = json ? new JsonReport(out) : new TextReport(out);
        Totals totals = new Totals();
        new LogVerification(source, maxFindings, opened -> progress(err, opened, total)).run(listing, report -> {
            totals.add(report);
            writer.room(report);
        });
        writer.end(totals.rooms, totals.counts, totals.findings);
        return totals.findings == 0;
    }

    private static void progress(PrintWriter err, long opened, int total) {
        if (opened % PROGRESS_STEP == 0) {
            err.println(opened + " of " + total + " segments");
            err.flush();
        }
    }

    private static final class Totals {
        private final LogCounts counts = new LogCounts();
        private int rooms;
        private long findings;

        void add(RoomReport report) {
            rooms += report.room().equals(LogListing.NO_ROOM) ? 0 : 1;
            counts.add(report.counts());
            findings += report.findingCount();
        }
    }
}
