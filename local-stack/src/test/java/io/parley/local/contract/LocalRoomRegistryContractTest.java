package io.parley.local.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.aws.AwsPorts;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.RoomRegistry;
import io.parley.core.room.Actor;
import io.parley.core.room.Admitted;
import io.parley.core.room.Member;
import io.parley.core.room.Membership;
import io.parley.core.room.OwnChoice;
import io.parley.core.room.RoomChange;
import io.parley.core.room.RoomGrant;
import io.parley.core.room.RoomSetting;
import io.parley.core.room.RoomSettings;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.Presence;
import io.parley.local.dynamodb.DynamoDbOptions;
import io.parley.local.dynamodb.DynamoDbService;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** With the races, for which moto's server, which has threads and no lock, is no judge. */
class LocalRoomRegistryContractTest extends RoomRegistryContractTest {

    private static final int ROUNDS = 30;
    private static final int CHANGES = 6;

    private final Racers racers = new Racers();

    @Override
    Endpoint open() {
        return Endpoint.local(vertx -> List.of(new DynamoDbService(vertx, Clock.systemUTC(), DynamoDbOptions.DEFAULT)));
    }

    @AfterAll
    void stopThreads() {
        racers.close();
    }

    /** What the control records of a room say of bob and of the room, obeyed in the order of their versions. */
    private static final class Told {
        private final Set<String> connections = new TreeSet<>();
        private Presence presence = Presence.getDefaultInstance();
        private Permissions permissions = SPEAKER;
        private RoomSettings settings = RoomSettings.DEFAULT;

        private void change(RoomChange change) {
            presence = change.presence();
            if (!connections.isEmpty()) {
                permissions = change.permissions();
            }
        }

        private void join(Admitted admitted) {
            connections.add(admitted.member().connection());
            presence = admitted.presence();
            permissions = admitted.member().permissions();
            settings = admitted.settings();
        }
    }

    @Test
    void agreesWithItsControlRecordsHoweverModeratorsAndTheModeratedRace() throws Exception {
        connect("m2=", "mia");
        for (int round = 0; round < ROUNDS; round++) {
            String room = "race" + round;
            connect("x=", "bob");
            connect("y=", "bob");
            Map<Long, Consumer<Told>> records = Collections.synchronizedMap(new TreeMap<>());
            long first = tell(
                    records,
                    rooms.join(room, wish("mo", "m=").withGrant(RoomGrant.of(MODERATOR, 0))),
                    (told, admitted) -> {});
            tell(
                    records,
                    rooms.join(room, wish("mia", "m2=").withGrant(RoomGrant.of(MODERATOR, 0))),
                    (told, admitted) -> {});
            tell(records, rooms.join(room, wish("bob", "x=")), Told::join);

            long seed = 31L * round;
            racers.atOnce(List.of(
                    () -> moderate(room, moderator, new Random(seed), records),
                    () -> moderate(room, actor("mia", "m2="), new Random(seed + 1), records),
                    () -> comeAndGo(room, "x=", new Random(seed + 2), records),
                    () -> comeAndGo(room, "y=", new Random(seed + 3), records)));

            assertThat(records.keySet())
                    .as("no version twice, and none without its record; seed " + seed)
                    .hasSize((int) (max(records.keySet()) - first + 1));
            Told told = new Told();
            records.values().forEach(record -> record.accept(told));
            List<Member> members = registry.members(room).stream()
                    .filter(member -> member.participant().equals("bob"))
                    .toList();
            assertThat(members)
                    .as("seed " + seed)
                    .extracting(Member::connection)
                    .containsExactlyInAnyOrderElementsOf(told.connections);
            assertThat(members)
                    .as("seed " + seed)
                    .allSatisfy(member -> assertThat(member.permissions())
                            .isEqualTo(told.permissions.toBuilder()
                                    .setRecord(false)
                                    .build()));
            Membership seen = rooms.membership(room, "mo", "m=").orElseThrow();
            assertThat(seen.controlVersion()).isEqualTo(max(records.keySet()));
            for (RoomSetting setting : RoomSetting.values()) {
                assertThat(seen.settings().is(setting)).as(setting.key()).isEqualTo(told.settings.is(setting));
            }
            rooms.set(room, moderator, Map.of(RoomSetting.LOCKED, false));
            assertThat(rooms.join(room, wish("bob", "x=")).presence()).isEqualTo(told.presence);
            for (String connection : List.of("x=", "y=")) {
                disconnect(connection);
            }
            registry.leave(room, "mo", "m=");
            registry.leave(room, "mia", "m2=");
        }
    }

