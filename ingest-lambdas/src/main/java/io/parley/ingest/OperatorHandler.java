package io.parley.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.room.RoomId;
import io.parley.core.room.Suspension;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operator and the game's backend may do to a user. It has no route: who has the right to invoke it through the
 * Lambda API may use it, and nobody else reaches it.
 *
 * <pre>
 * {"operation":"suspend","participant":"...","minutes":60,"reason":"..."}   without minutes: until it is lifted
 * {"operation":"unsuspend","participant":"..."}
 * {"operation":"revoke","room":"...","participant":"..."}
 * </pre>
 *
 * <p>The answer has {@code "done":true} and what was done, or {@code "done":false} with {@code code} and {@code text}.
 */
public final class OperatorHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorHandler.class);
    private static final int MAX_MINUTES = 525_600;
    private static final int MAX_REASON = 200;

    private final Suspend suspend;
    private final Revocation revocation;
    private final Clock clock;

    public OperatorHandler() {
        this(System.getenv(), Clock.systemUTC());
    }

    public OperatorHandler(Map<String, String> environment, Clock clock) {
        this(new IngestParts(environment, clock), clock);
    }

    private OperatorHandler(IngestParts parts, Clock clock) {
        this(parts.suspend(), parts.revocation(), clock);
    }

    OperatorHandler(Suspend suspend, Revocation revocation, Clock clock) {
        this.suspend = suspend;
        this.revocation = revocation;
        this.clock = clock;
    }

    @Override
    public Map<String, Object> handleRequest(Map<String, Object> request, Context context) {
        Map<String, Object> answer = new LinkedHashMap<>();
        try {
            answer.put("done", true);
            answer.putAll(perform(request == null ? Map.of() : request));
        } catch (ParleyException e) {
            LOG.warn("an operation was not done: {}", e.getMessage());
            answer.put("done", false);
            answer.put("code", e.code().code());
            answer.put("text", e.getMessage().substring(e.code().code().length() + 2));
        }
        return answer;
    }

    private Map<String, Object> perform(Map<String, Object> request) {
        Object operation = request.get("operation");
        if ("suspend".equals(operation)) {
            Suspension suspension = new Suspension(untilMs(request.get("minutes")), reason(request.get("reason")));
            int ended = suspend.suspend(participant(request), suspension);
            return Map.of("until", suspension.untilMs(), "connections", ended);
        }
        if ("unsuspend".equals(operation)) {
            return Map.of("wasSuspended", suspend.lift(participant(request)));
        }
        if ("revoke".equals(operation)) {
            revocation.revoke(room(request), participant(request));
            return Map.of();
        }
        throw bad("operation must be suspend, unsuspend or revoke");
    }

    private static String participant(Map<String, Object> request) {
        if (request.get("participant") instanceof String participant && TokenVerifier.isParticipant(participant)) {
            return participant;
        }
        throw bad("participant must be the id of a user, the claim sub of the user's token");
    }

    private static String room(Map<String, Object> request) {
        if (request.get("room") instanceof String room && RoomId.isValid(room)) {
            return room;
        }
        throw new ParleyException(ErrorCode.BAD_ROOM, "room must be 1 to 64 of A-Z a-z 0-9 _ -");
    }

    /** 0: until it is lifted. */
    private long untilMs(Object minutes) {
        if (minutes == null) {
            return 0;
        }
        if (minutes instanceof Integer number && number >= 1 && number <= MAX_MINUTES) {
            return clock.millis() + Duration.ofMinutes(number).toMillis();
        }
        throw bad("minutes must be a whole number within 1 and " + MAX_MINUTES);
    }

    private static String reason(Object reason) {
        if (reason == null) {
            return "";
        }
        if (reason instanceof String text && text.codePointCount(0, text.length()) <= MAX_REASON) {
            return text;
        }
        throw bad("reason must be a text of at most " + MAX_REASON + " characters");
    }

    private static ParleyException bad(String what) {
        return new ParleyException(ErrorCode.BAD_FIELD, what);
    }
}
