package io.parley.aws;

import static io.parley.aws.ConnectionTable.await;
import static io.parley.aws.RegistryItems.number;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.room.Actor;
import io.parley.core.room.Member;
import io.parley.core.room.OwnChoice;
import io.parley.core.room.RoomChange;
import io.parley.core.room.RoomSetting;
import io.parley.core.room.RoomSettings;
import io.parley.core.wire.Permissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** What is changed in a room while people are in it: by moderators, by participants for themselves, by the game. */
final class RoomModeration {

    private static final int MAX_TEXTS_A_SECOND = 5;

    private final ConnectionTable table;
    private final RoomLeaves leaves;

    RoomModeration(ConnectionTable table) {
        this.table = table;
        this.leaves = new RoomLeaves(table);
    }

    /** A room as a change finds it. META is read first, so that all else is at least as new. */
    private final class State {
        final String room;
        final RoomMeta meta;
        final List<TransactWriteItem> writes = new ArrayList<>();

        State(String room) {
            this.room = room;
            meta = RoomMeta.read(await(table.get(RegistryItems.roomKey(room))), table.nowMs());
        }

        Map<String, AttributeValue> requireItem(Actor actor) {
            Map<String, AttributeValue> item =
                    await(table.getAlive(RegistryItems.memberKey(room, actor.participant(), actor.connection())));
            if (item.isEmpty()) {
                throw new ParleyException(ErrorCode.NOT_JOINED, "not in that room");
            }
            return item;
        }

        Member require(Actor actor) {
            return RegistryItems.readMember(requireItem(actor));
        }

        void requireModerator(Actor actor) {
            if (!require(actor).grant().getModerate()) {
                throw new ParleyException(ErrorCode.NOT_ALLOWED, "no moderator");
            }
        }

        RoomStanding standing(String participant) {
            return new RoomStanding(
                    room, participant, await(table.getAlive(RegistryItems.standingKey(room, participant))));
        }

        List<Member> members(String participant) {
            return table
                    .queryAlive(RegistryItems.roomPartition(room), RegistryItems.membersPrefix(participant), null)
                    .stream()
                    .map(RegistryItems::readMember)
                    .collect(Collectors.toList());
        }

        /** The change with what it writes and the next version; the room keeps its members and settings. */
        RoomChange commit(Permissions permissions, RoomStanding standing) {
            return commit(permissions, standing, meta.members(), meta.settings());
        }

        RoomChange commit(Permissions permissions, RoomStanding standing, long members, RoomSettings settings) {
            writes.add(0, meta.write(table, room, members, settings, 0));
            table.transact(writes);
            return new RoomChange(meta.nextVersion(), permissions, standing.presence(), settings);
        }
    }

    private <T> T change(String room, Function<State, T> change) {
        return table.untilUncontended(() -> change.apply(new State(room)));
    }

    Optional<RoomChange> mute(String room, Actor by, String participant, boolean on) {
        return change(room, state -> {
            state.requireModerator(by);
            return changeStanding(state, by, participant, "mute", standing -> standing.mute(on));
        });
    }

    Optional<RoomChange> choose(String room, Actor own, OwnChoice choice, boolean on) {
        return change(room, state -> {
            state.require(own);
            String kind = choice == OwnChoice.MUTED ? "selfmute" : "deafen";
            return changeStanding(state, own, own.participant(), kind, standing -> standing.choose(choice, on));
        });
    }

    /** Changes a participant's standing and, with it, what its connections may do. */
    private Optional<RoomChange> changeStanding(
            State state, Actor by, String participant, String kind, Consumer<RoomStanding> change) {
        RoomStanding standing = state.standing(participant);
        if (!standing.isNewest(by, kind)) {
            return Optional.empty();
        }
        change.accept(standing);
        state.writes.add(standing.write(table));
        Permissions.Builder any = Permissions.newBuilder();
        for (Member member : state.members(participant)) {
            Permissions permissions = standing.limit(member.grant());
            state.writes.add(table.update(
                    RegistryItems.memberKey(state.room, participant, member.connection()),
                    "SET speak = :speak, listen = :listen, controlVersion = :version",
                    "attribute_exists(pk)",
                    Map.of(
                            ":speak", RegistryItems.flag(permissions.getSpeak()),
                            ":listen", RegistryItems.flag(permissions.getListen()),
                            ":version", number(state.meta.nextVersion()))));
            any.setSpeak(any.getSpeak() || permissions.getSpeak())
                    .setListen(any.getListen() || permissions.getListen())
                    .setModerate(any.getModerate() || permissions.getModerate())
                    .setRecord(any.getRecord() || permissions.getRecord());
        }
        return Optional.of(state.commit(any.build(), standing));
    }

