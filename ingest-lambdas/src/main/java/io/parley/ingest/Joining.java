package io.parley.ingest;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.options.RoomPolicy;
import io.parley.core.port.RoomRegistry;
import io.parley.core.room.Admitted;
import io.parley.core.room.Departure;
import io.parley.core.room.JoinRequest;
import io.parley.core.room.Member;
import io.parley.core.room.RoomGrant;
import io.parley.core.room.RoomSetting;
import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import io.parley.ingest.IngestMetrics.Counter;
import java.time.Clock;
import java.util.Objects;

/**
 * How connections come into rooms, stay and leave. By policy {@code open} whoever is signed in may come and speak, as
 * long as its user token is valid; by {@code ticket} what a room ticket says. Thread safe; blocks.
 */
final class Joining {

    private static final int MAX_NAME = 64;
    private static final Permissions OPEN_ROOM =
            Permissions.newBuilder().setSpeak(true).setListen(true).build();

    private final RoomRegistry rooms;
    private final RoomRecords records;
    private final Departure departure;
    private final ClientAnswers answers;
    private final Admittance admittance;
    private final ResumeSecrets secrets;
    private final boolean keeps;
    private final Clock clock;
    private final IngestMetrics metrics;

    /** How it is found out who may come in: what each policy needs. */
    record Admittance(RoomPolicy policy, Tickets tickets, UserTokens tokens) {}

    /** @param keeps whether the deployment keeps anything of what is said */
    Joining(
            RoomRegistry rooms,
            RoomRecords records,
            Departure departure,
            ClientAnswers answers,
            Admittance admittance,
            ResumeSecrets secrets,
            boolean keeps,
            Clock clock,
            IngestMetrics metrics) {
        this.rooms = Objects.requireNonNull(rooms);
        this.records = Objects.requireNonNull(records);
        this.departure = Objects.requireNonNull(departure);
        this.answers = Objects.requireNonNull(answers);
        this.admittance = Objects.requireNonNull(admittance);
        this.secrets = Objects.requireNonNull(secrets);
        this.keeps = keeps;
        this.clock = Objects.requireNonNull(clock);
        this.metrics = Objects.requireNonNull(metrics);
    }

    void join(ClientRequest request) {
        enter(request, request.room(), null);
    }

    /** Joins the other room first, so that whoever is refused there stays where it is. */
    void change(ClientRequest request) {
        Sender sender = request.sender();
        String from = request.room();
        String to = request.message().requireTo();
        if (to.equals(from)) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "to is the room itself");
        }
        if (rooms.membership(from, sender.participant(), sender.connection()).isEmpty()) {
            throw new ParleyException(ErrorCode.NOT_JOINED, "not in that room");
        }
        enter(request, to, from);
    }

    /** @param leaves the room that is left when the other was joined, or null */
    private void enter(ClientRequest request, String room, String leaves) {
        Sender sender = request.sender();
        String secret = secrets.next();
        JoinRequest wish = new JoinRequest(
                        sender.participant(),
                        sender.connection(),
                        ConnectionLimits.expiresAtMs(sender.connectedAtMs()),
                        displayName(request),
                        ResumeSecrets.hash(secret))
                .withGrant(grant(request, room))
                .leaving(leaves);
        if (request.message().replaces() != null) {
            wish = wish.inPlaceOf(
                    request.message().replaces(),
                    ResumeSecrets.hash(request.message().requireResume()));
        }
        Admitted admitted = rooms.join(room, wish);
        tell(request, room, admitted);
        metrics.add(Counter.JOINS, 1);
        if (leaves != null && departure.leave(leaves, sender.participant(), sender.connection(), "switched")) {
            metrics.add(Counter.LEAVES, 1);
        }
        answers.admitted(request, room, secret, admitted).join();
    }

    private void tell(ClientRequest request, String room, Admitted admitted) {
        Control.Builder join = control(admitted, request.sender(), keeps);
        records.control(request, room, admitted.member().controlVersion(), join);
    }

    /** What the job is told of a sender who has been let in. */
    static Control.Builder control(Admitted admitted, Sender sender, boolean keeps) {
        Member member = admitted.member();
        Control.Builder join = Control.newBuilder()
                .setKind(Control.Kind.JOIN)
                .setParticipant(member.participant())
                .setConnection(member.connection())
                .setDisplayName(member.displayName())
                .setPermissions(member.permissions())
                .setPresence(admitted.presence())
                .setLocked(admitted.settings().is(RoomSetting.LOCKED))
                .setExpiresAtMs(member.expiresAtMs())
                .setReconnectBeforeMs(ConnectionLimits.reconnectBeforeMs(sender.connectedAtMs()));
        Moderation.tell(admitted.settings(), keeps, join);
        return join;
    }

    void leave(ClientRequest request) {
        Sender sender = request.sender();
        if (!departure.leave(request.room(), sender.participant(), sender.connection(), "left")) {
            throw new ParleyException(ErrorCode.NOT_JOINED, "not in that room");
        }
        metrics.add(Counter.LEAVES, 1);
        answers.accepted(request).join();
    }

    void renew(ClientRequest request) {
        String room = request.room();
        RoomGrant grant = admittance.policy() == RoomPolicy.OPEN
                ? RoomGrant.of(OPEN_ROOM, verify(request).expiresAtMs())
                : byTicket(request, room);
        Admitted admitted = rooms.renew(
                room,
                request.actor(),
                grant,
                ConnectionLimits.expiresAtMs(request.sender().connectedAtMs()));
        tell(request, room, admitted);
        answers.renewed(request, admitted.member().expiresAtMs()).join();
    }

    /** Null where it is that of the connection which is replaced. */
    private RoomGrant grant(ClientRequest request, String room) {
        if (admittance.policy() == RoomPolicy.OPEN) {
            long expiresAtMs = request.sender().tokenExpiresAtMs();
            if (expiresAtMs != 0 && expiresAtMs <= clock.millis()) {
                throw new ParleyException(ErrorCode.UNAUTHORIZED, "the connection's token has expired");
            }
            return RoomGrant.of(OPEN_ROOM, expiresAtMs);
        }
        boolean inherits =
                request.message().ticket() == null && request.message().replaces() != null;
        return inherits ? null : byTicket(request, room);
    }

    private RoomGrant byTicket(ClientRequest request, String room) {
        if (request.message().ticket() == null) {
            throw new ParleyException(ErrorCode.TICKET_REQUIRED, "ticket is missing");
        }
        RoomTicket ticket = admittance
                .tickets()
                .verify(request.message().ticket(), request.sender().participant(), room);
        return RoomGrant.of(ticket.grant(), ticket.grantUntilMs()).byTicket(ticket.id(), ticket.expiresAtMs());
    }

    private UserToken verify(ClientRequest request) {
        if (request.message().token() == null) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "token is missing");
        }
        UserToken token;
        try {
            token = admittance.tokens().verify(request.message().token());
        } catch (Unauthorized e) {
            throw new ParleyException(ErrorCode.UNAUTHORIZED, e.getMessage());
        } catch (IllegalStateException e) {
            throw new ParleyException(ErrorCode.UNAVAILABLE, e.getMessage());
        }
        if (!token.participant().equals(request.sender().participant())) {
            throw new ParleyException(ErrorCode.UNAUTHORIZED, "a token of another user");
        }
        return token;
    }

    /** As the message says; without that the participant's id, cut to 64 characters. */
    private static String displayName(ClientRequest request) {
        String name = request.message().name();
        String participant = request.sender().participant();
        return name != null ? name : participant.substring(0, Math.min(participant.length(), MAX_NAME));
    }
}
