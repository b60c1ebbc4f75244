package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.local.cli.VerifyCommand;
import io.parley.local.s3.StoredObjects;
import io.parley.local.s3.StoredObjects.StoredObject;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code verify} of a log that a real stack wrote: in its bucket, in its data folder, and as files. */
class VerifyITCase {

    private static final String ROOM = "verified";
    private static final int CHUNKS = 25;

    @TempDir
    static Path folder;

    private static Path data;
    private static Path files;
    private static Outcome ofTheRunningStack;
    private static Outcome ofAnotherBucket;
    private static Outcome withoutS3;

    /** What the command printed, and its exit code. */
    private record Outcome(int code, String out, String err) {}

    @BeforeAll
    static void speak() throws Exception {
        data = folder.resolve("data");
        files = folder.resolve("files");
        StackOptions options = StackOptions.onFreePorts()
                .withDataDir(data)
                .withArchive(ArchiveMode.BOTH, EventGranularity.NONE)
                .withJobSettings(Map.of("job.checkpoint-interval-ms", "500"))
                .withRoomSettings(Map.of("room.max-hold-ms", "3000", "room.playout-deadline-ms", "30000"));
        try (LocalStack stack = LocalStack.start(options)) {
            try (Player listener = Player.joined(stack, "listener", ROOM);
                    Player speaker = Player.joined(stack, "speaker", ROOM)) {
                speaker.speak(CHUNKS);
            }
            Archive archive = new Archive(stack);
            Eventually.until(
                    "all frames are in the log",
                    () -> archive.framesInLog(ROOM).values().stream().anyMatch(frames -> frames.size() == 5 * CHUNKS));
            for (String key : archive.list("ticks/" + ROOM + "/")) {
                Path file = files.resolve(key);
                Files.createDirectories(file.getParent());
                Files.write(file, archive.opened(key));
            }
            Map<String, String> environment = Map.of(
                    "AWS_REGION",
                    LocalStack.REGION,
                    "AWS_ENDPOINT_URL",
                    stack.credentials().edge(),
                    "AWS_ACCESS_KEY_ID",
                    "local",
                    "AWS_SECRET_ACCESS_KEY",
                    "local");
            ofTheRunningStack = verify(environment, "s3://" + LocalStack.BUCKET);
            ofAnotherBucket = verify(environment, "s3://no-such-bucket");
            stack.faults("s3").fail();
            withoutS3 = verify(environment, "s3://" + LocalStack.BUCKET, "--room", ROOM);
        }
    }

    @Test
    void theBucketOfARunningStackIsConsistent() {
        assertThat(ofTheRunningStack.out)
                .contains(ROOM)
                .contains("whether the log is complete")
                .endsWith("consistent\n")
                .doesNotContain("NOT")
                .doesNotContain("finding");
        assertThat(ofTheRunningStack.code).isZero();
    }

    @Test
    void aBucketThatCannotBeReadIsNotCalledInconsistent() {
        assertThat(ofAnotherBucket.code).isEqualTo(2);
        assertThat(ofAnotherBucket.err).contains("cannot be listed").contains("AWS_ENDPOINT_URL");
        assertThat(withoutS3.code).isEqualTo(2);
        assertThat(withoutS3.out).isEmpty();
    }

    @Test
    void theDataFolderOfAStackThatHasStoppedIsConsistent() throws Exception {
        Outcome outcome = verify(data.toString(), "--room", ROOM);

        assertThat(outcome.out).endsWith("consistent\n").doesNotContain("NOT").contains("125");
        assertThat(outcome.code).isZero();
        assertThat(verify(data.toString()).out).contains("readiness").contains("In all 2 rooms");
    }

    @Test
    void openedSegmentsInAFolderAreConsistent(@TempDir Path other) throws Exception {
        assertThat(verify(files.toString()).code).isZero();

        // By other names as well, or a single one.
        int number = 0;
        for (Path file : segments(files)) {
            Files.copy(file, other.resolve("segment-" + number++));
        }
        Outcome renamed = verify(other.toString());
        assertThat(renamed.out).contains("125").endsWith("\nconsistent\n");
        assertThat(verify(segments(files).get(0).toString()).code).isZero();
    }

