package io.parley.client;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Objects;

/** What the server says of a room when it is joined. Immutable. */
public final class JoinedRoom {

    /** Somebody in the room. Immutable. */
    public static final class RoomMember {
        private final String participant;
        private final String name;
        private final boolean speaking;
        private final boolean muted;

        RoomMember(String participant, String name, boolean speaking, boolean muted) {
            this.participant = participant;
            this.name = name;
            this.speaking = speaking;
            this.muted = muted;
        }

        public String participant() {
            return participant;
        }

        /** For display; anyone may call themselves anything. */
        public String name() {
            return name;
        }

        public boolean speaking() {
            return speaking;
        }

        public boolean muted() {
            return muted;
        }
    }

    /** What a {@link JoinedRoom} is made of; filled by whoever reads the message. */
    static final class Draft {
        String room;
        String participant;
        long epoch;
        long tick;
        ByteString hash;
        List<RoomMember> members;
        List<SpeakerInfo> speakers;
        boolean recording;
        boolean maySpeak;
        boolean mayListen;
        boolean mayModerate;
        int frameMs;
        int chunkMs;
        int tickMs;
        int playoutMs;
        long reconnectBeforeMs;
    }

    private final String room;
    private final String participant;
    private final long epoch;
    private final long tick;
    private final ByteString hash;
    private final List<RoomMember> members;
    private final List<SpeakerInfo> speakers;
    private final boolean recording;
    private final boolean maySpeak;
    private final boolean mayListen;
    private final boolean mayModerate;
    private final int frameMs;
    private final int chunkMs;
    private final int tickMs;
    private final int playoutMs;
    private final long reconnectBeforeMs;

    JoinedRoom(Draft draft) {
        room = Objects.requireNonNull(draft.room);
        participant = Objects.requireNonNull(draft.participant);
        epoch = draft.epoch;
        tick = draft.tick;
        hash = Objects.requireNonNull(draft.hash);
        members = List.copyOf(draft.members);
        speakers = List.copyOf(draft.speakers);
        recording = draft.recording;
        maySpeak = draft.maySpeak;
        mayListen = draft.mayListen;
        mayModerate = draft.mayModerate;
        frameMs = draft.frameMs;
        chunkMs = draft.chunkMs;
        tickMs = draft.tickMs;
        playoutMs = draft.playoutMs;
        reconnectBeforeMs = draft.reconnectBeforeMs;
    }

    public String room() {
        return room;
    }

    /** Who this client is in the room, by its token. */
    public String participant() {
        return participant;
    }

    public long epoch() {
        return epoch;
    }

    /** The tick that orders the join; the first that is played is the one after it. */
    public long tick() {
        return tick;
    }

    ByteString hash() {
        return hash;
    }

    public List<RoomMember> members() {
        return members;
    }

    /** The speaker streams that exist already. */
    public List<SpeakerInfo> speakers() {
        return speakers;
    }

    /** Whether what is said in the room is kept. */
    public boolean recording() {
        return recording;
    }

    public boolean maySpeak() {
        return maySpeak;
    }

    public boolean mayListen() {
        return mayListen;
    }

    public boolean mayModerate() {
        return mayModerate;
    }

    /** How long a frame should be. */
    public int frameMs() {
        return frameMs;
    }

    /** How much audio should go into one chunk. */
    public int chunkMs() {
        return chunkMs;
    }

    /** The least time between two ticks of a room in which someone speaks. */
    public int tickMs() {
        return tickMs;
    }

    /** A hint for the jitter buffer. */
    public int playoutMs() {
        return playoutMs;
    }

    /** When the gateway will close this connection at the latest, in ms since the epoch; 0 if it is not known. */
    public long reconnectBeforeMs() {
        return reconnectBeforeMs;
    }
}
