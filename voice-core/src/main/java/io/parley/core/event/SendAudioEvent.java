package io.parley.core.event;

import io.parley.core.error.ErrorCode;
import java.util.Objects;

/**
 * What the event bus is told about one chunk: a reference to it and its status, never its audio. Immutable; empty
 * texts stand for what is not known.
 */
public final class SendAudioEvent {

    /** PENDING (taken in), PROCESSING (sequenced), COMPLETED (broadcast answered), FAILED (with a reason). */
    public enum Status {
        PENDING,
        PROCESSING,
        COMPLETED,
        FAILED
    }

    private final Status status;
    private final ErrorCode reason;
    private final String room;
    private final String participant;
    private final String connection;
    private final String requestId;
    private final String format;
    private final int sequence;
    private final int frameCount;
    private final long arrivalTimeMs;
    private final String objectKey;
    private final String domainName;
    private final String stage;
    private final long timestampMs;

    private SendAudioEvent(Builder builder) {
        status = Objects.requireNonNull(builder.status, "status");
        reason = builder.reason;
        if ((reason != null) != (status == Status.FAILED)) {
            throw new IllegalArgumentException("a reason belongs to FAILED and only to it: " + status + ", " + reason);
        }
        room = builder.room;
        participant = builder.participant;
        connection = builder.connection;
        requestId = builder.requestId;
        format = builder.format;
        sequence = builder.sequence;
        frameCount = builder.frameCount;
        arrivalTimeMs = builder.arrivalTimeMs;
        objectKey = builder.objectKey;
        domainName = builder.domainName;
        stage = builder.stage;
        timestampMs = builder.timestampMs;
    }

    public static Builder of(Status status, long timestampMs) {
        return new Builder(status, timestampMs);
    }

    public Status status() {
        return status;
    }

    /** Why it failed; null unless FAILED. */
    public ErrorCode reason() {
        return reason;
    }

    public String room() {
        return room;
    }

    public String participant() {
        return participant;
    }

    public String connection() {
        return connection;
    }

    /** The gateway's id of the message that carried the chunk; the same in all events of one chunk. */
    public String requestId() {
        return requestId;
    }

    /** The codec in lower case, such as {@code opus}. */
    public String format() {
        return format;
    }

    /** Sequence number of the chunk's first frame; unsigned. */
    public int sequence() {
        return sequence;
    }

    public int frameCount() {
        return frameCount;
    }

    public long arrivalTimeMs() {
        return arrivalTimeMs;
    }

    /** Where the chunk lies in the audio bucket, or empty if chunks are not kept. */
    public String objectKey() {
        return objectKey;
    }

    public String domainName() {
        return domainName;
    }

    public String stage() {
        return stage;
    }

    public long timestampMs() {
        return timestampMs;
    }

    /** Collects an event's fields. */
    public static final class Builder {
        private final Status status;
        private final long timestampMs;
        private ErrorCode reason;
        private String room = "";
        private String participant = "";
        private String connection = "";
        private String requestId = "";
        private String format = "";
        private int sequence;
        private int frameCount;
        private long arrivalTimeMs;
        private String objectKey = "";
        private String domainName = "";
        private String stage = "";

        private Builder(Status status, long timestampMs) {
            this.status = status;
            this.timestampMs = timestampMs;
        }

        public Builder reason(ErrorCode value) {
            reason = value;
            return this;
        }

        public Builder speaker(String room, String participant, String connection) {
            this.room = Objects.requireNonNull(room);
            this.participant = Objects.requireNonNull(participant);
            this.connection = Objects.requireNonNull(connection);
            return this;
        }

        public Builder chunk(String format, int sequence, int frameCount) {
            this.format = Objects.requireNonNull(format);
            this.sequence = sequence;
            this.frameCount = frameCount;
            return this;
        }

        public Builder message(String requestId, long arrivalTimeMs) {
            this.requestId = Objects.requireNonNull(requestId);
            this.arrivalTimeMs = arrivalTimeMs;
            return this;
        }

        public Builder objectKey(String value) {
            objectKey = Objects.requireNonNull(value);
            return this;
        }

        public Builder gateway(String domainName, String stage) {
            this.domainName = Objects.requireNonNull(domainName);
            this.stage = Objects.requireNonNull(stage);
            return this;
        }

        public SendAudioEvent build() {
            return new SendAudioEvent(this);
        }
    }
}
