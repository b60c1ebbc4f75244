package io.parley.local.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.room.Departure;
import io.parley.core.room.Member;
import io.parley.core.wire.Control;
import io.parley.local.dynamodb.DynamoDbOptions;
import io.parley.local.dynamodb.DynamoDbService;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** With the races, for which moto's server, which has threads and no lock, is no judge. */
class LocalConnectionRegistryContractTest extends ConnectionRegistryContractTest {

    private static final int ROUNDS = 40;

    private final Racers racers = new Racers();

    @Override
    Endpoint open() {
        return Endpoint.local(vertx -> List.of(new DynamoDbService(vertx, Clock.systemUTC(), DynamoDbOptions.DEFAULT)));
    }

    @AfterAll
    void stopThreads() {
        racers.close();
    }

    @Test
    void givesEachOfManyWhoJoinAndLeaveAtOnceAVersionOfItsOwn() throws Exception {
        int count = 12;
        for (int i = 0; i < count; i++) {
            connect("c" + i, "p" + i);
        }
        List<Long> versions = new ArrayList<>();
        for (Member joined : racers.atOnce(IntStream.range(0, count)
                .<Callable<Member>>mapToObj(i -> () -> join("lobby", "p" + i, "c" + i))
                .toList())) {
            versions.add(joined.controlVersion());
        }
        assertThat(registry.members("lobby")).hasSize(count);
        for (OptionalLong left : racers.atOnce(IntStream.range(0, count)
                .<Callable<OptionalLong>>mapToObj(i -> () -> registry.leave("lobby", "p" + i, "c" + i))
                .toList())) {
            versions.add(left.orElseThrow());
        }

        assertThat(versions.stream().sorted().toList())
                .isEqualTo(IntStream.range(0, 2 * count)
                        .mapToObj(i -> versions.stream().min(Long::compare).orElseThrow() + i)
                        .toList());
        for (int i = 0; i < count; i++) {
            disconnect("c" + i);
        }
        assertThat(items()).isEmpty();
    }

    @Test
    void leavesNothingBehindWhenAJoinAndADisconnectMeet() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            connect("c1=", "ann");
            records.clear();
            // The disconnect begins a little later each round, so that it meets the join at each of its steps.
            long headStartNanos = TimeUnit.MICROSECONDS.toNanos(200L * round);
            List<Boolean> outcomes = racers.atOnce(List.of(
                    () -> {
                        try {
                            join("lobby", "ann", "c1=");
                            return true;
                        } catch (ParleyException e) {
                            assertThat(e.code()).isEqualTo(ErrorCode.CONNECTION_GONE);
                            return false;
                        }
                    },
                    () -> {
                        long begin = System.nanoTime();
                        while (System.nanoTime() - begin < headStartNanos) {
                            Thread.onSpinWait();
                        }
                        disconnect("c1=");
                        return false;
                    }));

            assertThat(items()).isEmpty();
            assertThat(records).hasSize(outcomes.get(0) ? 1 : 0);
        }
    }

    @Test
    void letsOneOfTwoWhoLeaveForTheSameMemberSaySo() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            connect("c1=", "ann");
            connect("c2=", "bob");
            join("lobby", "ann", "c1=");
            join("lobby", "bob", "c2=");
            List<OptionalLong> outcomes = racers.atOnce(
                    List.of(() -> registry.leave("lobby", "ann", "c1="), () -> registry.leave("lobby", "ann", "c1=")));

            assertThat(outcomes.stream().filter(OptionalLong::isPresent)).hasSize(1);
            assertThat(registry.members("lobby")).extracting(Member::connection).containsExactly("c2=");
            disconnect("c1=");
            disconnect("c2=");
        }
    }

    @Test
    void writesOneLeaveHoweverManyFindTheConnectionGone() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            connect("c1=", "ann");
            join("lobby", "ann", "c1=");
            join("arena", "ann", "c1=");
            records.clear();
            racers.atOnce(IntStream.range(0, 3)
                    .<Callable<Void>>mapToObj(i -> () -> {
                        new Departure(registry, stream(), Clock.systemUTC()).disconnect("c1=", "lobby", "ann", "gone");
                        return null;
                    })
                    .toList());

            assertThat(records)
                    .extracting(record -> record.getRoom() + record.getControl().getKind())
                    .containsExactlyInAnyOrder("lobby" + Control.Kind.LEAVE, "arena" + Control.Kind.LEAVE);
            assertThat(items()).isEmpty();
        }
    }

    @Test
    void countsAMemberOnceThatJoinsTwiceAtOnce() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            connect("c1=", "ann");
            List<Member> joined =
                    racers.atOnce(List.of(() -> join("lobby", "ann", "c1="), () -> join("lobby", "ann", "c1=")));

            assertThat(joined).extracting(Member::controlVersion).doesNotHaveDuplicates();
            disconnect("c1=");
            assertThat(items()).isEmpty();
        }
    }
}
