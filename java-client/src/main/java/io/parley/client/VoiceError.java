package io.parley.client;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.Retry;
import java.util.Objects;

/** An error that the server named, or one of this client's own ({@link #GATEWAY} and those after it). Immutable. */
public final class VoiceError {

    /** A frame of the gateway itself, without an action: something failed before Parley saw it. */
    public static final String GATEWAY = "gateway";
    /** A message came that is none of the protocol's. */
    public static final String MALFORMED = "malformed";
    /** There is no open connection at the moment. */
    public static final String NOT_CONNECTED = "not_connected";
    /** The room's {@code joined} has not arrived. */
    public static final String NOT_JOINED = ErrorCode.NOT_JOINED.code();
    /** More messages wait to be sent than the options allow. */
    public static final String QUEUE_FULL = "queue_full";
    /** No answer came in time. */
    public static final String TIMEOUT = "timeout";
    /** The {@link TicketSource} gave no ticket. */
    public static final String NO_TICKET = "no_ticket";
    /** The server took this client out of the room before the join was done. */
    public static final String REMOVED = "removed";
    /** The client is closed, or has stopped for good. */
    public static final String CLOSED = "closed";

    private final String code;
    private final String text;
    private final String cure;
    private final Retry retry;
    private final long retryAfterMs;
    private final String action;
    private final String room;
    private final String id;
    private final String requestId;

    VoiceError(
            String code,
            String text,
            String cure,
            Retry retry,
            long retryAfterMs,
            String action,
            String room,
            String id,
            String requestId) {
        this.code = Objects.requireNonNull(code);
        this.text = Objects.requireNonNull(text);
        this.cure = cure;
        this.retry = Objects.requireNonNull(retry);
        this.retryAfterMs = retryAfterMs;
        this.action = action;
        this.room = room;
        this.id = id;
        this.requestId = requestId;
    }

    static VoiceError local(String code, String text, Retry retry, String room) {
        long retryAfterMs = retry == Retry.LATER ? ErrorCode.UNAVAILABLE.retryAfterMs() : 0;
        return new VoiceError(code, text, "", retry, retryAfterMs, null, room, null, null);
    }

    /** Whether it says that a ticket is missing or no good: then another try with the same would fail too. */
    boolean isAboutTicket() {
        return code.startsWith("ticket_");
    }

    /** Whether it is about the whole user, whatever message it answers. */
    boolean isSuspension() {
        return code.equals("suspended");
    }

    /** The code, as in the error catalogue (docs/errors.md) or one of the constants here. */
    public String code() {
        return code;
    }

    /** What is wrong, for the developer. */
    public String text() {
        return text;
    }

    /** What to do about it, for the developer; may be empty. */
    public String cure() {
        return cure;
    }

    /** What to do about it. */
    public Retry retry() {
        return retry;
    }

    /** How long to wait with {@link Retry#LATER}; else 0. */
    public long retryAfterMs() {
        return retryAfterMs;
    }

    /** The action that it answers, or null. */
    public String action() {
        return action;
    }

    /** The room that it is about, or null. */
    public String room() {
        return room;
    }

    /** The id of the message that it answers, or null. */
    public String id() {
        return id;
    }

    /** The gateway's id of the request, for the operator's logs, or null. */
    public String requestId() {
        return requestId;
    }

    @Override
    public String toString() {
        return code + (room == null ? "" : " in room " + room) + ": " + text;
    }
}
