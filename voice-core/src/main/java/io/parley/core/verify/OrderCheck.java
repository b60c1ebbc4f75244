package io.parley.core.verify;

import com.google.protobuf.ByteString;
import io.parley.core.tick.LiveFrames;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.StreamOrigin;
import io.parley.core.wire.Tick;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The order within a room: that each speaker stream's frames ascend, over all epochs, that none is played twice, and
 * that none is both played and not. Remembers the {@link #MAX_SPEAKERS} speaker streams that spoke last; a connection
 * ends after two hours, so an older one does not come back. Single-threaded.
 */
final class OrderCheck {

    static final int MAX_SPEAKERS = 4_096;
    /** How far back a room tells a copy of a played frame from a late one; beyond, it calls both late. */
    private static final int ROOM_WINDOW = 256;

    /** Where findings of the tick that is checked go. */
    interface Report {
        void found(Rule rule, String what);
    }

    private final LogCounts counts;

    private final Map<String, SpeakerHistory> speakers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SpeakerHistory> eldest) {
            return size() > MAX_SPEAKERS;
        }
    };

    // Of the epoch
    private final Map<Integer, SpeakerHistory> streams = new HashMap<>();
    private final Map<Integer, String> origins = new HashMap<>();
    private final Set<Integer> declared = new HashSet<>();
    private final Set<Integer> reported = new HashSet<>();
    private boolean hasGap;

    private long tickSerial;
    private long closeSerial;
    private long lastCloseMs = Long.MIN_VALUE;

    OrderCheck(LogCounts counts) {
        this.counts = counts;
    }

    void beginEpoch() {
        streams.clear();
        origins.clear();
        declared.clear();
        reported.clear();
        hasGap = false;
        lastCloseMs = Long.MIN_VALUE;
    }

    /** The room has closed: it knows nobody any more, and counts its speaker streams anew. */
    void closeRoom() {
        speakers.clear();
    }

    /** Ticks of this epoch are missing, and with them perhaps the declaration of streams. */
    void missTicks() {
        hasGap = true;
    }

    /** @param liveFrames whether the tick's frames can be read */
    void check(Tick tick, boolean liveFrames, Report report) {
        tickSerial++;
        if (tick.getCloseTimeMs() != lastCloseMs) {
            lastCloseMs = tick.getCloseTimeMs();
            closeSerial++;
        }
        for (StreamOrigin origin : tick.getLogOnly().getOriginsList()) {
            origin(origin, report);
        }
        events(tick, report);
        if (liveFrames) {
            play(tick.getFrames(), report);
            play(tick.getDigests(), report);
        }
        for (Event event : tick.getEventsList()) {
            if (event.getKind() == Event.Kind.LOST) {
                lose(event, report);
            }
        }
        for (LogFrame frame : tick.getLogOnly().getFramesList()) {
            refuse(frame, report);
        }
    }

    private void origin(StreamOrigin origin, Report report) {
        String id = id(origin.getConnection(), origin.getNumbering());
        String before = origins.putIfAbsent(origin.getStream(), id);
        if (before != null && !before.equals(id)) {
            report.found(
                    Rule.ORIGIN,
                    "stream " + origin.getStream() + " is said to be of " + id + ", and was of " + before + " before");
        }
    }

    private void events(Tick tick, Report report) {
        boolean losses = false;
        boolean told = false;
        for (Event event : tick.getEventsList()) {
            if (event.getKind() == Event.Kind.LOST) {
                losses = true;
            } else if (losses && !told) {
                told = true;
                report.found(Rule.EVENT_ORDER, event.getKind() + " stands behind a declared loss, which comes last");
            }
            if (event.getKind() == Event.Kind.STREAM) {
                declared.add(event.getStream());
            }
        }
    }

    private void play(ByteString frames, Report report) {
        LiveFrames.Reader reader = new LiveFrames.Reader(frames.toByteArray());
        while (reader.next()) {
            play(reader.stream(), reader.sequence(), report);
        }
    }

    private void play(int stream, int sequence, Report report) {
        counts.played();
        SpeakerHistory speaker = speaker(stream, report);
        long place = speaker.place(sequence);
        String refusal = speaker.refusal(sequence, place);
        if (speaker.wasPlayed(place)) {
            report.found(Rule.PLAYED_TWICE, frame(sequence, speaker) + " is played a second time");
        } else if (refusal != null) {
            report.found(
                    Rule.PLAYED_AND_REFUSED,
                    frame(sequence, speaker) + " is played, though the log has it as " + refusal);
        } else if (speaker.isBehind(place)) {
            report.found(
                    Rule.FRAME_ORDER,
                    frame(sequence, speaker) + " is played after frame " + text(speaker.lastSequence()));
        }
        speaker.play(place);
    }

    private void lose(Event event, Report report) {
        long count = event.getCount() & 0xFFFF_FFFFL;
        counts.lost(count);
        SpeakerHistory speaker = speaker(event.getStream(), report);
        long first = speaker.place(event.getFirstSequence());
        String range = count == 1
                ? frame(event.getFirstSequence(), speaker) + " is"
                : "frames " + text(event.getFirstSequence()) + " to "
                        + text((int) (event.getFirstSequence() + count - 1)) + " of " + speaker.name() + " are";
        if (!speaker.isBeyondEarlierTicks(first)) {
            report.found(Rule.LOST_RANGE, range + " declared lost behind what was played in earlier ticks");
        } else if (speaker.wasPlayedAny(first, count)) {
            report.found(Rule.PLAYED_AND_REFUSED, range + " declared lost, though one of them is played");
        }
        speaker.lose(first, count);
    }

    private void refuse(LogFrame frame, Report report) {
        Disposition disposition = frame.getDisposition();
        counts.notPlayed(disposition);
        if (disposition == Disposition.DUPLICATE || frame.getNumbering() == 0) {
            return; // a copy, or it came to no speaker stream: its number says nothing
        }
        int sequence = frame.getSequence();
        SpeakerHistory speaker = named(id(frame.getConnection(), frame.getNumbering()));
        long place = speaker.place(sequence);
        if (speaker.wasPlayed(place)) {
            // Who is muted is not asked for frames' numbers, so a copy of a played frame is called muted, too.
            boolean copy = (disposition == Disposition.MUTED || disposition == Disposition.LIMITED)
                    && !speaker.wasPlayedInThisTick(place);
            boolean tooOldToTell = disposition == Disposition.LATE && place <= speaker.passed() - ROOM_WINDOW;
            String what =
                    frame(sequence, speaker) + " is in the log as " + word(disposition) + ", though it was played";
            if (copy) {
                report.found(Rule.REFUSED_COPY, what);
            } else if (!tooOldToTell) {
                report.found(Rule.PLAYED_AND_REFUSED, what);
            }
            return;
        }
        speaker.refuse(sequence, disposition);
    }

    /** The speaker stream of an index; what is missing of its declaration is reported once. */
    private SpeakerHistory speaker(int stream, Report report) {
        String origin = origins.get(stream);
        if (!hasGap && (origin == null || !declared.contains(stream)) && reported.add(stream)) {
            if (!declared.contains(stream)) {
                report.found(
                        Rule.UNDECLARED_STREAM,
                        "stream " + stream + " has frames, but no event of this epoch says whose" + " they are");
            } else {
                report.found(Rule.ORIGIN, "nothing says of which connection stream " + stream + " is");
            }
        }
        SpeakerHistory speaker = streams.get(stream);
        if (speaker == null) {
            speaker = origin == null ? new SpeakerHistory("stream " + stream) : named(origin);
            streams.put(stream, speaker);
        }
        speaker.at(tickSerial, closeSerial);
        return speaker;
    }

    private SpeakerHistory named(String id) {
        SpeakerHistory speaker = speakers.computeIfAbsent(id, SpeakerHistory::new);
        speaker.at(tickSerial, closeSerial);
        return speaker;
    }

    private static String id(String connection, int numbering) {
        return numbering == 0
                ? "connection " + connection
                : "connection " + connection + ", numbering " + Integer.toUnsignedString(numbering);
    }

    private static String frame(int sequence, SpeakerHistory speaker) {
        return "frame " + text(sequence) + " of " + speaker.name();
    }

    private static String text(int sequence) {
        return Integer.toUnsignedString(sequence);
    }

    /** {@code late} */
    static String word(Disposition disposition) {
        return disposition.name().toLowerCase(Locale.ROOT);
    }
}
