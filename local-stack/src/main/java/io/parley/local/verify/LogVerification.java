package io.parley.local.verify;

import io.parley.core.verify.Finding;
import io.parley.core.verify.RoomVerifier;
import io.parley.core.verify.Rule;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Checks all rooms of a source, one after the other: opens a few objects ahead and hands them to the room's verifier in
 * their order. What cannot be opened is a finding, and the rest goes on. Single-threaded.
 */
final class LogVerification {

    private static final int MAX_REASON = 300;

    private final LogSource source;
    private final int maxKept;
    private final LongConsumer progress;
    private long opened;

    /**
     * @param maxKept how many findings of a room are kept
     * @param progress is told how many objects have been opened so far
     */
    LogVerification(LogSource source, int maxKept, LongConsumer progress) {
        this.source = source;
        this.maxKept = maxKept;
        this.progress = progress;
    }

    /** Checks what was listed and gives each room's report when it is done. */
    void run(LogListing listing, Consumer<RoomReport> done) {
        Map<String, List<LogObject>> rooms = new TreeMap<>();
        Map<String, List<Finding>> listed = new TreeMap<>();
        for (LogObject object : listing.segments()) {
            rooms.computeIfAbsent(object.room(), room -> new ArrayList<>()).add(object);
        }
        for (Finding finding : listing.findings()) {
            rooms.computeIfAbsent(finding.room(), room -> new ArrayList<>());
            listed.computeIfAbsent(finding.room(), room -> new ArrayList<>()).add(finding);
        }
        rooms.forEach((room, objects) -> {
            RoomReport report = new RoomReport(room, maxKept);
            listed.getOrDefault(room, List.of()).forEach(report::add);
            verify(report, objects);
            done.accept(report);
        });
    }

    private void verify(RoomReport report, List<LogObject> objects) {
        RoomVerifier verifier = new RoomVerifier(report.room(), report::add);
        objects.sort(LogObject.IN_ROOM);
        Deque<CompletableFuture<byte[]>> ahead = new ArrayDeque<>();
        int next = 0;
        for (LogObject object : objects) {
            while (next < objects.size() && ahead.size() < source.parallelism()) {
                ahead.add(source.open(objects.get(next++)).toCompletableFuture());
            }
            byte[] plaintext = plaintext(object, ahead.remove(), report);
            if (plaintext != null) {
                object.key()
                        .ifPresentOrElse(
                                key -> verifier.accept(key, plaintext),
                                () -> verifier.accept(object.name(), plaintext));
            }
            progress.accept(++opened);
        }
        report.counted(verifier.counts());
    }

    /** Null for an object that cannot be opened, which is reported then. */
    private static byte[] plaintext(LogObject object, CompletableFuture<byte[]> opening, RoomReport report) {
        try {
            return opening.join();
        } catch (CompletionException e) {
            if (cause(e) instanceof SourceUnavailableException) {
                throw (SourceUnavailableException) cause(e);
            }
            report.add(new Finding(
                    Rule.UNREADABLE,
                    object.room(),
                    object.epoch(),
                    object.firstTick(),
                    object.name(),
                    object.name() + " cannot be opened: " + reason(e).replace(object.name() + " ", "it ")));
            return null;
        }
    }

    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The failure in its own words, as far as a person reads them: the SDK's can fill a page. */
    static String reason(Throwable failure) {
        Throwable cause = cause(failure);
        String text =
                cause.getMessage() == null || cause instanceof IOException ? cause.toString() : cause.getMessage();
        return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON) + " ...";
    }
}
