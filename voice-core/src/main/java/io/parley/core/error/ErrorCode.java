package io.parley.core.error;

import java.util.Locale;

/**
 * The error catalogue: all that Parley ever answers to a client, reports as the reason of a FAILED event, or gives as
 * the reason of a rejected record. An exception's text is never sent; these are.
 */
public enum ErrorCode {
    // The message
    BAD_JSON("The message is not a JSON object.", "Send one JSON object in each text frame.", Retry.FIX),
    UNKNOWN_ACTION("No such action.", "Use one of the actions of docs/protocol.md.", Retry.FIX),
    BAD_FIELD("A field is missing or has the wrong type or length.", "Compare with docs/protocol.md.", Retry.FIX),
    BAD_ROOM("The room id is not 1 to 64 of A-Z a-z 0-9 _ -.", "Choose another room id.", Retry.FIX),
    MESSAGE_TOO_LARGE("The message is over 30,000 bytes.", "Send shorter chunks.", Retry.FIX),

    // The chunk inside it
    BAD_BASE64("The chunk is not base64.", "Encode with the standard alphabet of RFC 4648 §4.", Retry.FIX),
    CHUNK_TRUNCATED(
            "The chunk ends before its header or frames do, or goes on after them.",
            "Write the header and exactly the frames that it counts.",
            Retry.FIX),
    CHUNK_VERSION("The chunk has a version that this server does not know.", "Send version 1.", Retry.FIX),
    CHUNK_CODEC("The chunk's codec is unknown.", "Use a codec of docs/formats.md.", Retry.FIX),
    CHUNK_FLAGS("The chunk sets a flag that has no meaning.", "Leave undefined flags at 0.", Retry.FIX),
    CHUNK_DURATION(
            "The frame duration is not one of the codec, or the chunk is longer than 200 ms.",
            "Opus: 2.5, 5, 10, 20, 40 or 60 ms; PCM: 1 to 60 ms; at most 200 ms a chunk.",
            Retry.FIX),
    CHUNK_EMPTY("The chunk has no frame.", "Send at least one frame; send nothing in silence.", Retry.FIX),
    FRAME_SIZE(
            "A frame's length does not fit its codec.",
            "Opus: 1 to 1275 bytes; PCM: exactly the bytes of the frame duration.",
            Retry.FIX),
    FRAME_TOC(
            "An Opus frame's TOC byte says another duration than the header.",
            "Encode every frame of a chunk with the duration that the header declares.",
            Retry.FIX),
    FRAME_LEVEL("A frame's level is over 127.", "Send the level in -dBov, 0 to 127 (RFC 6464).", Retry.FIX),

    // The room
    NOT_JOINED("This connection has not joined that room.", "Join and wait for joined.", Retry.JOIN),
    NOT_ALLOWED("You may not do that in this room.", "Ask a moderator.", Retry.FIX),
    MUTED("You are muted in this room.", "Unmute yourself, or wait until a moderator unmutes you.", Retry.FIX),
    PUSH_TO_TALK(
            "In this room only push-to-talk is heard.",
            "Speak while the key is held, and set the push-to-talk flag in the chunk.",
            Retry.FIX),
    BANNED("You are banned from this room.", "Do not try again before the ban ends.", Retry.STOP),
    ROOM_LOCKED("The room is locked.", "Ask a moderator to unlock it, then join again.", Retry.FIX),
    ROOM_FULL("The room has as many members as the deployment allows.", "Try again when somebody left.", Retry.LATER),
    TOO_MANY_ROOMS(
            "The connection is in as many rooms as the deployment allows.",
            "Leave one of them first, or switch.",
            Retry.FIX),
    TOO_MANY_BLOCKED("You block 100 participants of this room already.", "Unblock others first.", Retry.FIX),
    TICKET_REQUIRED("This room needs a room ticket.", "Ask your game's backend for a room ticket.", Retry.FIX),
    TICKET_INVALID(
            "The room ticket is not one for this user, this room and this deployment.",
            "Ask your game's backend for another room ticket; docs/tickets.md says what is in one.",
            Retry.FIX),
    TICKET_EXPIRED("The room ticket has expired.", "Ask your game's backend for a fresh room ticket.", Retry.FIX),
    TICKET_USED(
            "The room ticket was used by another connection, or before it was taken back.",
            "Ask your game's backend for a fresh room ticket.",
            Retry.FIX),
    RATE_LIMITED("More was sent than the limit allows.", "Send no faster than real time.", Retry.LATER),

    // The connection
    UNAUTHORIZED("The token is missing, not valid or expired.", "Connect with a valid user token.", Retry.REFRESH),
    API_KEY("The API key is missing or unknown.", "Send the deployment's API key as x-api-key.", Retry.STOP),
    SUSPENDED("The operator has suspended this user.", "Do not try again before the suspension ends.", Retry.STOP),
    TOO_MANY_CONNECTIONS(
            "The user has as many connections as the deployment allows.",
            "Close one of them, then connect again.",
            Retry.FIX),
    CONNECTION_GONE("The connection is no longer known.", "Connect again.", Retry.RECONNECT),

    // The system
    UNAVAILABLE("Parley cannot take this at the moment.", "Send it again after a short while.", Retry.LATER),
    INTERNAL("Parley failed.", "Send it again; tell the operator if it stays so.", Retry.LATER),

    // Frames and records inside the system: reasons only, never answered to a client
    LATE("The frame came after its place was given up.", "Look at the sender's jitter, or raise the hold.", Retry.FIX),
    STALE("The frame is older than the playout deadline.", "Look at the way's delay.", Retry.FIX),
    SUPPRESSED("Others in the room were louder.", "None needed, or raise room.loudest.", Retry.FIX),
    DUPLICATE("The frame had been seen before.", "None needed.", Retry.FIX),
    BROADCAST_FAILED(
            "The broadcast Lambda did not take the tick in time.", "Look at its log and metrics.", Retry.LATER),
    RECORD_MALFORMED("The record is not a StreamRecord.", "Find the producer that writes it.", Retry.FIX),
    RECORD_VERSION("The record has a version that this job does not know.", "Deploy the job first.", Retry.FIX),
    RECORD_FIELD("A field of the record is missing or out of range.", "Find the producer that writes it.", Retry.FIX);

    private final String cause;
    private final String cure;
    private final Retry retry;

    ErrorCode(String cause, String cure, Retry retry) {
        this.cause = cause;
        this.cure = cure;
        this.retry = retry;
    }

    /** The code as it is on the wire: {@code bad_json}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String cause() {
        return cause;
    }

    public String cure() {
        return cure;
    }

    public Retry retry() {
        return retry;
    }

    /** Milliseconds to wait before a {@link Retry#LATER}; 0 for all others. */
    public int retryAfterMs() {
        return retry == Retry.LATER ? 1_000 : 0;
    }
}
