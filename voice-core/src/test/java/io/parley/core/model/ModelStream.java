package io.parley.core.model;

import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.Codec;
import io.parley.core.model.ModelFrames.Arrival;
import io.parley.core.model.ModelFrames.Kind;
import io.parley.core.model.ModelFrames.Place;
import io.parley.core.model.ModelFrames.Run;
import io.parley.core.options.RoomOptions;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.StreamRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** One numbering of one connection. Remembers all that it ever passed. */
final class ModelStream {

    private static final int WINDOW = 256;
    private static final int FAR = 3_000;
    private static final int REMEMBERED_KEYS = 64;
    private static final long UNNUMBERED_SILENCE_MS = 1_000;

    /** What orders the chunks of a client that numbers nothing. */
    static final class Key implements Comparable<Key> {
        final long arrivalMs;
        final long captureMs;

        Key(Arrival arrival) {
            arrivalMs = arrival.arrivalMs();
            captureMs = arrival.chunk.captureTimeMs();
        }

        @Override
        public int compareTo(Key other) {
            return Comparator.<Key>comparingLong(key -> key.arrivalMs)
                    .thenComparingLong(key -> key.captureMs)
                    .compare(this, other);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key && compareTo((Key) other) == 0;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(arrivalMs);
        }
    }

    final String participant;
    final String connection;
    final Codec codec;
    final int durationUs;
    final boolean unnumbered;
    final int numbering;
    int index;
    long declaredMs;

    private final RoomModel room;
    private final RoomOptions options;
    private final Lateness lateness;

    long next;
    private long highest;
    private long newestEnd = Long.MIN_VALUE;
    private long newestCaptureMs = Long.MIN_VALUE;
    private final Set<Long> passed = new HashSet<>();
    final TreeMap<Long, Place> held = new TreeMap<>();
    /** Null without a gap. */
    Long gapSinceMs;

    private Long lastGivenUpSinceMs;

    /** Null before the first chunk. */
    Long lastArrivalMs;

    private Long lastPlayedArrivalMs;
    private Long anchorUs;
    private long spurtPosition = -1;
    private long lastRoomTimeUs = Long.MIN_VALUE;

    boolean inSpurt;
    /** The record with the newest version of those that were taken in. */
    StreamRecord newestAllowed;
    /** Whether it counts among those who speak, until its time is over. */
    boolean talks;

    int level;

    final TreeMap<Key, Arrival> waiting = new TreeMap<>();
    private final List<Key> releasedKeys = new ArrayList<>();
    private long lastReleaseMs;
    private long framesOfSpurt;

    ModelStream(RoomModel room, RoomOptions options, Arrival first, ModelStream before, int index, int numbering) {
        this.room = room;
        this.options = options;
        this.lateness = new Lateness(options);
        this.participant = first.record.getParticipant();
        this.connection = first.record.getConnection();
        this.codec = first.chunk.codec();
        this.durationUs = first.chunk.frameDurationUs();
        this.unnumbered = first.record.getUnnumbered();
        this.index = index;
        this.numbering = numbering;
        next = 1L << 32;
        if (!unnumbered) {
            next += first.chunk.sequence() & 0xFFFF_FFFFL;
            long missing = first.chunk.spurtOffset();
            if (before != null && !before.unnumbered) {
                int behind = first.chunk.sequence() - (int) before.next;
                missing = behind < 0 ? missing : Math.min(missing, behind);
            }
            next -= missing <= options.maxHeldFrames() ? missing : 0;
        }
        highest = next;
    }

    Event declaration(long nowMs) {
        declaredMs = nowMs;
        return Event.newBuilder()
                .setKind(Event.Kind.STREAM)
                .setStream(index)
                .setParticipant(participant)
                .setCodec(codec.id())
                .setFrameDurationUs(durationUs)
                .build();
    }

