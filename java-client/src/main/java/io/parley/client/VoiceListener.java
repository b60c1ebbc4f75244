package io.parley.client;

/**
 * What an application hears of its {@link VoiceClient}. All methods are called on the client's one thread, in the order
 * in which things happened; a method that blocks holds up everything, sending too. Never wait for one of the client's
 * futures in here. What a method throws is counted and logged, and changes nothing.
 *
 * <p>Of one tick come: its events but the losses, its frames, the losses, then {@link #onTick}.
 */
public interface VoiceListener {

    /** A frame to play. Each comes once. */
    default void onFrame(VoiceFrame frame) {}

    /** Something happened in a room. */
    default void onEvent(RoomEvent event) {}

    /** Frames of a stream that will never come; conceal them. */
    default void onLost(LostFrames lost) {}

    /** A tick is over: all of it has been handed over. */
    default void onTick(VoiceTick tick) {}

    /** Ticks did not come, and will not. */
    default void onMissedTicks(String room, long count) {}

    /** A tick's hash does not follow from the one before: something was altered or left out on the way. */
    default void onChainBreak(String room, long epoch, long tick) {}

    /** A room was joined: the first time, or again after a lost connection. */
    default void onJoined(JoinedRoom room) {}

    /**
     * The server took this client out of a room, or did not let it in again after a lost connection. With
     * {@code willRejoin} it tries to get back in, with a fresh ticket or token; else the room is left.
     */
    default void onRemoved(RoomRemoval removal, boolean willRejoin) {}

    /** The server refused something, or something came that was not understood. */
    default void onError(VoiceError error) {}

    /** The server is about to close the connection. */
    default void onBye(String reason, boolean reconnect) {}

    /** The connection is lost. With {@code willReconnect} the client tries on; else this was the last call. */
    default void onDisconnected(String reason, boolean willReconnect) {}

    /** The connection is open again; the rooms are being joined again. */
    default void onReconnected() {}
}