    void block(String room, Actor own, String participant, boolean on) {
        change(room, state -> {
            state.require(own);
            RoomStanding standing = state.standing(own.participant());
            if (standing.isNewest(own, "block " + participant)) {
                standing.block(participant, on);
                state.writes.add(standing.write(table));
                state.commit(Permissions.getDefaultInstance(), standing);
            }
            return null;
        });
    }

    RoomChange set(String room, Actor by, Map<RoomSetting, Boolean> changes) {
        return change(room, state -> {
            Permissions permissions = state.require(by).grant();
            for (RoomSetting setting : changes.keySet()) {
                if (setting == RoomSetting.RECORDING ? !permissions.getRecord() : !permissions.getModerate()) {
                    throw new ParleyException(ErrorCode.NOT_ALLOWED, "may not set " + setting.key());
                }
            }
            return state.commit(
                    Permissions.getDefaultInstance(),
                    nobody(room),
                    state.meta.members(),
                    state.meta.settings().with(changes));
        });
    }

    RoomChange kick(String room, Actor by, String participant) {
        return change(room, state -> {
            requireOther(by, participant);
            state.requireModerator(by);
            return takeOut(state, participant);
        });
    }

    RoomChange ban(String room, Actor by, String participant, long untilMs, String reason) {
        return change(room, state -> {
            requireOther(by, participant);
            state.requireModerator(by);
            state.writes.add(
                    table.put(RegistryItems.ban(room, participant, untilMs, reason, by.participant()), null, null));
            return takeOut(state, participant);
        });
    }

    RoomChange unban(String room, Actor by, String participant) {
        return change(room, state -> {
            state.requireModerator(by);
            state.writes.add(table.delete(RegistryItems.banKey(room, participant), null));
            return state.commit(Permissions.getDefaultInstance(), nobody(room));
        });
    }

    RoomChange remove(String room, String participant) {
        return change(room, state -> {
            RoomStanding standing = state.standing(participant);
            standing.removed(table.nowMs());
            state.writes.add(standing.write(table));
            return takeOut(state, participant);
        });
    }

    private RoomChange takeOut(State state, String participant) {
        List<Member> members = state.members(participant);
        state.writes.addAll(leaves.removals(state.room, members));
        return state.commit(
                Permissions.getDefaultInstance(),
                nobody(state.room),
                state.meta.members() - members.size(),
                state.meta.settings());
    }

    RoomChange say(String room, Actor by) {
        return change(room, state -> {
            Map<String, AttributeValue> item = state.requireItem(by);
            if (!RegistryItems.readMember(item).permissions().getListen()) {
                throw new ParleyException(ErrorCode.NOT_ALLOWED, "may not listen");
            }
            RoomStanding standing = state.standing(by.participant());
            if (standing.isMuted()) {
                throw new ParleyException(ErrorCode.MUTED, "muted by a moderator");
            }
            long second = table.nowMs() / 1_000;
            long said = RegistryItems.numberOr(item, "saidSecond", 0) == second
                    ? RegistryItems.number(item, "saidCount")
                    : 0;
            if (said >= MAX_TEXTS_A_SECOND) {
                throw new ParleyException(ErrorCode.RATE_LIMITED, said + " texts within a second");
            }
            state.writes.add(table.update(
                    RegistryItems.memberKey(room, by.participant(), by.connection()),
                    "SET saidSecond = :second, saidCount = :count",
                    "attribute_exists(pk)",
                    Map.of(":second", number(second), ":count", number(said + 1))));
            return state.commit(Permissions.getDefaultInstance(), standing);
        });
    }

    private static void requireOther(Actor by, String participant) {
        if (by.participant().equals(participant)) {
            throw new ParleyException(ErrorCode.NOT_ALLOWED, "nobody removes themselves");
        }
    }

    private static RoomStanding nobody(String room) {
        return new RoomStanding(room, "", Map.of());
    }
}
