package io.parley.core.model;

import com.google.protobuf.ByteString;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.Presence;
import io.parley.core.wire.Probe;
import io.parley.core.wire.StreamRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Turns actions into the calls of a room: what clients send, and when and in what order it comes. Knows nothing of
 * how a room works. Every frame's payload has an id of its own.
 */
final class Script {

    static final String ROOM = "lobby";
    static final long START_MS = 1_700_000_000_000L;

    private static final int[] DELAYS_MS = {0, 0, 1, 3, 8, 15, 25, 40, 60, 90, 130, 180, 220, 300, 600, 1_500};
    private static final int[] FIRST_SEQUENCES = {0, 1_000, -3, -1, Integer.MAX_VALUE, 3, 500, 70_000};
    static final String MODERATOR = "eve";

    private static final String[] PARTICIPANTS = {"ann", "bob", "cid", "ann", "dot", "eve"};

    final List<Step> steps = new ArrayList<>();

    private final List<Client> clients = new ArrayList<>();
    /** By version: what had been decided by then. */
    private final List<Decided> decided = new ArrayList<>();

    private long nowMs = START_MS;
    private int requests;
    private int frames;

    /** What was decided about a room and its participants, up to one version. */
    private static final class Decided {
        final Set<String> mayNot = new HashSet<>();
        final Map<String, Presence> presences = new HashMap<>();
        boolean recording;
        boolean muted;
        boolean pushToTalk;
        boolean locked;

        Decided() {}

        Decided(Decided before) {
            mayNot.addAll(before.mayNot);
            presences.putAll(before.presences);
            recording = before.recording;
            muted = before.muted;
            pushToTalk = before.pushToTalk;
            locked = before.locked;
        }

        Presence presence(String participant) {
            return presences.getOrDefault(participant, Presence.getDefaultInstance());
        }

        Permissions permissions(String participant) {
            Presence presence = presence(participant);
            return Permissions.newBuilder()
                    .setSpeak(!mayNot.contains(participant) && !presence.getMuted() && !presence.getSelfMuted())
                    .setModerate(participant.equals(MODERATOR))
                    .build();
        }
    }

    /** One connection. */
    private static final class Client {
        final String participant;
        final String connection;
        Codec codec = Codec.OPUS;
        int durationUs = 20_000;
        boolean unnumbered;
        int sequence;
        long offset;
        long skewMs;
        boolean pushes;

        Client(int at) {
            participant = PARTICIPANTS[at];
            connection = participant + "-" + at;
            sequence = FIRST_SEQUENCES[at];
            unnumbered = participant.equals("dot");
            durationUs = participant.equals("cid") ? 10_000 : 20_000;
        }
    }

    Script(List<Action> actions) {
        for (int i = 0; i < PARTICIPANTS.length; i++) {
            clients.add(new Client(i));
        }
        decided.add(new Decided());
        decided.add(new Decided());
        actions.forEach(this::act);
        steps.sort(Comparator.comparingLong(step -> step.atMs)); // stable
    }

    /** Everybody leaves, and time passes until nothing is left. */
    Script thenAllLeave() {
        nowMs = Math.max(nowMs, lastMs()) + 1;
        steps.add(Step.of(Step.Kind.CATCHING_UP, nowMs, 0));
        for (Client client : clients) {
            control(Control.Kind.LEAVE, client, 0, Control.newBuilder().setReason("left"), now());
        }
        return thenTimePasses();
    }

    /** Time passes until all that waits has left. */
    Script thenTimePasses() {
        nowMs = Math.max(nowMs, lastMs()) + 1;
        steps.add(Step.of(Step.Kind.CATCHING_UP, nowMs, 0));
        steps.add(Step.of(Step.Kind.PAUSE, nowMs + 60_000, 0));
        return this;
    }

    private long lastMs() {
        return steps.isEmpty() ? START_MS : steps.get(steps.size() - 1).atMs;
    }

