package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.ConnectionPoster;
import io.parley.core.room.Connection;
import io.parley.core.room.Departure;
import io.parley.core.room.Suspension;
import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SuspendTest {

    private static final String BYE = "{\"action\":\"bye\",\"reason\":\"suspended\",\"reconnect\":false}";

    private final FakeSystem system = new FakeSystem();
    private final FakeUsers users = new FakeUsers(system.connections);
    private final List<String> gateway = new ArrayList<>();
    private final Set<String> unclosable = new HashSet<>();
    private final Suspend suspend = new Suspend(
            users,
            users,
            new ConnectionEnd(new Departure(system.registry(), system.stream(), system.clock), poster(), system.clock));
    private final List<String> revoked = new ArrayList<>();
    private final OperatorHandler operator =
            new OperatorHandler(suspend, (room, participant) -> revoked.add(room + " " + participant), system.clock);

    @Test
    void endsAllConnectionsOfTheUserAndNobodyElses() {
        connected("c1=", "ann");
        connected("c2=", "ann");
        connected("c3=", "bob");

        assertThat(suspend.suspend("ann", new Suspension(0, ""))).isEqualTo(2);
        assertThat(users.suspended).containsOnlyKeys("ann");
        assertThat(system.connections).containsOnlyKeys("c3=");
        assertThat(gateway).containsExactly("c1= " + BYE, "close c1=", "c2= " + BYE, "close c2=");
    }

    @Test
    void leavesTheRoomsBeforeItSaysGoodbye() {
        system.joined("lobby", Permissions.getDefaultInstance());
        system.connections.put("c1=", new Connection("c1=", "ann", 1, Long.MAX_VALUE, Set.of("lobby")));

        suspend.suspend("ann", new Suspension(0, ""));
        assertThat(system.members).isEmpty();
        assertThat(system.records).hasSize(1);
        Control left = system.records.get(0).getControl();
        assertThat(left.getKind()).isEqualTo(Control.Kind.LEAVE);
        assertThat(left.getReason()).isEqualTo("suspended");
    }

    @Test
    void leavesALongerSuspensionAsItIsWhereItIsToLastAtLeastSoLong() {
        users.suspended.put("ann", new Suspension(0, "for good"));
        users.suspended.put("bob", new Suspension(5_000, "short"));
        connected("c1=", "ann");

        assertThat(suspend.suspendAtLeast("ann", new Suspension(9_000, "abuse")))
                .isEqualTo(1);
        suspend.suspendAtLeast("bob", new Suspension(9_000, "abuse"));
        assertThat(users.suspended.get("ann").reason()).isEqualTo("for good");
        assertThat(users.suspended.get("bob").reason()).isEqualTo("abuse");
    }

    @Test
    void suspendsWhoIsNotConnected() {
        assertThat(suspend.suspend("ann", new Suspension(0, ""))).isZero();
        assertThat(users.suspended).containsOnlyKeys("ann");
    }

    @Test
    void endsTheOthersWhereOneCannotBeEndedAndSaysSo() {
        connected("c1=", "ann");
        connected("c2=", "ann");
        unclosable.add("c1=");

        assertThatThrownBy(() -> suspend.suspend("ann", new Suspension(0, "")))
                .isInstanceOfSatisfying(
                        ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("1 of the user's connections");
        assertThat(system.connections).isEmpty();
        assertThat(gateway).contains("close c2=");
        assertThat(users.suspended).containsOnlyKeys("ann");
    }

    @Test
    void closesTheConnectionAlsoWhereTheRegistryIsAway() {
        connected("c1=", "ann");
        system.away.add("registry");

        assertThatThrownBy(() -> suspend.suspend("ann", new Suspension(0, ""))).isInstanceOf(ParleyException.class);
        assertThat(gateway).contains("close c1=");
    }

    @Test
    void doesWhatTheOperatorSays() {
        connected("c1=", "ann");

        assertThat(operator.handleRequest(
                        Map.of("operation", "suspend", "participant", "ann", "minutes", 60, "reason", "shouting"),
                        null))
                .isEqualTo(Map.of("done", true, "until", MovableClock.START_MS + 3_600_000, "connections", 1));
        assertThat(users.suspended.get("ann").untilMs()).isEqualTo(MovableClock.START_MS + 3_600_000);
        assertThat(users.suspended.get("ann").reason()).isEqualTo("shouting");
        assertThat(operator.handleRequest(Map.of("operation", "suspend", "participant", "ann"), null))
                .isEqualTo(Map.of("done", true, "until", 0L, "connections", 0));
        assertThat(operator.handleRequest(Map.of("operation", "unsuspend", "participant", "ann"), null))
                .isEqualTo(Map.of("done", true, "wasSuspended", true));
        assertThat(operator.handleRequest(Map.of("operation", "unsuspend", "participant", "ann"), null))
                .isEqualTo(Map.of("done", true, "wasSuspended", false));
        assertThat(operator.handleRequest(Map.of("operation", "revoke", "room", "lobby", "participant", "ann"), null))
                .isEqualTo(Map.of("done", true));
        assertThat(revoked).containsExactly("lobby ann");
    }

    @Test
    void saysWhatIsWrongWithAnOperation() {
        assertRefused(null, "bad_field", "operation must be");
        assertRefused(Map.of("operation", "destroy"), "bad_field", "operation must be");
        assertRefused(Map.of("operation", "suspend"), "bad_field", "participant must be");
        assertRefused(Map.of("operation", "suspend", "participant", "a#b"), "bad_field", "participant must be");
        assertRefused(Map.of("operation", "suspend", "participant", 7), "bad_field", "participant must be");
        for (Object minutes : List.of(0, -1, 525_601, "60", 1.5, Long.MAX_VALUE)) {
            assertRefused(
                    Map.of("operation", "suspend", "participant", "ann", "minutes", minutes), "bad_field", "minutes");
        }
        assertRefused(
                Map.of("operation", "suspend", "participant", "ann", "reason", "x".repeat(201)), "bad_field", "reason");
        assertRefused(Map.of("operation", "revoke", "room", "a/b", "participant", "ann"), "bad_room", "room must be");
        users.away = true;
        assertRefused(Map.of("operation", "suspend", "participant", "ann"), "unavailable", "away");
        assertThat(users.suspended).isEmpty();
    }

    private void assertRefused(Map<String, Object> request, String code, String text) {
        assertThat(operator.handleRequest(request, null))
                .containsEntry("done", false)
                .containsEntry("code", code)
                .hasEntrySatisfying("text", said -> assertThat(said.toString()).contains(text));
    }

    private void connected(String connection, String participant) {
        system.connections.put(connection, new Connection(connection, participant, 1, Long.MAX_VALUE, Set.of()));
    }

    private ConnectionPoster poster() {
        return new ConnectionPoster() {
            @Override
            public CompletionStage<Outcome> post(String connection, byte[] text) {
                gateway.add(connection + " " + new String(text, StandardCharsets.UTF_8));
                return CompletableFuture.completedFuture(Outcome.POSTED);
            }

            @Override
            public CompletionStage<Outcome> close(String connection) {
                gateway.add("close " + connection);
                return CompletableFuture.completedFuture(
                        unclosable.contains(connection) ? Outcome.FAILED : Outcome.POSTED);
            }
        };
    }
}
