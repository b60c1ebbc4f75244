package io.parley.local.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.parley.core.envelope.ContentHash;
import io.parley.core.envelope.Envelope;
import io.parley.core.envelope.ObjectKeys;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.DataKeys;
import io.parley.core.port.ObjectStore;
import io.parley.core.tick.TickHash;
import io.parley.core.verify.Finding;
import io.parley.core.verify.Rule;
import io.parley.core.wire.Event;
import io.parley.core.wire.Tick;
import io.parley.core.wire.TickLogSegment;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How a bucket is gone through, and what is written of it. */
class LogVerificationTest {

    private static final int MAX_KEPT = 4;
    private static final long HOUR_MS = 3_600_000;
    private static final long START_MS = 1_700_000_000_000L;
    private static final DataKeys.DataKey KEY = new DataKeys.DataKey(new byte[32], new byte[] {1});

    private final Bucket bucket = new Bucket();

    @Test
    void checksAnEpochOverTheHoursAndRoomsOneByOne() {
        writeLog("lobby", 5);
        writeLog("a-room", 3);

        assertThat(verify("", null)).extracting(RoomReport::room).containsExactly("a-room", "lobby");
        assertThat(verify("", null)).allMatch(report -> report.findingCount() == 0);
        assertThat(verify("ticks/lobby/", null)).extracting(RoomReport::room).containsExactly("lobby");
        assertThat(verify("", "a-room")).extracting(RoomReport::room).containsExactly("a-room");
    }

    @Test
    void namesTheKeysThatCannotBeOpenedAndGoesOn() {
        List<String> keys = writeLog("lobby", 5);
        bucket.objects.put(keys.get(1), new byte[] {1, 2, 3});
        byte[] other = bucket.objects.get(keys.get(4));
        bucket.objects.put(keys.get(3), other);

        RoomReport report = verify("", null).get(0);
        assertThat(report.findings())
                .extracting(Finding::rule)
                .containsExactly(Rule.UNREADABLE, Rule.MISSING_TICKS, Rule.UNREADABLE, Rule.MISSING_TICKS);
        assertThat(report.findings().get(0).object()).isEqualTo(keys.get(1));
        assertThat(report.findings().get(2).what()).contains(keys.get(3)).contains("another object key");
        assertThat(report.counts().ticks()).isEqualTo(3);
    }

    @Test
    void findsWhatTheJobPutAsideAndKeysThatAreNone() {
        writeLog("lobby", 1);
        bucket.objects.put("conflicts/ticks/lobby/2023/11/14/22/1-2-3-4", new byte[1]);
        bucket.objects.put("ticks/lobby/notes.txt", new byte[1]);
        bucket.objects.put("lobby/2023/11/14/22/ann/1-2-3", new byte[1]);

        assertThat(verify("", null)).hasSize(1);
        assertThat(verify("", null).get(0).findings())
                .extracting(Finding::rule)
                .containsExactlyInAnyOrder(Rule.CONFLICT, Rule.KEY);
    }

    @Test
    void triesAgainWhereTheStoreIsAwayForAMoment() {
        writeLog("lobby", 3);
        bucket.failures = 3;

        assertThat(verify("", null).get(0).findingCount()).isZero();
    }

    @Test
    void saysNothingOfALogWhoseStoreStaysAway() {
        writeLog("lobby", 3);
        bucket.failures = 1_000;

        assertThatThrownBy(() -> verify("", null))
                .isInstanceOf(SourceUnavailableException.class)
                .hasMessageContaining("try again");
    }

    @Test
    void writesTheFirstFindingsOfARoomAndCountsTheRest() {
        List<String> keys = writeLog("lobby", 9);
        for (int i = 0; i < 9; i += 2) {
            bucket.objects.put(keys.get(i), new byte[4]);
        }
        StringWriter out = new StringWriter();
        TextReport report = new TextReport(new PrintWriter(out));
        verify("", null).forEach(report::room);

        assertThat(out.toString())
                .contains("NOT consistent")
                .contains("finding unreadable, epoch " + START_MS + ", tick 0: ticks/lobby/")
                .contains("What it may mean: ")
                .contains("  and 5 more findings");
    }

    private List<RoomReport> verify(String prefix, String room) {
        LogListing listing = new LogListing(room);
        BucketSource source = new BucketSource(bucket, new Keys(), prefix, room, Runnable::run);
        source.list(listing);
        List<RoomReport> reports = new ArrayList<>();
        new LogVerification(source, prefix.isEmpty() && room == null ? 4 : 20, opened -> {}).run(listing, reports::add);
        return reports;
    }

    /** An epoch of so many ticks, each an hour after the one before and in a segment of its own. */
    private List<String> writeLog(String room, int ticks) {
        TickHash hasher = new TickHash();
        List<String> keys = new ArrayList<>();
        ByteString previous = TickHash.ZERO;
        for (int i = 0; i < ticks; i++) {
            Tick.Builder tick = Tick.newBuilder()
                    .setVersion(1)
                    .setRoom(room)
                    .setEpoch(START_MS)
                    .setTick(i)
                    .setCloseTimeMs(START_MS + i * HOUR_MS)
                    .setPreviousHash(previous)
                    .addEvents(Event.newBuilder().setKind(i == 0 ? Event.Kind.OPENED : Event.Kind.JOINED));
            previous = hasher.hash(tick.build());
            byte[] segment = TickLogSegment.newBuilder()
                    .setVersion(1)
                    .setRoom(room)
                    .setEpoch(START_MS)
                    .setFirstTick(i)
                    .addTicks(tick.setHash(previous))
                    .build()
                    .toByteArray();
            String key = ObjectKeys.segment(room, START_MS, i, tick.getCloseTimeMs(), ContentHash.of(segment));
            bucket.objects.put(
                    key, Envelope.seal(Envelope.Purpose.SEGMENT, room, key, KEY, new SecureRandom(), segment));
            keys.add(key);
        }
        return keys;
    }

    /** Knows one key. */
    private static final class Keys implements DataKeys {
        @Override
        public CompletionStage<DataKey> current() {
            return CompletableFuture.completedFuture(KEY);
        }

        @Override
        public CompletionStage<byte[]> unwrap(byte[] wrapped) {
            return CompletableFuture.completedFuture(KEY.plaintext());
        }
    }

    /** Objects in memory; its next answers fail as if it were away. */
    private static final class Bucket implements ObjectStore {
        private final Map<String, byte[]> objects = new TreeMap<>();
        private int failures;

        @Override
        public CompletionStage<Void> put(String key, byte[] bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Boolean> putIfAbsent(String key, byte[] bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<byte[]> get(String key) {
            if (failures > 0) {
                failures--;
                return CompletableFuture.failedFuture(new ParleyException(ErrorCode.UNAVAILABLE, "s3: slow down"));
            }
            return objects.containsKey(key)
                    ? CompletableFuture.completedFuture(objects.get(key))
                    : CompletableFuture.failedFuture(new NoSuchElementException("no object " + key));
        }

        @Override
        public CompletionStage<List<String>> list(String prefix) {
            return CompletableFuture.completedFuture(objects.keySet().stream()
                    .filter(key -> key.startsWith(prefix))
                    .toList());
        }
    }
}
