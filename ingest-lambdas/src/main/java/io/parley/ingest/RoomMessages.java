package io.parley.ingest;

import static java.util.Map.entry;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.FailureLog;
import io.parley.core.error.ParleyException;
import io.parley.core.pace.ConnectionPace;
import io.parley.core.port.RoomRegistry;
import io.parley.core.record.Micros;
import io.parley.core.room.Member;
import io.parley.core.room.Membership;
import io.parley.core.room.OwnChoice;
import io.parley.core.room.RoomChange;
import io.parley.core.wire.Control;
import io.parley.core.wire.Probe;
import io.parley.core.wire.StreamRecord;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves every message that is no audio. What is refused is answered with an error of the catalogue. Thread safe; blocks
 * until all is done.
 */
final class RoomMessages {

    private static final Logger LOG = LoggerFactory.getLogger(RoomMessages.class);
    private static final int MAX_TEXTS_A_SECOND = 5;

    private final RoomRegistry rooms;
    private final RoomRecords records;
    private final MembershipCache members;
    private final OwnState ownState;
    private final Moderation moderation;
    private final ClientAnswers answers;
    private final Clock clock;
    private final FailureLog failures;
    private final ConnectionPace textPace = new ConnectionPace(MAX_TEXTS_A_SECOND);
    private final Map<String, Consumer<ClientRequest>> actions;

    RoomMessages(
            RoomRegistry rooms,
            RoomRecords records,
            MembershipCache members,
            Joining joining,
            OwnState ownState,
            Moderation moderation,
            ClientAnswers answers,
            Clock clock) {
        this.rooms = Objects.requireNonNull(rooms);
        this.records = Objects.requireNonNull(records);
        this.members = Objects.requireNonNull(members);
        this.ownState = Objects.requireNonNull(ownState);
        this.moderation = Objects.requireNonNull(moderation);
        this.answers = Objects.requireNonNull(answers);
        this.clock = Objects.requireNonNull(clock);
        this.failures = FailureLog.ofLines(clock::millis, LOG::warn);
        this.actions = Map.ofEntries(
                entry("join", joining::join),
                entry("leave", joining::leave),
                entry("switch", joining::change),
                entry("renew", joining::renew),
                entry("mute", accepted(request -> mute(request, true))),
                entry("unmute", accepted(request -> mute(request, false))),
                entry("deafen", accepted(request -> ownState.choose(request, OwnChoice.DEAFENED, true))),
                entry("undeafen", accepted(request -> ownState.choose(request, OwnChoice.DEAFENED, false))),
                entry("block", accepted(request -> ownState.block(request, true))),
                entry("unblock", accepted(request -> ownState.block(request, false))),
                entry("muteroom", accepted(request -> moderation.muteRoom(request, true))),
                entry("unmuteroom", accepted(request -> moderation.muteRoom(request, false))),
                entry("kick", accepted(moderation::kick)),
                entry("ban", accepted(moderation::ban)),
                entry("unban", accepted(moderation::unban)),
                entry("lock", accepted(request -> moderation.lock(request, true))),
                entry("unlock", accepted(request -> moderation.lock(request, false))),
                entry("set", accepted(moderation::set)),
                entry("say", accepted(this::say)),
                entry(
                        "ping",
                        request -> answers.pong(request.message(), request.sender())
                                .join()),
                entry("probe", this::probe));
    }

    private Consumer<ClientRequest> accepted(Consumer<ClientRequest> action) {
        return request -> {
            action.accept(request);
            answers.accepted(request).join();
        };
    }

    Ingested serve(Sender sender, String body) {
        ClientRequest request = new ClientRequest(sender, ClientMessage.read(body), Micros.now(clock));
        String action = request.message().action();
        Consumer<ClientRequest> served = action == null ? null : actions.get(action);
        try {
            request.message().check();
            if (sender.participant() == null) {
                throw new ParleyException(ErrorCode.UNAUTHORIZED, "the route has no authorizer");
            }
            if (sender.isSeed() && !"ping".equals(action)) {
                throw new ParleyException(ErrorCode.NOT_ALLOWED, "not of the original protocol");
            }
            if (served == null) {
                throw new ParleyException(ErrorCode.UNKNOWN_ACTION, "no such action");
            }
            served.accept(request);
            return Ingested.TAKEN;
        } catch (RuntimeException e) {
            ErrorCode code = codeOf(e);
            answers.refused(code, served == null ? null : action, request.message(), sender)
                    .join();
            return Ingested.refused(code);
        }
    }

    /** A message that nobody looked at. */
    Ingested refuseUnread(Sender sender, ErrorCode code) {
        answers.refused(code, sender.action(), ClientMessage.UNREAD, sender).join();
        return Ingested.refused(code);
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

    private void mute(ClientRequest request, boolean on) {
        String participant = request.message().participant();
        if (participant == null || participant.equals(request.sender().participant())) {
            ownState.choose(request, OwnChoice.MUTED, on);
        } else {
            moderation.mute(request, on);
        }
    }

    /** Ordered by a version of its own, by which the job also knows a text that comes twice. */
    private void say(ClientRequest request) {
        String text = request.message().requireText();
        String room = request.room();
        if (!textPace.tryTake(request.sender().connection(), clock.millis())) {
            throw new ParleyException(ErrorCode.RATE_LIMITED, "over " + MAX_TEXTS_A_SECOND + " texts a second");
        }
        RoomChange change = rooms.say(room, request.actor());
        records.control(
                request,
                change,
                Control.newBuilder()
                        .setKind(Control.Kind.SAY)
                        .setParticipant(request.sender().participant())
                        .setText(text));
    }

    private void probe(ClientRequest request) {
        String room = request.room();
        Sender sender = request.sender();
        Membership membership = members.find(room, sender.participant(), sender.connection());
        if (membership == null) {
            throw new ParleyException(ErrorCode.NOT_JOINED, "not in that room");
        }
        Member member = membership.member();
        String id = request.message().id();
        records.put(records.record(request, room, StreamRecord.Kind.PROBE)
                .setPermissions(member.permissions())
                .setControlVersion(membership.controlVersion())
                .setProbe(Probe.newBuilder()
                        .setId(id == null ? "" : id)
                        .setClientTimeMs(request.message().time())));
    }
}