    private void act(Action action) {
        nowMs += action.waitMs;
        Client client = clients.get(action.who % clients.size());
        int delayMs = DELAYS_MS[action.y % DELAYS_MS.length];
        Control.Builder control = Control.newBuilder();
        switch (action.kind) {
            case SPEAK:
                speak(client, action, delayMs);
                break;
            case TALK:
                talk(client, action);
                break;
            case FLOOD:
                for (int i = 0; i < 5 + action.x % 30; i++) {
                    deliver(chunk(client, 5, 20, 0, 10), delayMs);
                }
                break;
            case SKIP:
                int skipped = action.x % 10 == 9 ? 4_000 : 1 + action.x % (action.y % 5 == 4 ? 300 : 8);
                client.sequence += skipped;
                client.offset += skipped;
                break;
            case BREAK:
                client.offset = 0;
                break;
            case RENUMBER:
                client.sequence = action.x % 3 == 0 ? 0 : action.x % 3 == 1 ? action.x * 7_919 : client.sequence - 50;
                client.offset = 0;
                break;
            case RECODE:
                recode(client, action);
                break;
            case SKEW:
                client.skewMs = (action.x - 500) * (action.y % 3 == 0 ? 1_000_000_000L : 10L);
                break;
            case JOIN:
                join(client, action, delayMs);
                break;
            case LEAVE:
                control(Control.Kind.LEAVE, client, delayMs, control.setReason("left"), now());
                break;
            case MUTE:
            case UNMUTE:
                boolean mutes = action.kind == Action.Kind.MUTE;
                show(
                        client,
                        delayMs,
                        mutes ? Control.Kind.MUTE : Control.Kind.UNMUTE,
                        presence -> presence.setMuted(mutes));
                break;
            case PRESENCE:
                show(
                        client,
                        delayMs,
                        Control.Kind.PRESENCE,
                        presence -> presence.setSelfMuted(action.x % 2 == 1).setDeafened(action.x / 2 % 3 == 2));
                break;
            case KICK:
            case BAN:
            case REVOKE:
            case SUSPEND:
                control(
                        Control.Kind.valueOf(action.kind.name()),
                        client,
                        delayMs,
                        control.setReason(action.x % 2 == 0 ? "" : "noise").setUntilMs(action.x % 3),
                        now());
                break;
            case LOCK:
            case UNLOCK:
                Decided locking = new Decided(now());
                locking.locked = action.kind == Action.Kind.LOCK;
                control(Control.Kind.valueOf(action.kind.name()), client, delayMs, control, locking);
                break;
            case SETTINGS:
                Decided set = new Decided(now());
                set.recording = action.x % 2 == 0;
                set.muted = action.y / 20 % 4 == 3;
                set.pushToTalk = action.z % 4 == 3;
                client.pushes = action.z / 4 % 2 == 1;
                control(Control.Kind.SETTINGS, client, delayMs, settings(control, set), set);
                break;
            case SAY:
                int length = action.x % 5 == 4 ? 400 : action.x % 5;
                control(Control.Kind.SAY, client, delayMs, control.setText("s".repeat(length)), now());
                break;
            case CROWD:
                crowd(action.x % 10 == 9 ? 1_100 : action.x % 10, action.y % 2 == 0);
                break;
            case PROBE:
                StreamRecord.Builder probe = StreamRecord.newBuilder()
                        .setKind(StreamRecord.Kind.PROBE)
                        .setProbe(Probe.newBuilder().setId("probe"));
                deliver(of(client, probe), delayMs);
                break;
            case PAUSE:
                nowMs += action.x % 10 == 9 ? action.y * 10L : action.x;
                break;
            case EARLY_TIMER:
                steps.add(Step.of(Step.Kind.TIMER, nowMs, 0));
                break;
            case LATE_TIMERS:
                steps.add(Step.of(Step.Kind.LATE_TIMERS, nowMs, action.x % 3 == 2 ? action.y % 60 : action.x % 9));
                break;
            case RESTART:
                nowMs += action.x * 3L;
                steps.add(Step.of(Step.Kind.RESTART, nowMs, action.y % 2));
                break;
            case CAUGHT_UP:
                steps.add(Step.of(Step.Kind.CATCHING_UP, nowMs, 0));
                break;
            case CHECKPOINT:
                steps.add(Step.of(Step.Kind.CHECKPOINT, nowMs, 0));
                break;
            default:
                throw new IllegalStateException(action.kind.name());
        }
    }

