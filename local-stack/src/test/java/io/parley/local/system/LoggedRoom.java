package io.parley.local.system;

import io.parley.core.tick.LiveFrames;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.Tick;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the tick log says became of each frame of a room. */
final class LoggedRoom {

    /** In the log's order. A frame that was played twice is here twice. */
    final List<FrameId> played = new ArrayList<>();

    /** When the tick was closed in which a frame was played, in ms. */
    final Map<FrameId, Long> closedMs = new HashMap<>();

    /** Frames that were not played. One of them may have been played as well, where it came again. */
    final Map<FrameId, Set<LogFrame.Disposition>> logOnly = new HashMap<>();

    /** The places that were declared as lost. */
    final Set<FrameId> lost = new LinkedHashSet<>();

    final Set<Long> epochs = new LinkedHashSet<>();
    /** Hashes in hexadecimal by epoch/tick. */
    final Map<String, String> hashes = new HashMap<>();

    long lastEpoch;
    long lastTick;

    private final Map<Integer, String> speakers = new HashMap<>();

    static LoggedRoom read(String room, List<Tick> ticks) {
        LoggedRoom logged = new LoggedRoom();
        ticks.forEach(tick -> logged.add(room, tick));
        return logged;
    }

    /** Whether every one of the frames was played or stands in a log-only part. */
    boolean accountsFor(Set<FrameId> frames) {
        Set<FrameId> all = new LinkedHashSet<>(played);
        all.addAll(logOnly.keySet());
        return all.containsAll(frames);
    }

    private void add(String room, Tick tick) {
        if (epochs.add(tick.getEpoch())) {
            speakers.clear();
        }
        lastEpoch = tick.getEpoch();
        lastTick = tick.getTick();
        hashes.put(
                tick.getEpoch() + "/" + tick.getTick(),
                HexFormat.of().formatHex(tick.getHash().toByteArray()));
        for (Event event : tick.getEventsList()) {
            if (event.getKind() == Event.Kind.STREAM) {
                speakers.put(event.getStream(), event.getParticipant());
            }
        }
        LiveFrames.Reader reader = new LiveFrames.Reader(tick.getFrames().toByteArray());
        while (reader.next()) {
            FrameId frame = new FrameId(room, speakers.get(reader.stream()), reader.sequence());
            played.add(frame);
            closedMs.put(frame, tick.getCloseTimeMs());
        }
        for (Event event : tick.getEventsList()) {
            for (int i = 0; event.getKind() == Event.Kind.LOST && i < event.getCount(); i++) {
                lost.add(new FrameId(room, speakers.get(event.getStream()), event.getFirstSequence() + i));
            }
        }
        for (LogFrame frame : tick.getLogOnly().getFramesList()) {
            logOnly.computeIfAbsent(
                            new FrameId(room, frame.getParticipant(), frame.getSequence()), id -> new LinkedHashSet<>())
                    .add(frame.getDisposition());
        }
    }
}
