package io.parley.local.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.aws.AwsPorts;
import io.parley.core.error.ErrorCode;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.room.Connection;
import io.parley.core.room.Departure;
import io.parley.core.room.JoinRequest;
import io.parley.core.room.Member;
import io.parley.core.room.RoomGrant;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What whoever connects, leaves and posts may count on: our registry, on a table that somebody serves. */
abstract class ConnectionRegistryContractTest extends RegistryFixture {

    @Test
    void remembersAConnectionAndItsRooms() {
        connect("c1=", "ann");
        join("lobby", "ann", "c1=");
        join("arena", "ann", "c1=");
        registry.leave("arena", "ann", "c1=");

        Connection connection = registry.connection("c1=").orElseThrow();
        assertThat(connection.participant()).isEqualTo("ann");
        assertThat(connection.connectedAtMs()).isEqualTo(now.toEpochMilli());
        assertThat(connection.rooms()).containsExactly("lobby");
        assertThat(registry.connection("c2=")).isEmpty();
    }

    @Test
    void forgetsAConnectionOnceAndSaysWhereItWas() {
        connect("c1=", "ann");
        join("lobby", "ann", "c1=");

        assertThat(registry.forget("c1=").orElseThrow().rooms()).containsExactly("lobby");
        assertThat(registry.forget("c1=")).isEmpty();
        assertThat(registry.connection("c1=")).isEmpty();
    }

    @Test
    void givesTheMemberAsItWasWritten() {
        connect("c1=", "ann");
        Member written = join("lobby", "ann", "c1=");

        Member read = rooms.membership("lobby", "ann", "c1=").orElseThrow().member();
        assertThat(read.displayName()).isEqualTo("Ann ☃");
        assertThat(read.permissions()).isEqualTo(SPEAKER);
        assertThat(read.controlVersion()).isEqualTo(written.controlVersion());
        assertThat(rooms.membership("arena", "ann", "c1=")).isEmpty();
    }

    @Test
    void numbersEveryChangeOfARoomByOneMore() {
        connect("c1=", "ann");
        connect("c2=", "bob");
        long first = join("lobby", "ann", "c1=").controlVersion();

        assertThat(join("lobby", "bob", "c2=").controlVersion()).isEqualTo(first + 1);
        assertThat(join("lobby", "bob", "c2=").controlVersion()).isEqualTo(first + 2);
        assertThat(registry.leave("lobby", "ann", "c1=")).hasValue(first + 3);
        assertThat(join("arena", "ann", "c1=").controlVersion()).isEqualTo(first);
    }

    @Test
    void beginsARoomThatComesAgainAboveWhereItEnded() {
        connect("c1=", "ann");
        join("lobby", "ann", "c1=");
        long last = registry.leave("lobby", "ann", "c1=").orElseThrow();

        assertThat(roomsAt(now.plusMillis(1))
                        .join("lobby", wish("ann", "c1="))
                        .member()
                        .controlVersion())
                .isGreaterThan(last);
    }

    @Test
    void letsNobodyJoinWhoIsNotConnectedOrIsSomebodyElse() {
        connect("c1=", "ann");

        assertCode(ErrorCode.CONNECTION_GONE, () -> join("lobby", "bob", "c2="));
        assertCode(ErrorCode.CONNECTION_GONE, () -> join("lobby", "bob", "c1="));
        assertCode(
                ErrorCode.CONNECTION_GONE, () -> roomsAt(now.plusSeconds(7_201)).join("lobby", wish("ann", "c1=")));
        assertCode(ErrorCode.BAD_ROOM, () -> join("lob#by", "ann", "c1="));
        assertThat(registry.members("lobby")).isEmpty();
    }

    @Test
    void leavesARoomOnce() {
        connect("c1=", "ann");
        join("lobby", "ann", "c1=");

        assertThat(registry.leave("lobby", "ann", "c1=")).isPresent();
        assertThat(registry.leave("lobby", "ann", "c1=")).isEmpty();
        assertThat(registry.leave("lobby", "bob", "c1=")).isEmpty();
    }