    private void speak(Client client, Action action, int delayMs) {
        int size = action.x / 100 % 5 == 4 ? 400 : 10;
        boolean ends = action.z % 10 == 9;
        int flags = (ends ? Chunk.FLAG_END_OF_SPURT : 0) | (action.x / 500 % 2 == 1 ? Chunk.FLAG_TRACE : 0);
        int level = action.z / 100 * 12;
        StreamRecord record = chunk(client, 1 + action.x % 5, level, flags, size);
        if (ends) {
            client.offset = 0;
        }
        record = askedAt(record, client, action);
        int fate = action.z / 10 % 10;
        if (fate == 9) {
            return; // lost
        }
        deliver(record, delayMs);
        if (fate == 8) {
            deliver(record, DELAYS_MS[(action.y + 5) % DELAYS_MS.length]);
        } else if (fate == 7) {
            // sent again by the client
            deliver(
                    record.toBuilder()
                            .setRequestId("r" + requests++)
                            .setArrivalTimeMs(nowMs + action.x % 3)
                            .build(),
                    DELAYS_MS[(action.y + 6) % DELAYS_MS.length]);
        }
    }

    /** Ingest may have read the speaker's permissions a few changes ago, or a little before anybody else. */
    private StreamRecord askedAt(StreamRecord record, Client client, Action action) {
        int lag = action.y / 100 % 5 == 4 ? action.y / 20 % 4 : 0;
        int version = Math.max(0, decided.size() - 1 - lag);
        return record.toBuilder()
                .setControlVersion(version)
                .setPermissions(decided.get(version).permissions(client.participant))
                .build();
    }

    private void talk(Client client, Action action) {
        int chunks = action.x % 10 == 9 ? 260 : 2 + action.x % 10;
        int count = 1 + action.z % 5;
        int spreadMs = DELAYS_MS[action.y % DELAYS_MS.length];
        for (int i = 0; i < chunks; i++) {
            long recorded = (long) count * client.durationUs / 1000;
            StreamRecord record = chunk(client, count, action.z / 100 * 12, 0, 10);
            // Scattered, but the same whenever it is run.
            int scatter = (i * 7919 + action.x * 31) % 97;
            deliver(record, spreadMs * scatter / 97);
            nowMs += recorded;
        }
    }

    private void recode(Client client, Action action) {
        client.unnumbered = action.y % 4 == 3;
        switch (action.x % 4) {
            case 0:
                client.codec = Codec.OPUS;
                client.durationUs = 20_000;
                break;
            case 1:
                client.codec = Codec.OPUS;
                client.durationUs = 60_000;
                break;
            case 2:
                client.codec = Codec.PCM16_16K;
                client.durationUs = 20_000;
                break;
            default:
                client.codec = Codec.PCM16_48K;
                client.durationUs = 5_000;
                break;
        }
    }

    private void join(Client client, Action action, int delayMs) {
        Decided joins = new Decided(now());
        if (action.z % 7 == 6) {
            joins.mayNot.add(client.participant);
        } else {
            joins.mayNot.remove(client.participant);
        }
        Control.Builder join = settings(Control.newBuilder(), joins)
                .setDisplayName(client.participant.toUpperCase())
                .setLocked(joins.locked)
                .setReconnectBeforeMs(action.x % 3 == 2 ? nowMs - 899_000 + action.z * 10L : 0)
                .setPermissions(joins.permissions(client.participant))
                .setPresence(joins.presence(client.participant));
        if (action.x % 10 == 9) {
            join.setExpiresAtMs(nowMs + action.z * 10L);
        }
        control(Control.Kind.JOIN, client, delayMs, join, joins);
    }

