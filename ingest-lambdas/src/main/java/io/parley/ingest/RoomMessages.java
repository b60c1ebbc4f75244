package io.parley.ingest;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.FailureLog;
import io.parley.core.error.ParleyException;
import io.parley.core.options.RoomPolicy;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.port.VoiceStream;
import io.parley.core.record.Micros;
import io.parley.core.room.Departure;
import io.parley.core.room.Member;
import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.Probe;
import io.parley.core.wire.StreamRecord;
import io.parley.ingest.IngestMetrics.Counter;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves every message that is no audio: join, leave, ping and probe. What is refused is answered with an error of the
 * catalogue. Thread safe; blocks until all is done.
 */
final class RoomMessages {

    private static final Logger LOG = LoggerFactory.getLogger(RoomMessages.class);
    private static final int MAX_NAME = 64;
    private static final Permissions OPEN_ROOM =
            Permissions.newBuilder().setSpeak(true).setListen(true).build();

    private final ConnectionRegistry registry;
    private final MembershipCache members;
    private final VoiceStream stream;
    private final Departure departure;
    private final ClientAnswers answers;
    private final RoomPolicy policy;
    private final boolean recording;
    private final Clock clock;
    private final IngestMetrics metrics;
    private final FailureLog failures;

    /** @param recording what a joining client is told: whether anything of the room is kept */
    RoomMessages(
            ConnectionRegistry registry,
            VoiceStream stream,
            ClientAnswers answers,
            RoomPolicy policy,
            boolean recording,
            Clock clock,
            IngestMetrics metrics) {
        this.registry = Objects.requireNonNull(registry);
        this.members = new MembershipCache(registry, clock, metrics);
        this.stream = Objects.requireNonNull(stream);
        this.departure = new Departure(registry, stream, clock);
        this.answers = Objects.requireNonNull(answers);
        this.policy = Objects.requireNonNull(policy);
        this.recording = recording;
        this.clock = Objects.requireNonNull(clock);
        this.metrics = Objects.requireNonNull(metrics);
        this.failures = FailureLog.ofLines(clock::millis, LOG::warn);
    }

    Ingested serve(Sender sender, String body) {
        long ingestUs = Micros.now(clock);
        ClientMessage message = ClientMessage.read(body);
        try {
            message.check();
            if (sender.participant() == null) {
                throw new ParleyException(ErrorCode.UNAUTHORIZED, "the route has no authorizer");
            }
            String action = message.action() == null ? "" : message.action();
            switch (action) {
                case "join" -> join(sender, message, ingestUs);
                case "leave" -> leave(sender, message);
                case "ping" -> answers.pong(message, sender).join();
                case "probe" -> probe(sender, message, ingestUs);
                default -> throw new ParleyException(ErrorCode.UNKNOWN_ACTION, "not join, leave, ping or probe");
            }
            return Ingested.TAKEN;
        } catch (RuntimeException e) {
            ErrorCode code = codeOf(e);
            answers.refused(code, message, sender).join();
            return Ingested.refused(code);
        }
    }

    private ErrorCode codeOf(RuntimeException failure) {
        Throwable cause = Started.cause(failure);
        if (!(cause instanceof ParleyException)) {
            LOG.error("a message could not be served", failure);
            return ErrorCode.INTERNAL;
        }
        ErrorCode code = ((ParleyException) cause).code();
        if (code == ErrorCode.UNAVAILABLE) {
            failures.failed("a message could not be served", cause);
        }
        return code;
    }

    /**
     * The registry decides, then the stream is told in order. If the stream cannot be told the client gets an error and
     * may join again: that writes the member anew, with the next version.
     */
    private void join(Sender sender, ClientMessage message, long ingestUs) {
        String room = message.requireRoom();
        String name = displayName(sender, message);
        if (policy != RoomPolicy.OPEN) {
            throw new ParleyException(ErrorCode.NOT_ALLOWED, "ROOM_POLICY=ticket, and room tickets are not read yet");
        }
        Member member = registry.join(
                room,
                new Member(
                        sender.participant(),
                        sender.connection(),
                        name,
                        OPEN_ROOM,
                        0,
                        ConnectionLimits.expiresAtMs(sender.connectedAtMs())));
        put(record(sender, room, StreamRecord.Kind.CONTROL, ingestUs)
                .setControlVersion(member.controlVersion())
                .setControl(Control.newBuilder()
                        .setKind(Control.Kind.JOIN)
                        .setParticipant(sender.participant())
                        .setConnection(sender.connection())
                        .setDisplayName(name)
                        .setPermissions(member.permissions())
                        .setRecording(recording)
                        .setExpiresAtMs(member.expiresAtMs())
                        .setReconnectBeforeMs(ConnectionLimits.reconnectBeforeMs(sender.connectedAtMs()))));
        metrics.add(Counter.JOINS, 1);
        answers.accepted("join", message, sender).join();
    }

    private void leave(Sender sender, ClientMessage message) {
        String room = message.requireRoom();
        if (!departure.leave(room, sender.participant(), sender.connection(), "left")) {
            throw new ParleyException(ErrorCode.NOT_JOINED, "not in that room");
        }
        metrics.add(Counter.LEAVES, 1);
        answers.accepted("leave", message, sender).join();
    }

    private void probe(Sender sender, ClientMessage message, long ingestUs) {
        String room = message.requireRoom();
        Member member = members.find(room, sender.participant(), sender.connection());
        if (member == null) {
            throw new ParleyException(ErrorCode.NOT_JOINED, "not in that room");
        }
        put(record(sender, room, StreamRecord.Kind.PROBE, ingestUs)
                .setPermissions(member.permissions())
                .setControlVersion(member.controlVersion())
                .setProbe(Probe.newBuilder()
                        .setId(message.id() == null ? "" : message.id())
                        .setClientTimeMs(message.time())));
    }

    private StreamRecord.Builder record(Sender sender, String room, StreamRecord.Kind kind, long ingestUs) {
        return StreamRecord.newBuilder()
                .setVersion(1)
                .setKind(kind)
                .setRoom(room)
                .setParticipant(sender.participant())
                .setConnection(sender.connection())
                .setRequestId(sender.requestId())
                .setArrivalTimeMs(sender.arrivalTimeMs())
                .setTrace(IngestChunk.trace(sender, ingestUs, clock));
    }

    private void put(StreamRecord.Builder record) {
        try {
            stream.put(record.build()).toCompletableFuture().join();
        } catch (CompletionException e) {
            metrics.add(Counter.STREAM_FAILURES, 1);
            throw e;
        }
    }

    /** 1 to 64 characters and none that controls a terminal; without one the participant's id, cut to 64. */
    private static String displayName(Sender sender, ClientMessage message) {
        String name = message.name();
        if (name == null) {
            String participant = sender.participant();
            return participant.substring(0, Math.min(participant.length(), MAX_NAME));
        }
        int length = name.codePointCount(0, name.length());
        if (name.isBlank() || length > MAX_NAME || name.codePoints().anyMatch(Character::isISOControl)) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "name of " + length + " characters");
        }
        return name;
    }
}