    /** Whether the chunk belongs to this numbering, or begins another. */
    boolean continuesWith(Arrival arrival, boolean stale) {
        Chunk chunk = arrival.chunk;
        if (chunk.codec() != codec
                || chunk.frameDurationUs() != durationUs
                || arrival.record.getUnnumbered() != unnumbered) {
            return false;
        }
        if (unnumbered) {
            return true;
        }
        if (chunk.captureTimeMs() <= newestCaptureMs) {
            return true; // what is older began nothing new
        }
        int ahead = (int) (chunk.sequence() - next);
        if (ahead > FAR) {
            return false;
        }
        boolean passed = ahead + arrival.count() <= 0;
        boolean startsAgain = chunk.spurtOffset() == 0 || -ahead > FAR;
        return stale || !passed || !startsAgain;
    }

    /** Where a frame of that number belongs: at most 3,000 ahead, and otherwise behind. */
    private long place(int sequence) {
        long place = next + (int) (sequence - next);
        return place - next > FAR ? place - 0x1_0000_0000L : place;
    }

    int holdMs() {
        return lateness.holdMs();
    }

    int timeoutMs() {
        return unnumbered ? Math.min(options.speakerTimeoutMs(), 1_000) : options.speakerTimeoutMs();
    }

    // ---- numbered ----

    /** What may not be heard keeps its places, so that nothing is declared lost for it. */
    void passInSilence(Arrival arrival) {
        long first = place(arrival.chunk.sequence());
        for (int i = 0; i < arrival.count(); i++) {
            if (refusal(first + i) == null) {
                held.put(first + i, new Place(first + i, Kind.SILENT, arrival, i, null));
            }
        }
        highest = Math.max(highest, first + arrival.count());
        release();
    }

    /**
     * Takes a chunk in; gives whether any of it was wanted.
     *
     * @param instead what becomes of the frames that are wanted; null if they are to be played
     */
    boolean take(Arrival arrival, Disposition instead) {
        touch(arrival);
        if (newestAllowed == null || newestAllowed.getControlVersion() <= arrival.record.getControlVersion()) {
            newestAllowed = arrival.record;
        }
        if (unnumbered) {
            return takeUnnumbered(arrival, instead);
        }
        long roomTimeUs = roomTimeUs(arrival, arrival.chunk.spurtOffset());
        long first = place(arrival.chunk.sequence());
        List<Disposition> refusals = new ArrayList<>();
        for (int i = 0; i < arrival.count(); i++) {
            refusals.add(refusal(first + i));
        }
        boolean anyWanted = refusals.contains(null);
        boolean anyLate = refusals.contains(Disposition.LATE);
        if (instead == null && !room.catchingUp) {
            observe(arrival.nowMs, first, anyWanted, anyLate);
        }
        highest = Math.max(highest, first + arrival.count());

        if (anyWanted && instead != Disposition.LIMITED && first + arrival.count() > newestEnd) {
            newestEnd = first + arrival.count();
            newestCaptureMs = arrival.chunk.captureTimeMs();
        }
        Run run = null;
        boolean firstRun = true;
        for (int i = 0; i < arrival.count(); i++) {
            Disposition refusal = refusal(first + i);
            long place = first + i;
            if (refusal != null) {
                release(); // what came before it leaves before it is judged
                refusal = refusal(place);
                log(arrival, i, refusal, refusal == Disposition.LATE);
                run = null;
                continue;
            }
            if (instead != null) {
                log(arrival, i, instead, true);
                held.put(place, new Place(place, Kind.LOST, arrival, i, null));
                continue;
            }
            if (run == null) {
                run = new Run(this, arrival, roomTimeUs + (long) i * durationUs, firstRun);
                firstRun = false;
            }
            Place taken = new Place(place, Kind.PLAYED, arrival, i, run);
            run.places.add(taken);
            held.put(place, taken);
        }
        if (instead == null && !anyWanted && anyLate) {
            room.fail(arrival, "late");
        }
        release();
        return anyWanted;
    }

    private void log(Arrival arrival, int i, Disposition disposition, boolean keepsPayload) {
        int sequence = unnumbered ? i : arrival.chunk.sequence() + i;
        room.logOnly.add(arrival.logged(i, sequence, numbering, disposition, keepsPayload));
    }

    private Disposition refusal(long place) {
        if (place >= next) {
            return held.containsKey(place) ? Disposition.DUPLICATE : null;
        }
        return next - place <= WINDOW && passed.contains(place) ? Disposition.DUPLICATE : Disposition.LATE;
    }

