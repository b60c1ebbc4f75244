package io.parley.local.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.local.edge.AwsException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketFolderTest {

    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final WriteCondition ANY = new WriteCondition(false, null);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "UPPER", "under_score", "-dash", "two..dots", "..", "../up", "a/b", "dash-"})
    void refusesBucketNamesThatTheRulesForbid(String name) {
        BucketFolder buckets = new BucketFolder(folder, CLOCK);

        assertThatThrownBy(() -> buckets.create(name, "us-east-1"))
                .extracting("code")
                .isEqualTo("InvalidBucketName");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void takesNoObjectIntoABucketThatIsBeingDeleted() throws IOException {
        BucketFolder buckets = new BucketFolder(folder, CLOCK);
        buckets.create("audio", "us-east-1");
        Bucket held = buckets.get("audio");

        buckets.delete("audio");

        assertThatThrownBy(() -> held.put(new ObjectHeader("k", 0, "\"\"", 0, Map.of(), Map.of()), new byte[0], ANY))
                .extracting("code")
                .isEqualTo("NoSuchBucket");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void readsTheVersionThatItOpenedWhateverIsPutMeanwhile() throws IOException {
        BucketFolder buckets = new BucketFolder(folder, CLOCK);
        buckets.create("audio", "us-east-1");
        Bucket bucket = buckets.get("audio");
        bucket.put(header("first"), "first".getBytes(), ANY);

        try (ObjectFile opened = bucket.open("k")) {
            bucket.put(header("second one"), "second one".getBytes(), ANY);
            bucket.delete("k");

            assertThat(opened.header().size()).isEqualTo(5);
            assertThat(opened.read(0, 5)).asString().isEqualTo("first");
        }
    }

    @Test
    void letsOneOfManyConditionalWritesWinUnderContention() throws Exception {
        BucketFolder buckets = new BucketFolder(folder, CLOCK);
        buckets.create("audio", "us-east-1");
        Bucket bucket = buckets.get("audio");
        int writers = 4;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            for (int round = 0; round < 300; round++) {
                CyclicBarrier start = new CyclicBarrier(writers);
                String key = "contested/" + round;
                List<Future<Boolean>> attempts = new ArrayList<>();
                for (int writer = 0; writer < writers; writer++) {
                    attempts.add(threads.submit(() -> {
                        start.await();
                        try {
                            bucket.put(
                                    new ObjectHeader(key, 0, "\"\"", 0, Map.of(), Map.of()),
                                    new byte[0],
                                    new WriteCondition(true, null));
                            return true;
                        } catch (AwsException e) {
                            return false;
                        }
                    }));
                }
                int winners = 0;
                for (Future<Boolean> attempt : attempts) {
                    winners += attempt.get() ? 1 : 0;
                }
                assertThat(winners).as(key).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static ObjectHeader header(String content) {
        return new ObjectHeader("k", content.length(), "\"" + content + "\"", 0, Map.of(), Map.of());
    }
}