    @Test
    void isEmptyWhenTheLastConnectionHasGoneHoweverOftenItJoined() {
        connect("c1=", "ann");
        connect("c2=", "ann");
        join("lobby", "ann", "c1=");
        join("lobby", "ann", "c1=");
        join("lobby", "ann", "c2=");
        join("arena", "ann", "c2=");
        disconnect("c1=");
        assertThat(registry.members("lobby")).extracting(Member::connection).containsExactly("c2=");
        disconnect("c2=");
        disconnect("c2=");

        assertThat(items()).isEmpty();
        assertThat(records).hasSize(3);
    }

    @Test
    void tellsApartMembersWhateverTheirNames() {
        List<String> names = List.of("a", "a#b", "a%23b", "a%b", "ä🎤");
        for (String name : names) {
            connect("c" + name, name);
            join("lobby", name, "c" + name);
        }
        connect("b#c", "a");
        join("lobby", "a", "b#c");

        assertThat(registry.members("lobby")).hasSize(names.size() + 1);
        for (String name : names) {
            assertThat(rooms.membership("lobby", name, "c" + name)
                            .orElseThrow()
                            .member()
                            .participant())
                    .isEqualTo(name);
            assertThat(registry.leave("lobby", name, "c" + name)).isPresent();
        }
        assertThat(registry.members("lobby")).extracting(Member::connection).containsExactly("b#c");
    }

    @Test
    void doesNotShowWhatHasExpired() {
        connect("c1=", "ann");
        join("lobby", "ann", "c1=");
        ConnectionRegistry later = registryAt(now.plusSeconds(7_201));

        assertThat(later.connection("c1=")).isEmpty();
        assertThat(roomsAt(now.plusSeconds(7_201)).membership("lobby", "ann", "c1="))
                .isEmpty();
        assertThat(later.members("lobby")).isEmpty();
    }

    @Test
    void leavesTheRoomsOfAConnectionThatExpiredUncleaned() {
        connect("c1=", "ann");
        join("lobby", "ann", "c1=");
        ConnectionRegistry later = registryAt(now.plusSeconds(7_201));

        new Departure(later, stream(), Clock.fixed(now, ZoneOffset.UTC)).disconnect("c1=", null, null, "gone");
        assertThat(items()).isEmpty();
    }

    @Test
    void namesTheTimeToLiveOfEveryItemInSeconds() {
        connect("c1=", "ann");
        join("lobby", "ann", "c1=");

        assertThat(items())
                .hasSize(4)
                .allSatisfy(item ->
                        assertThat(item.get("expiresAt").n()).isEqualTo(String.valueOf(now.getEpochSecond() + 7_201)));
    }

    @Test
    void readsARoomOfMoreThanOnePage() {
        // A page ends at 1 MB of items, whatever is projected of them.
        String name = "x".repeat(60_000);
        for (int i = 0; i < 40; i++) {
            connect("c" + i, "p" + i);
            rooms.join(
                    "lobby",
                    new JoinRequest("p" + i, "c" + i, expiry(), name, "hash").withGrant(RoomGrant.of(SPEAKER, 0)));
        }

        List<Member> members = registry.members("lobby");
        assertThat(members)
                .extracting(Member::connection)
                .doesNotHaveDuplicates()
                .hasSize(40);
        assertThat(members).extracting(Member::permissions).containsOnly(SPEAKER);
    }

    @Test
    void saysUnavailableWhereNobodyAnswers() {
        ConnectionRegistry nowhere = AwsPorts.from(Map.of(
                        "AWS_REGION", "eu-central-1",
                        "AWS_ENDPOINT_URL", "http://127.0.0.1:1",
                        "AWS_ACCESS_KEY_ID", "local",
                        "AWS_SECRET_ACCESS_KEY", "local"))
                .connectionRegistry(table, Clock.systemUTC());
        assertCode(ErrorCode.UNAVAILABLE, () -> nowhere.members("lobby"));
    }
}