    private static long max(Collection<Long> versions) {
        return versions.stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    private static long tell(Map<Long, Consumer<Told>> records, Admitted admitted, BiConsumer<Told, Admitted> effect) {
        long version = admitted.member().controlVersion();
        put(records, version, told -> effect.accept(told, admitted));
        return version;
    }

    private static void put(Map<Long, Consumer<Told>> records, long version, Consumer<Told> record) {
        assertThat(records.put(version, record)).as("version " + version).isNull();
    }

    private Void moderate(String room, Actor by, Random random, Map<Long, Consumer<Told>> records) {
        for (int i = 0; i < CHANGES; i++) {
            boolean on = random.nextBoolean();
            switch (random.nextInt(3)) {
                case 0 -> {
                    RoomSetting setting = RoomSetting.values()[random.nextInt(4)];
                    RoomChange set = rooms.set(room, by, Map.of(setting, on));
                    put(records, set.controlVersion(), told -> told.settings = set.settings());
                }
                case 1 -> {
                    RoomChange kick = rooms.kick(room, by, "bob");
                    put(records, kick.controlVersion(), told -> told.connections.clear());
                }
                default -> {
                    RoomChange mute = rooms.mute(room, by, "bob", on).orElseThrow();
                    put(records, mute.controlVersion(), told -> told.change(mute));
                }
            }
        }
        return null;
    }

    private Void comeAndGo(String room, String connection, Random random, Map<Long, Consumer<Told>> records) {
        for (int i = 0; i < CHANGES; i++) {
            boolean on = random.nextBoolean();
            int action = random.nextInt(4);
            try {
                if (action == 0) {
                    registry.leave(room, "bob", connection)
                            .ifPresent(version -> put(records, version, told -> told.connections.remove(connection)));
                } else if (action == 1) {
                    tell(records, rooms.join(room, wish("bob", connection)), Told::join);
                } else {
                    OwnChoice choice = OwnChoice.values()[action - 2];
                    RoomChange chosen = rooms.choose(room, actor("bob", connection), choice, on)
                            .orElseThrow();
                    put(records, chosen.controlVersion(), told -> told.change(chosen));
                }
            } catch (ParleyException e) {
                assertThat(e.code()).isIn(ErrorCode.NOT_JOINED, ErrorCode.ROOM_LOCKED);
            }
        }
        return null;
    }

    @Test
    void claimsNoVersionForAReadThatLacksAChangeUpToIt() throws Exception {
        List<RoomChange> mutes = new ArrayList<>();
        List<RoomChange> sets = new ArrayList<>();
        List<Membership> reads = new ArrayList<>();
        AtomicBoolean done = new AtomicBoolean();
        RoomChange first = rooms.set("lobby", moderator, Map.of(RoomSetting.MUTED, false));
        sets.add(first);
        racers.atOnce(List.<Callable<Void>>of(
                () -> {
                    for (int i = 0; i < 60; i++) {
                        mutes.add(rooms.mute("lobby", moderator, "bob", i % 2 == 0)
                                .orElseThrow());
                        sets.add(rooms.set("lobby", moderator, Map.of(RoomSetting.MUTED, i % 2 == 1)));
                    }
                    done.set(true);
                    return null;
                },
                () -> {
                    while (!done.get()) {
                        reads.add(membership("bob", "b="));
                    }
                    return null;
                }));

        assertThat(reads).isNotEmpty();
        for (Membership read : reads) {
            long version = read.controlVersion();
            assertThat(read.member().controlVersion())
                    .isGreaterThanOrEqualTo(
                            last(mutes, version).map(RoomChange::controlVersion).orElse(0L));
            last(sets, version)
                    .ifPresent(set -> assertThat(read.settings().is(RoomSetting.MUTED))
                            .isEqualTo(set.settings().is(RoomSetting.MUTED)));
        }
    }

    private static Optional<RoomChange> last(List<RoomChange> changes, long version) {
        return changes.stream()
                .filter(change -> change.controlVersion() <= version)
                .reduce((earlier, later) -> later);
    }

    @Test
    void letsTheHigherNumberHoldWhicheverOfTwoComesFirst() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            boolean on = round % 2 == 0;
            long number = 10L * round;
            racers.atOnce(List.of(
                    () -> rooms.mute("lobby", numbered(moderator, number + 1), "bob", !on),
                    () -> rooms.mute("lobby", numbered(moderator, number + 2), "bob", on),
                    () -> rooms.choose("lobby", numbered(bob, number + 2), OwnChoice.DEAFENED, on),
                    () -> rooms.choose("lobby", numbered(bob, number + 1), OwnChoice.DEAFENED, !on)));

            assertThat(permissions("bob", "b=").getSpeak()).isEqualTo(!on);
            assertThat(permissions("bob", "b=").getListen()).isEqualTo(!on);
        }
    }

    @Test
    void keepsTheBannedOutWhetherTheyJoinBeforeOrAfter() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String ticket = "ban-" + round;
            connect("c=", "cid");
            long headStartNanos = 150_000L * (round % 10);
            List<Boolean> outcomes = racers.atOnce(List.of(
                    () -> {
                        spin(headStartNanos);
                        return isAllowed(
                                ErrorCode.BANNED,
                                () -> rooms.join("lobby", wish("cid", "c=").withGrant(ticket(ticket, SPEAKER, 0))));
                    },
                    () -> {
                        rooms.ban("lobby", moderator, "cid", 0, "");
                        return true;
                    }));

            assertThat(registry.members("lobby"))
                    .extracting(Member::participant)
                    .containsExactlyInAnyOrder("mo", "bob");
            assertThat(registry.connection("c=").orElseThrow().rooms()).isEmpty();
            assertThat(items().stream().anyMatch(item -> item.get("pk").s().equals("TICKET#" + ticket)))
                    .as("the ticket was used if, and only if, it let somebody in")
                    .isEqualTo(outcomes.get(0));
            rooms.unban("lobby", moderator, "cid");
            disconnect("c=");
        }
        disconnect("m=");
        disconnect("b=");
        assertThat(items()).allSatisfy(item -> assertThat(item.get("pk").s()).startsWith("TICKET#"));
    }

    @Test
    void leavesNothingBehindWhenAKickAndADisconnectMeet() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            connect("c=", "cid");
            join("lobby", "cid", "c=");
            racers.atOnce(List.<Callable<Void>>of(
                    () -> {
                        rooms.kick("lobby", moderator, "cid");
                        return null;
                    },
                    () -> {
                        disconnect("c=");
                        return null;
                    }));

            assertThat(registry.members("lobby"))
                    .extracting(Member::participant)
                    .containsExactlyInAnyOrder("mo", "bob");
            assertThat(registry.connection("c=")).isEmpty();
            assertThat(roomMeta().get("memberCount").n()).isEqualTo("2");
        }
    }

    @Test
    void letsOneOfManyConnectionsUseATicket() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            RoomGrant grant = ticket("once-" + round, SPEAKER, 0);
            for (int i = 0; i < 4; i++) {
                connect("t" + i, "cid");
            }
            List<Boolean> outcomes = racers.atOnce(IntStream.range(0, 4)
                    .<Callable<Boolean>>mapToObj(i -> () -> isAllowed(
                            ErrorCode.TICKET_USED,
                            () -> rooms.join("lobby", wish("cid", "t" + i).withGrant(grant))))
                    .toList());

            assertThat(outcomes).containsOnlyOnce(true);
            for (int i = 0; i < 4; i++) {
                disconnect("t" + i);
            }
        }
    }

    @Test
    void letsNoMoreInThanTheCapsAllowHoweverManyTryAtOnce() throws Exception {
        RoomRegistry small =
                AwsPorts.from(endpoint.environment()).roomRegistry(table, 3, 2, Clock.fixed(now, ZoneOffset.UTC));
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < 4; i++) {
                connect("s" + i, "p" + i);
            }
            List<Boolean> members = racers.atOnce(IntStream.range(0, 4)
                    .<Callable<Boolean>>mapToObj(i ->
                            () -> isAllowed(ErrorCode.ROOM_FULL, () -> small.join("lobby", wish("p" + i, "s" + i))))
                    .toList());
            List<Boolean> inRooms = racers.atOnce(IntStream.range(0, 4)
                    .<Callable<Boolean>>mapToObj(i ->
                            () -> isAllowed(ErrorCode.TOO_MANY_ROOMS, () -> small.join("r" + i, wish("bob", "b="))))
                    .toList());

            assertThat(members).containsOnlyOnce(true);
            assertThat(inRooms).as("besides the lobby").containsOnlyOnce(true);
            for (int i = 0; i < 4; i++) {
                disconnect("s" + i);
                registry.leave("r" + i, "bob", "b=");
            }
        }
    }

    private static void spin(long nanos) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < nanos) {
            Thread.onSpinWait();
        }
    }

    private static boolean isAllowed(ErrorCode refusal, Runnable call) {
        try {
            call.run();
            return true;
        } catch (ParleyException e) {
            assertThat(e.code()).isEqualTo(refusal);
            return false;
        }
    }
}
