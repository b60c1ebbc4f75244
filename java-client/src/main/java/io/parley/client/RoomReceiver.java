package io.parley.client;

import com.google.protobuf.ByteString;
import io.parley.core.chunk.Codec;
import io.parley.core.tick.LiveFrames;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.Event;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The listening side of one room: which ticks are played, in what state the hash chain is, whose streams there are, what
 * of them was played, and how the room looks. Its state outlives a lost connection. Runs on the loop.
 */
final class RoomReceiver {

    private static final long NONE = -1;

    private final String room;
    private final VoiceClientOptions options;
    private final Counters counters;
    private final VoiceListener listener;
    private final Consumer<RoomView> changed;
    private final TickHash hasher = new TickHash();
    private final Map<Integer, Stream> streams = new HashMap<>();
    /** While the opening tick of an epoch is played: the streams of the one before, if it says that it goes on from there. */
    private Map<Integer, Stream> continued = Map.of();

    private String participant;
    private long epoch = NONE;
    private long tick = NONE;
    private ByteString hash;
    /** No ticks come, as the participant wants to hear nothing. */
    private boolean deaf;

    private RoomView view = RoomView.EMPTY;

    private static final class Stream {
        final SpeakerInfo speaker;
        final boolean own;
        final PlayedWindow played;
        boolean blocked;

        Stream(SpeakerInfo speaker, boolean own, PlayedWindow played) {
            this.speaker = speaker;
            this.own = own;
            this.played = played;
        }
    }

    /** @param changed is given the room's view whenever it is another */
    RoomReceiver(
            String room,
            VoiceClientOptions options,
            Counters counters,
            VoiceListener listener,
            Consumer<RoomView> changed) {
        this.room = room;
        this.options = options;
        this.counters = counters;
        this.listener = listener;
        this.changed = changed;
    }

    /** The room was joined, for the first time or again: the next tick is the one after that of the join. */
    void joined(JoinedRoom joined) {
        if (joined.epoch() > epoch) {
            beginEpoch(joined.epoch());
            tick = joined.tick();
            hash = joined.hash();
        } else if (joined.epoch() == epoch && joined.tick() > tick) {
            if (!deaf) {
                missed(joined.tick() - tick);
            }
            tick = joined.tick();
            hash = joined.hash();
        }
        refreshed(joined);
    }

    /** The server told anew how the room is, while its ticks went on coming. */
    void refreshed(JoinedRoom joined) {
        participant = joined.participant();
        if (joined.epoch() == epoch) {
            joined.speakers().forEach(this::announce);
        }
        Participant self = null;
        for (Participant member : joined.members()) {
            self = member.id().equals(participant) ? member : self;
        }
        deaf = self != null && self.deafened();
        show(view.joined(joined));
    }

    /** Whether what the server ordered up to that tick has come in, or never will. */
    boolean hasReached(long orderedEpoch, long orderedTick) {
        return deaf || epoch > orderedEpoch || epoch == orderedEpoch && tick >= orderedTick;
    }

    boolean isDeaf() {
        return deaf;
    }

    /** The server posts no ticks from here on, until the room is told anew. */
    void deafened() {
        deaf = true;
    }

    /** Whom not to hear or read from now on. */
    void block(Set<String> participants) {
        streams.values().forEach(stream -> stream.blocked = participants.contains(stream.speaker.participant()));
        show(view.withBlocked(participants));
    }

    void block(String other, boolean blocked) {
        Set<String> all = new HashSet<>(view.blocked());
        if (blocked ? all.add(other) : all.remove(other)) {
            block(all);
        }
    }

    private void show(RoomView next) {
        if (next != view) {
            view = next;
            changed.accept(next);
        }
    }

    /** Plays the tick, unless it was played before or is of an epoch that is over. */
    void tick(TickContent content, long receivedUs) {
        if (epoch == NONE || content.epoch < epoch || content.epoch == epoch && content.tick <= tick) {
            counters.add(ClientCounter.IGNORED_TICKS);
            return;
        }
        ByteString previous = advance(content);
        if (options.chainChecked()) {
            checkChain(previous, content);
        }
        hash = content.hash;
        counters.add(ClientCounter.TICKS);
        for (Event event : content.events) {
            if (event.getKind() != Event.Kind.LOST) {
                happened(event);
            }
        }
        continued = Map.of();
        play(content);
        for (Event event : content.events) {
            if (event.getKind() == Event.Kind.LOST) {
                lost(event);
            }
        }
        listener.onTick(new VoiceTick(
                room, content.epoch, content.tick, content.hash.toByteArray(), receivedUs, content.traces));
    }

    /** Goes to the tick's place in the numbering; gives the hash that it has to follow, or null if that is not known. */
    private ByteString advance(TickContent content) {
        ByteString previous = hash;
        long expected = tick + 1;
        if (content.epoch > epoch) {
            Event opening = opening(content);
            if (opening != null) {
                missed(Math.max(0, opening.getTombstoneTick() - tick));
                continued = new HashMap<>(streams);
            }
            beginEpoch(content.epoch);
            previous = TickHash.ZERO;
            expected = 0;
        }
        tick = content.tick;
        if (content.tick == expected) {
            return previous;
        }
        if (content.skipped != null && content.skipped.participant.equals(participant)) {
            missed(content.skipped.from - expected);
            return content.skipped.hash;
        }
        missed(content.tick - expected);
        return null;
    }