    private static Control.Builder settings(Control.Builder control, Decided decided) {
        return control.setRecording(decided.recording)
                .setRoomMuted(decided.muted)
                .setPushToTalk(decided.pushToTalk);
    }

    /** Another presence of the client's participant, with what it may then. */
    private void show(Client client, int delayMs, Control.Kind kind, UnaryOperator<Presence.Builder> change) {
        Decided shows = new Decided(now());
        Presence presence =
                change.apply(shows.presence(client.participant).toBuilder()).build();
        shows.presences.put(client.participant, presence);
        Control.Builder control =
                Control.newBuilder().setPresence(presence).setPermissions(shows.permissions(client.participant));
        control(kind, client, delayMs, control, shows);
    }

    private Decided now() {
        return decided.get(decided.size() - 1);
    }

    private void crowd(int count, boolean leave) {
        for (int i = 0; i < count; i++) {
            String name = "crowd" + decided.size();
            Control.Builder control = Control.newBuilder().setParticipant(name).setConnection(name);
            control.setKind(leave ? Control.Kind.LEAVE : Control.Kind.MUTE);
            deliver(
                    StreamRecord.newBuilder()
                            .setKind(StreamRecord.Kind.CONTROL)
                            .setControlVersion(decided.size())
                            .setParticipant(name)
                            .setConnection(name)
                            .setControl(control)
                            .build(),
                    0);
            decided.add(now());
        }
    }

    private void control(Control.Kind kind, Client client, int delayMs, Control.Builder control, Decided then) {
        control.setKind(kind).setParticipant(client.participant).setConnection(client.connection);
        StreamRecord.Builder record = StreamRecord.newBuilder()
                .setKind(StreamRecord.Kind.CONTROL)
                .setControlVersion(decided.size())
                .setControl(control);
        decided.add(then);
        deliver(of(client, record), delayMs);
    }

    private StreamRecord chunk(Client client, int wanted, int level, int flags, int size) {
        int count = Math.max(1, Math.min(wanted, 200_000 / client.durationUs));
        ChunkBuilder chunk = new ChunkBuilder(
                client.codec,
                client.durationUs,
                client.unnumbered ? 0 : client.sequence,
                client.unnumbered ? 0 : client.offset,
                nowMs + client.skewMs);
        chunk.flag(flags | (client.pushes ? Chunk.FLAG_PUSH_TO_TALK : 0));
        for (int i = 0; i < count; i++) {
            chunk.frame(Math.min(127, level + i), payload(client, size));
        }
        client.sequence += count;
        client.offset += count;
        return of(
                client,
                StreamRecord.newBuilder()
                        .setKind(StreamRecord.Kind.AUDIO)
                        .setUnnumbered(client.unnumbered)
                        .setControlVersion(decided.size() - 1)
                        .setPermissions(now().permissions(client.participant))
                        .setReportStatus(requests % 3 != 0)
                        .setChunk(ByteString.copyFrom(chunk.build())));
    }

    private byte[] payload(Client client, int size) {
        int toc = client.durationUs == 10_000 ? 18 : client.durationUs == 60_000 ? 3 : 19;
        int samples = client.codec.sampleRate() / 1000 * client.durationUs / 1000;
        int length = client.codec.isPcm() ? samples * 2 : size;
        return ByteBuffer.allocate(length)
                .put((byte) (toc << 3))
                .putInt(frames++)
                .array();
    }

    private StreamRecord of(Client client, StreamRecord.Builder record) {
        return record.setVersion(1)
                .setRoom(ROOM)
                .setParticipant(client.participant)
                .setConnection(client.connection)
                .setRequestId("r" + requests++)
                .setArrivalTimeMs(nowMs)
                .build();
    }

    private void deliver(StreamRecord record, int delayMs) {
        steps.add(Step.record(nowMs + delayMs, record));
    }
}
