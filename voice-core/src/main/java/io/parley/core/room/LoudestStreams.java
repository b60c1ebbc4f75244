package io.parley.core.room;

import io.parley.core.wire.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * The streams of a room that are heard: those who speak, and of more than the room's N the loudest.
 *
 * <p>A stream is heard for a whole talk spurt, unless one that is clearly louder (6 dB) needs its place; so two voices
 * of like level do not cut each other into pieces. Levels are what senders put into the frame headers, smoothed;
 * nothing is decoded. Per-frame code, single-threaded.
 */
final class LoudestStreams {

    /** 6 dB in 16ths of a dB. */
    private static final int MARGIN = 6 * 16;

    private final int max;
    /** In the order in which they came in. */
    private final List<SpeakerStream> heard = new ArrayList<>();

    LoudestStreams(int max) {
        this.max = max;
    }

    int size() {
        return heard.size();
    }

    SpeakerStream get(int i) {
        return heard.get(i);
    }

    /** A stream has frames; gives whether it is heard, and tells who begins and stops to be. */
    boolean admit(SpeakerStream stream, List<Event> events) {
        if (stream.heard) {
            return true;
        }
        if (heard.size() >= max) {
            SpeakerStream quietest = quietest();
            if (stream.level() + MARGIN > quietest.level()) {
                return false;
            }
            dismiss(quietest, events);
        }
        if (!isHeard(stream.participant)) {
            events.add(event(Event.Kind.SPEAKING, stream));
        }
        stream.heard = true;
        heard.add(stream);
        return true;
    }

    /** A stream is not heard any more. */
    void dismiss(SpeakerStream stream, List<Event> events) {
        if (!stream.heard) {
            return;
        }
        stream.heard = false;
        heard.remove(stream);
        if (!isHeard(stream.participant)) {
            events.add(event(Event.Kind.STOPPED, stream));
        }
    }

    /** For a restore: it was heard. */
    void add(SpeakerStream stream) {
        stream.heard = true;
        heard.add(stream);
    }

    void clear() {
        heard.clear();
    }

    boolean isHeard(String participant) {
        for (int i = 0; i < heard.size(); i++) {
            if (heard.get(i).participant.equals(participant)) {
                return true;
            }
        }
        return false;
    }

    private SpeakerStream quietest() {
        SpeakerStream quietest = heard.get(0);
        for (int i = 1; i < heard.size(); i++) {
            if (heard.get(i).level() >= quietest.level()) {
                quietest = heard.get(i);
            }
        }
        return quietest;
    }

    private static Event event(Event.Kind kind, SpeakerStream stream) {
        return Event.newBuilder()
                .setKind(kind)
                .setParticipant(stream.participant)
                .build();
    }
}