    private void observe(long nowMs, long first, boolean anyWanted, boolean anyLate) {
        if (first >= highest) {
            lateness.add(0);
        } else if (!anyWanted && !anyLate) {
            return; // nothing but duplicates
        } else if (first >= next) {
            lateness.add(gapSinceMs == null ? 0 : nowMs - gapSinceMs);
        } else if (lastGivenUpSinceMs != null) {
            lateness.add(nowMs - lastGivenUpSinceMs);
        }
    }

    private void touch(Arrival arrival) {
        if (lastArrivalMs == null) {
            lastArrivalMs = arrival.arrivalMs();
            return;
        }
        lastArrivalMs = Math.max(lastArrivalMs, arrival.arrivalMs());
    }

    private long roomTimeUs(Arrival arrival, long position) {
        if (position == 0 || Math.abs(position - spurtPosition) > WINDOW) {
            anchorUs = null;
            spurtPosition = position;
        }
        spurtPosition = Math.max(spurtPosition, position);
        long recordedUs = arrival.arrivalMs() * 1000 - (position + arrival.count()) * durationUs;
        anchorUs = anchorUs == null ? recordedUs : Math.min(anchorUs, recordedUs);
        return anchorUs + position * durationUs;
    }

    private void release() {
        boolean moved = false;
        Run run = null;
        while (held.containsKey(next)) {
            Place place = held.remove(next);
            if (place.kind == Kind.PLAYED) {
                if (place == place.run.places.get(0)) {
                    run = place.run;
                }
                if (place == run.places.get(run.places.size() - 1)) {
                    play(run); // frames of a run are at places that follow each other
                }
            } else if (place.kind == Kind.LOST) {
                room.declareLost(this, next, 1);
            }
            passed.add(next);
            next++;
            moved = true;
        }
        if (held.isEmpty()) {
            gapSinceMs = null;
        } else if (moved || gapSinceMs == null) {
            gapSinceMs = held.values().stream()
                    .mapToLong(place -> place.arrival.nowMs)
                    .min()
                    .getAsLong();
        }
    }

    /** A run that is in order now. */
    private void play(Run run) {
        boolean first = lastRoomTimeUs == Long.MIN_VALUE;
        long roomTimeUs = first ? run.mediaTimeUs : Math.max(run.mediaTimeUs, lastRoomTimeUs + 1);
        long arrivalMs = run.arrival.arrivalMs();
        if (lastPlayedArrivalMs != null && arrivalMs - lastPlayedArrivalMs > timeoutMs()) {
            inSpurt = false;
        }
        lastPlayedArrivalMs = arrivalMs;
        for (Place place : run.places) {
            place.roomTimeUs = roomTimeUs;
            lastRoomTimeUs = roomTimeUs;
            roomTimeUs += durationUs;
            int loudness = place.level() * 16;
            level = inSpurt ? level + (loudness - level) / 8 : loudness;
            inSpurt = true;
        }
        room.play(run);
        if (run.places.get(run.places.size() - 1).endsSpurt()) {
            inSpurt = false;
            room.hush(this);
        }
    }

    boolean hasGap() {
        return gapSinceMs != null;
    }

    long gapDueMs() {
        return held.size() >= options.maxHeldFrames() ? gapSinceMs : gapSinceMs + holdMs();
    }

    void giveUp() {
        long first = held.firstKey();
        room.declareLost(this, next, first - next);
        lastGivenUpSinceMs = gapSinceMs;
        next = first;
        release();
    }

    // ---- unnumbered ----

    private boolean takeUnnumbered(Arrival arrival, Disposition instead) {
        Key key = new Key(arrival);
        int released = releasedKeys.size();
        boolean seen = waiting.containsKey(key)
                || releasedKeys
                        .subList(Math.max(0, released - REMEMBERED_KEYS), released)
                        .contains(key);
        boolean late = !seen && released > 0 && key.compareTo(releasedKeys.get(released - 1)) < 0;
        boolean observed = instead == null && !room.catchingUp;
        if (seen) {
            logAll(arrival, Disposition.DUPLICATE, false);
        } else if (late) {
            if (observed) {
                lateness.add(arrival.nowMs - lastReleaseMs + holdMs());
            }
            logAll(arrival, Disposition.LATE, true);
            if (instead == null) {
                room.fail(arrival, "late");
            }
        } else if (instead != null) {
            logAll(arrival, instead, true);
        } else {
            if (observed) {
                lateness.add(0);
            }
            waiting.put(key, arrival);
        }
        return !seen && !late;
    }