    /** The event that opens the tick's epoch, if it names the epoch before as the one that it goes on from; else null. */
    private Event opening(TickContent content) {
        for (Event event : content.events) {
            if (event.getKind() == Event.Kind.OPENED && event.getTombstoneEpoch() == epoch) {
                return event;
            }
        }
        return null;
    }

    private void beginEpoch(long next) {
        epoch = next;
        streams.clear();
    }

    private void missed(long count) {
        if (count > 0) {
            counters.add(ClientCounter.MISSED_TICKS, count);
            listener.onMissedTicks(room, count);
        }
    }

    private void checkChain(ByteString previous, TickContent content) {
        ByteString live;
        try {
            live = hasher.live(content.events, content.frames);
        } catch (IllegalArgumentException e) {
            live = ByteString.EMPTY; // counted as malformed where the frames are played
        }
        if (previous != null
                && !hasher.hash(previous, room, content.epoch, content.tick, live, content.logOnlyHash)
                        .equals(content.hash)) {
            counters.add(ClientCounter.CHAIN_BREAKS);
            listener.onChainBreak(room, content.epoch, content.tick);
        }
    }

    private void happened(Event event) {
        SpeakerInfo speaker = null;
        if (event.getKind() == Event.Kind.STREAM) {
            Codec codec = Codec.byId(event.getCodec());
            if (codec == null) {
                return; // of a newer server; its frames could not be played
            }
            if (streams.containsKey(event.getStream())) {
                return; // said again for those who missed it
            }
            speaker = new SpeakerInfo(event.getStream(), event.getParticipant(), codec, event.getFrameDurationUs());
            announce(speaker);
        }
        show(view.after(event));
        if (event.getKind() == Event.Kind.PRESENCE && event.getParticipant().equals(participant)) {
            deaf = (event.getCount() & RoomView.DEAFENED) != 0;
        }
        if (event.getKind() == Event.Kind.SAID && view.blocked().contains(event.getParticipant())) {
            counters.add(ClientCounter.BLOCKED);
            return;
        }
        listener.onEvent(new RoomEvent(
                room, RoomEvent.Kind.valueOf(event.getKind().name()), event.getParticipant(), text(event), speaker));
    }

    private static String text(Event event) {
        switch (event.getKind()) {
            case JOINED:
                return event.getName();
            case RECORDING:
                return event.getCount() == 0 ? "off" : "on";
            default:
                return event.getText();
        }
    }

    private void announce(SpeakerInfo speaker) {
        streams.computeIfAbsent(speaker.stream(), index -> {
            Stream stream = new Stream(speaker, speaker.participant().equals(participant), playedBefore(speaker));
            stream.blocked = view.blocked().contains(speaker.participant());
            return stream;
        });
    }

    /**
     * A job that has failed goes back some seconds and sends again what is not too old yet, in a new epoch: what was
     * played of a stream in the one before stays played.
     */
    private PlayedWindow playedBefore(SpeakerInfo speaker) {
        Stream before = continued.get(speaker.stream());
        boolean same = before != null
                && before.speaker.participant().equals(speaker.participant())
                && before.speaker.codec() == speaker.codec()
                && before.speaker.frameDurationUs() == speaker.frameDurationUs();
        return same ? before.played : new PlayedWindow();
    }

    private void play(TickContent content) {
        LiveFrames.Reader reader = new LiveFrames.Reader(content.frames);
        try {
            while (reader.next()) {
                play(reader);
            }
        } catch (IllegalArgumentException e) {
            counters.add(ClientCounter.MALFORMED);
        }
    }

    private void play(LiveFrames.Reader frame) {
        Stream stream = streams.get(frame.stream());
        if (stream == null) {
            counters.add(ClientCounter.UNKNOWN_STREAM_FRAMES);
        } else if (stream.own && !options.ownVoice()) {
            counters.add(ClientCounter.OWN_FRAMES);
        } else if (stream.blocked) {
            counters.add(ClientCounter.BLOCKED);
        } else if (!stream.played.mark(frame.sequence())) {
            counters.add(ClientCounter.DUPLICATE_FRAMES);
        } else {
            counters.add(ClientCounter.FRAMES);
            listener.onFrame(new VoiceFrame(
                    room,
                    stream.speaker,
                    Integer.toUnsignedLong(frame.sequence()),
                    frame.level(),
                    frame.payload(),
                    epoch,
                    tick));
        }
    }

    private void lost(Event event) {
        Stream stream = streams.get(event.getStream());
        if (stream != null && !stream.blocked && (!stream.own || options.ownVoice())) {
            long count = Integer.toUnsignedLong(event.getCount());
            counters.add(ClientCounter.LOST_FRAMES, count);
            listener.onLost(
                    new LostFrames(room, stream.speaker, Integer.toUnsignedLong(event.getFirstSequence()), count));
        }
    }
}
