package io.parley.job.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.Member;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tick;
import io.parley.job.Records;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/**
 * The savepoint of the job's first version: what was said in its rooms before it, what comes after it, and what has to
 * follow. Beside Flink's {@code _metadata}, which holds all state itself, lies a file with when it was made and where
 * each room's chain ended. Two subtasks wrote it.
 */
public final class SavepointRooms {

    public static final Path FOLDER = Path.of("src/test/resources/savepoints/v1");

    static final int PARALLELISM = 2;

    /** Members who do not expire while anybody runs this test: 2100. */
    private static final long FAR = 4_102_444_800_000L;

    private static final String METADATA = "_metadata";
    private static final String FACTS = "facts.properties";
    private static final String WAITING_SINCE = "waiting-since-ms";

    private final Properties facts;

    private SavepointRooms(Properties facts) {
        this.facts = facts;
    }

    /** What comes long before the savepoint. */
    public static List<StreamRecord> recordsBefore(long nowMs) {
        List<StreamRecord> records = new ArrayList<>();
        records.add(Records.join("gap", "ann", 1, nowMs, FAR));
        records.add(Records.audio("gap", "ann", 0, nowMs));
        records.add(Records.audio("gap", "ann", 1, nowMs));
        records.add(Records.join("members", "ann", 1, nowMs, FAR));
        records.add(Records.join("members", "bob", 2, nowMs, FAR));
        records.add(Records.join("members", "cid", 3, nowMs, FAR));
        records.add(Records.join("members", "dan", 4, nowMs, FAR));
        records.add(Records.mute("members", "cid", 5, nowMs));
        records.add(Records.leave("members", "dan", 6, nowMs));
        records.add(Records.join("unnumbered", "eve", 1, nowMs, FAR));
        records.add(Records.unnumbered("unnumbered", "eve", 0, nowMs));
        records.add(Records.join("expiring", "ann", 1, nowMs, nowMs + 3_600_000));
        records.add(Records.join("ended", "ann", 1, nowMs));
        records.add(Records.leave("ended", "ann", 2, nowMs));
        return records;
    }

    /** What comes just before it, so that it waits in the savepoint: frames behind a gap, and one without a number. */
    public static List<StreamRecord> recordsThatWait(long nowMs) {
        return List.of(
                Records.audio("gap", "ann", 3, nowMs),
                Records.unnumbered("unnumbered", "eve", 1, nowMs),
                Records.audio("members", "cid", 0, nowMs));
    }

    /** What comes after it in the rooms of which {@link #assertGapIsFilled} and the like tell. */
    public List<StreamRecord> recordsAfter(long nowMs) {
        return List.of(
                Records.audio("gap", "ann", 2, nowMs),
                Records.audio("members", "cid", 1, nowMs),
                Records.audio("members", "dan", 0, nowMs),
                Records.join("members", "fay", 7, nowMs, FAR));
    }

    public void assertGapIsFilled(Outputs outputs) {
        assertThat(outputs.heard()).containsExactly(2, 3);
        assertThat(outputs.events(Event.Kind.LOST)).isEmpty();
        outputs.assertChainedAfter(lastTick("gap"));
    }

    /** Two are there, one of them was muted, one has left, and one is new. */
    public void assertMembersAreKnown(Outputs outputs) {
        List<Member> members = outputs.posts().get(0).getJoined().getMembersList();
        assertThat(members).extracting(Member::getParticipant).containsExactly("ann", "bob", "cid", "fay");
        assertThat(members).extracting(Member::getMuted).containsExactly(false, false, true, false);
        assertThat(outputs.putAside(LogFrame.Disposition.MUTED)).containsExactly(0, 1, 0);
        assertThat(outputs.heard()).isEmpty();
        outputs.assertChainedAfter(lastTick("members"));
    }

    public static SavepointRooms read() throws IOException {
        Properties facts = new Properties();
        try (Reader reader = Files.newBufferedReader(FOLDER.resolve(FACTS))) {
            facts.load(reader);
        }
        return new SavepointRooms(facts);
    }

    /** Keeps the savepoint of a job that has processed both kinds of records. */
    public static void write(Path savepoint, long waitingSinceMs, Outputs outputs) throws IOException {
        try (java.util.stream.Stream<Path> files = Files.list(savepoint)) {
            assertThat(files).as("all state is in the metadata").hasSize(1);
        }
        Files.createDirectories(FOLDER);
        Files.copy(savepoint.resolve(METADATA), FOLDER.resolve(METADATA), StandardCopyOption.REPLACE_EXISTING);
        StringBuilder facts = new StringBuilder(WAITING_SINCE + "=" + waitingSinceMs + "\n");
        for (String room : new TreeSet<>(
                outputs.list().stream().map(output -> output.getRoom()).collect(Collectors.toList()))) {
            Tick last = outputs.room(room).last();
            facts.append(room)
                    .append('=')
                    .append(last.getEpoch())
                    .append(' ')
                    .append(last.getTick())
                    .append(' ')
                    .append(Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(last.getHash().toByteArray()))
                    .append('\n');
        }
        Files.writeString(FOLDER.resolve(FACTS), facts.toString(), StandardCharsets.US_ASCII);
    }

    /** When the records that wait in it came: the savepoint was made at once. */
    public long waitingSinceMs() {
        return Long.parseLong(facts.getProperty(WAITING_SINCE));
    }

    /** Where the room's chain was; nothing else of the tick is known. */
    public Tick lastTick(String room) {
        String[] parts = facts.getProperty(room).split(" ");
        return Tick.newBuilder()
                .setEpoch(Long.parseLong(parts[0]))
                .setTick(Long.parseLong(parts[1]))
                .setHash(ByteString.copyFrom(Base64.getUrlDecoder().decode(parts[2])))
                .build();
    }

    /** The state of the ordering operator alone, repackaged for {@link OperatorHarness#rescale}. */
    static OperatorSubtaskState operatorState() throws Exception {
        try (InputStream file = Files.newInputStream(FOLDER.resolve(METADATA))) {
            CheckpointMetadata metadata = Checkpoints.loadCheckpointMetadata(
                    new DataInputStream(file), SavepointRooms.class.getClassLoader(), FOLDER.toString());
            List<OperatorState> keyed = metadata.getOperatorStates().stream()
                    .filter(operator -> operator.getStates().stream()
                            .anyMatch(state -> !state.getManagedKeyedState().isEmpty()))
                    .collect(Collectors.toList());
            assertThat(keyed).as("operators with keyed state").hasSize(1);
            OperatorState rooms = keyed.get(0);
            assertThat(rooms.getParallelism()).isEqualTo(PARALLELISM);
            assertThat(rooms.getMaxParallelism()).isEqualTo(OperatorHarness.MAX_PARALLELISM);
            return AbstractStreamOperatorTestHarness.repackageState(rooms.getState(0), rooms.getState(1));
        }
    }
}
