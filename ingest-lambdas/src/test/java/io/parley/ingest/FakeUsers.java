package io.parley.ingest;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.Suspensions;
import io.parley.core.port.UserConnections;
import io.parley.core.room.Connection;
import io.parley.core.room.Suspension;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Suspensions in memory, and the connections of a user among those that are known. */
final class FakeUsers implements Suspensions, UserConnections {

    final Map<String, Suspension> suspended = new LinkedHashMap<>();
    boolean away;
    private final Map<String, Connection> connections;

    FakeUsers(Map<String, Connection> connections) {
        this.connections = connections;
    }

    @Override
    public Optional<Suspension> find(String participant) {
        failIfAway();
        return Optional.ofNullable(suspended.get(participant));
    }

    @Override
    public void suspend(String participant, Suspension suspension) {
        failIfAway();
        suspended.put(participant, suspension);
    }

    @Override
    public void suspendAtLeast(String participant, Suspension suspension) {
        failIfAway();
        Suspension before = suspended.get(participant);
        if (before == null || before.untilMs() != 0 && before.untilMs() < suspension.untilMs()) {
            suspended.put(participant, suspension);
        }
    }

    @Override
    public boolean lift(String participant) {
        failIfAway();
        return suspended.remove(participant) != null;
    }

    @Override
    public List<String> of(String participant) {
        failIfAway();
        return connections.values().stream()
                .filter(connection -> connection.participant().equals(participant))
                .sorted(Comparator.comparingLong(Connection::expiresAtMs))
                .map(Connection::id)
                .toList();
    }

    private void failIfAway() {
        if (away) {
            throw new ParleyException(ErrorCode.UNAVAILABLE, "the table is away");
        }
    }
}