    @Test
    void aFlippedByteOfAnObjectIsFound(@TempDir Path other) throws Exception {
        copy(data, other);
        StoredObject object = objects(other).get(1);
        byte[] bytes = Files.readAllBytes(object.file());
        bytes[bytes.length - 20] ^= 1;
        Files.write(object.file(), bytes);
        Outcome outcome = verify(other.toString(), "--room", ROOM);

        assertThat(outcome.code).isEqualTo(1);
        assertThat(outcome.out)
                .contains("finding unreadable")
                .contains(object.key() + " cannot be opened: it was altered")
                .contains("finding missing-ticks")
                .endsWith("NOT consistent: 2 findings\n");
    }

    @Test
    void aMissingSegmentIsFound(@TempDir Path other) throws Exception {
        copy(data, other);
        Files.delete(objects(other).get(1).file());
        Outcome outcome = verify(other.toString(), "--room", ROOM);

        assertThat(outcome.code).isEqualTo(1);
        assertThat(outcome.out).contains("finding missing-ticks").endsWith("NOT consistent: 1 finding\n");
    }

    @Test
    void objectsInEachOthersPlaceAreFound(@TempDir Path other, @TempDir Path opened) throws Exception {
        copy(data, other);
        swap(objects(other).get(1).file(), objects(other).get(2).file());
        Outcome outcome = verify(other.toString());
        assertThat(outcome.code).isEqualTo(1);
        assertThat(outcome.out).contains("(room unknown)").contains("is not where its key");

        copy(files, opened);
        swap(segments(opened).get(1), segments(opened).get(2));
        Outcome ofFiles = verify(opened.toString());
        assertThat(ofFiles.code).isEqualTo(1);
        assertThat(ofFiles.out).contains("finding key").contains("which is not what its key says");
    }

    @Test
    void withoutItsKeysNothingOfADataFolderCanBeOpened(@TempDir Path other) throws Exception {
        copy(data, other);
        try (Stream<Path> keys = Files.list(other.resolve("kms"))) {
            for (Path key : keys.toList()) {
                Files.delete(key);
            }
        }
        Outcome outcome = verify(other.toString(), "--max-findings", "1");

        assertThat(outcome.code).isEqualTo(1);
        assertThat(outcome.out).contains("is not in the folder").contains("more finding");
    }

    @Test
    void programsGetAReportInJson() throws Exception {
        JsonNode report = new ObjectMapper().readTree(verify(files.toString(), "--json").out);

        assertThat(report.get("consistent").asBoolean()).isTrue();
        assertThat(report.get("complete").asText()).isEqualTo("unknown");
        assertThat(report.at("/rooms/0/room").asText()).isEqualTo(ROOM);
        assertThat(report.at("/rooms/0/framesPlayed").asInt()).isEqualTo(5 * CHUNKS);
    }

    @Test
    void saysWhatIsWrongWithAPlaceWhereNoLogIs(@TempDir Path empty) throws Exception {
        Outcome none = verify(empty.resolve("none").toString());
        assertThat(none.code).isEqualTo(2);
        assertThat(none.err).contains("there is no ");

        Files.writeString(empty.resolve("README"), "Nothing here.");
        Outcome nothing = verify(empty.toString());
        assertThat(nothing.code).isEqualTo(2);
        assertThat(nothing.err).contains("nothing of a tick log").contains("ARCHIVE_MODE");

        assertThat(verify(files.toString(), "--room", "another").err).contains("of room another");
        assertThat(verify(files.toString(), "--room", "a room").code).isEqualTo(2);
        assertThat(verify("s3://").code).isEqualTo(2);
        assertThat(verify().code).isEqualTo(2);
    }

    private static Outcome verify(String... arguments) {
        return verify(Map.of(), arguments);
    }

    private static Outcome verify(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new VerifyCommand(environment))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Outcome(code, out.toString().replace("\r\n", "\n"), err.toString());
    }

    /** The room's segments in a data folder, in their order. */
    private static List<StoredObject> objects(Path folder) throws IOException {
        List<StoredObject> objects = new ArrayList<>();
        StoredObjects.list(
                folder.resolve("s3"),
                object -> {
                    if (object.key().startsWith("ticks/" + ROOM + "/")) {
                        objects.add(object);
                    }
                },
                (file, reason) -> {
                    throw new AssertionError(file + ": " + reason);
                });
        objects.sort(Comparator.comparing(StoredObject::key));
        return objects;
    }

    private static List<Path> segments(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void swap(Path one, Path other) throws IOException {
        byte[] bytes = Files.readAllBytes(one);
        Files.write(one, Files.readAllBytes(other));
        Files.write(other, bytes);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> found = Files.walk(from)) {
            for (Path path : found.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }
}