    private void logAll(Arrival arrival, Disposition disposition, boolean keepsPayload) {
        for (int i = 0; i < arrival.count(); i++) {
            log(arrival, i, disposition, keepsPayload);
        }
    }

    int waitingFrames() {
        return waiting.values().stream().mapToInt(Arrival::count).sum();
    }

    boolean releasesAll() {
        return waitingFrames() >= options.maxHeldFrames();
    }

    /** Releases the last chunk that has waited long enough, and all before it. */
    void releaseDue(long nowMs) {
        Key lastDue = null;
        for (Key key : waiting.keySet()) {
            if (releasesAll() || waiting.get(key).nowMs + holdMs() <= nowMs) {
                lastDue = key;
            }
        }
        if (lastDue != null) {
            releaseUntil(lastDue, nowMs);
        }
    }

    void releaseUntil(Key last, long nowMs) {
        for (Key key : new ArrayList<>(waiting.headMap(last, true).keySet())) {
            Arrival arrival = waiting.remove(key);
            Key before = releasedKeys.isEmpty() ? null : releasedKeys.get(releasedKeys.size() - 1);
            if (before == null || key.arrivalMs - before.arrivalMs > UNNUMBERED_SILENCE_MS) {
                framesOfSpurt = 0;
            }
            Run run = new Run(this, arrival, roomTimeUs(arrival, framesOfSpurt), true);
            for (int i = 0; i < arrival.count(); i++) {
                run.places.add(new Place(next + i, Kind.PLAYED, arrival, i, run));
            }
            play(run);
            next += arrival.count();
            framesOfSpurt += arrival.count();
            releasedKeys.add(key);
            lastReleaseMs = nowMs;
        }
    }

    /** The stream gets nothing more: what it holds leaves. */
    void end(long nowMs) {
        letGo(nowMs);
        inSpurt = false;
        room.hush(this);
    }

    /** What it holds leaves. */
    void letGo(long nowMs) {
        while (hasGap()) {
            giveUp();
        }
        if (!waiting.isEmpty()) {
            releaseUntil(waiting.lastKey(), nowMs);
        }
    }

    /** How late chunks are, and how long a gap is therefore held: for all but one in two hundred of them. */
    private static final class Lateness {
        private static final int BUCKETS = 26;

        private final RoomOptions options;
        private final int widthMs;
        /** The bucket of each chunk, in no order; half of each bucket's is forgotten now and then. */
        private List<Integer> seen = new ArrayList<>();

        Lateness(RoomOptions options) {
            this.options = options;
            widthMs = Math.max(8, (options.maxHoldMs() + 24) / 25);
            seen.add(Math.min(options.maxHoldMs() / widthMs, BUCKETS - 1));
        }

        void add(long lateMs) {
            seen.add((int) Math.min(Math.max(lateMs, 0) / widthMs, BUCKETS - 1));
            if (seen.size() >= 4_096) {
                List<Integer> kept = new ArrayList<>();
                for (int bucket = 0; bucket < BUCKETS; bucket++) {
                    int b = bucket;
                    long half = seen.stream().filter(s -> s == b).count() / 2;
                    for (int i = 0; i < half; i++) {
                        kept.add(bucket);
                    }
                }
                seen = kept;
            }
        }

        int holdMs() {
            List<Integer> latestFirst = new ArrayList<>(seen);
            latestFirst.sort(Comparator.reverseOrder());
            int bucket = latestFirst.get(seen.size() * 5 / 1000);
            int quantileMs = bucket == BUCKETS - 1 ? options.maxHoldMs() : (bucket + 1) * widthMs;
            return Math.min(Math.max(quantileMs, options.minHoldMs()), options.maxHoldMs());
        }
    }
}
