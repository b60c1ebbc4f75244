package io.parley.client;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Objects;

/** What the server says of a room when it is joined. Immutable. */
public final class JoinedRoom {

    /** What a {@link JoinedRoom} is made of; filled by whoever reads the message. */
    static final class Draft {
        String room;
        String participant;
        long epoch;
        long tick;
        ByteString hash;
        List<Participant> members;
        List<SpeakerInfo> speakers;
        boolean recording;
        boolean pushToTalk;
        boolean roomMuted;
        boolean locked;
        boolean maySpeak;
        boolean mayListen;
        boolean mayModerate;
        boolean mayRecord;
        int frameMs;
        int chunkMs;
        int tickMs;
        int playoutMs;
        long reconnectBeforeMs;
        long grantUntilMs;
    }

    private final String room;
    private final String participant;
    private final long epoch;
    private final long tick;
    private final ByteString hash;
    private final List<Participant> members;
    private final List<SpeakerInfo> speakers;
    private final boolean recording;
    private final boolean pushToTalk;
    private final boolean roomMuted;
    private final boolean locked;
    private final boolean maySpeak;
    private final boolean mayListen;
    private final boolean mayModerate;
    private final boolean mayRecord;
    private final int frameMs;
    private final int chunkMs;
    private final int tickMs;
    private final int playoutMs;
    private final long reconnectBeforeMs;
    private final long grantUntilMs;

    JoinedRoom(Draft draft) {
        room = Objects.requireNonNull(draft.room);
        participant = Objects.requireNonNull(draft.participant);
        epoch = draft.epoch;
        tick = draft.tick;
        hash = Objects.requireNonNull(draft.hash);
        members = List.copyOf(draft.members);
        speakers = List.copyOf(draft.speakers);
        recording = draft.recording;
        pushToTalk = draft.pushToTalk;
        roomMuted = draft.roomMuted;
        locked = draft.locked;
        maySpeak = draft.maySpeak;
        mayListen = draft.mayListen;
        mayModerate = draft.mayModerate;
        mayRecord = draft.mayRecord;
        frameMs = draft.frameMs;
        chunkMs = draft.chunkMs;
        tickMs = draft.tickMs;
        playoutMs = draft.playoutMs;
        reconnectBeforeMs = draft.reconnectBeforeMs;
        grantUntilMs = draft.grantUntilMs;
    }

    /** The room's id. */
    public String room() {
        return room;
    }

    /** Who this client is in the room, by its token. */
    public String participant() {
        return participant;
    }

    /** The epoch of the room's numbering that is going on. */
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

    /** Who was in the room then; {@link VoiceRoom#view} follows them. */
    public List<Participant> members() {
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

    /** Whether only what is said with a key held down is played ({@link SpeakerStream#pushToTalk}). */
    public boolean pushToTalk() {
        return pushToTalk;
    }

    /** Whether only moderators may speak. */
    public boolean roomMuted() {
        return roomMuted;
    }

    /** Whether nobody else may join. */
    public boolean locked() {
        return locked;
    }

    /** Whether this client may speak: granted, and not muted by anyone. */
    public boolean maySpeak() {
        return maySpeak;
    }

    /** Whether this client may listen: granted, and not deafened. */
    public boolean mayListen() {
        return mayListen;
    }

    /** Whether this client may act on others and on the room. */
    public boolean mayModerate() {
        return mayModerate;
    }

    /** Whether this client may switch the room's recording on and off. */
    public boolean mayRecord() {
        return mayRecord;
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

    /**
     * When the next connection should be open, in ms since the epoch; 0 if it is not known. The client sees to that
     * itself.
     */
    public long reconnectBeforeMs() {
        return reconnectBeforeMs;
    }

    /**
     * When the membership ends unless it is renewed, in ms since the epoch; 0 if it is not known. The client renews it
     * itself where it has a {@link TicketSource} or a {@link TokenSource}.
     */
    public long grantUntilMs() {
        return grantUntilMs;
    }
}
