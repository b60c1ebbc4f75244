package io.parley.client;

import com.google.protobuf.ByteString;
import io.parley.core.chunk.Codec;
import io.parley.core.tick.LiveFrames;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.Event;
import java.util.HashMap;
import java.util.Map;

/**
 * The listening side of one room: which ticks are played, in what state the hash chain is, whose streams there are and
 * what of them was played. Its state outlives a lost connection. Runs on the loop.
 */
final class RoomReceiver {

    private static final long NONE = -1;

    private final String room;
    private final VoiceClientOptions options;
    private final Counters counters;
    private final VoiceListener listener;
    private final TickHash hasher = new TickHash();
    private final Map<Integer, Stream> streams = new HashMap<>();

    private String participant;
    private long epoch = NONE;
    private long tick = NONE;
    private ByteString hash;

    private static final class Stream {
        final SpeakerInfo speaker;
        final boolean own;
        final PlayedWindow played = new PlayedWindow();

        Stream(SpeakerInfo speaker, boolean own) {
            this.speaker = speaker;
            this.own = own;
        }
    }

    RoomReceiver(String room, VoiceClientOptions options, Counters counters, VoiceListener listener) {
        this.room = room;
        this.options = options;
        this.counters = counters;
        this.listener = listener;
    }

    /** The room was joined, for the first time or again. */
    void joined(JoinedRoom joined) {
        participant = joined.participant();
        if (joined.epoch() > epoch) {
            beginEpoch(joined.epoch());
            tick = joined.tick();
            hash = joined.hash();
        } else if (joined.epoch() == epoch && joined.tick() > tick) {
            missed(joined.tick() - tick);
            tick = joined.tick();
            hash = joined.hash();
        } else if (joined.epoch() < epoch) {
            return;
        }
        joined.speakers().forEach(this::announce);
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
            missed(missedAtTheEnd(content));
            beginEpoch(content.epoch);
            previous = TickHash.ZERO;
            expected = 0;
        }
        tick = content.tick;
        if (content.tick == expected) {
            return previous;
        }
        missed(content.tick - expected);
        return null;
    }

    /** How many ticks of the epoch that is over never came, if the new one's opening names where it ended. */
    private long missedAtTheEnd(TickContent content) {
        for (Event event : content.events) {
            if (event.getKind() == Event.Kind.OPENED && event.getTombstoneEpoch() == epoch) {
                return Math.max(0, event.getTombstoneTick() - tick);
            }
        }
        return 0;
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
            speaker = new SpeakerInfo(event.getStream(), event.getParticipant(), codec, event.getFrameDurationUs());
            announce(speaker);
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
        streams.computeIfAbsent(
                speaker.stream(),
                index -> new Stream(speaker, speaker.participant().equals(participant)));
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
        if (stream != null && (!stream.own || options.ownVoice())) {
            long count = Integer.toUnsignedLong(event.getCount());
            counters.add(ClientCounter.LOST_FRAMES, count);
            listener.onLost(
                    new LostFrames(room, stream.speaker, Integer.toUnsignedLong(event.getFirstSequence()), count));
        }
    }
}
