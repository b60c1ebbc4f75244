package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.client.VoiceClient;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.core.wire.Tick;
import io.parley.job.JobOptions.StreamReader;
import io.parley.local.cluster.FlinkCluster;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import io.parley.local.system.TimedEar.Played;
import io.parley.local.system.TimedEar.PlayedTick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job as it is deployed, on a Flink cluster of processes, loses the machine that it runs on while people speak:
 * it comes back by itself, nothing that was accepted is missing from the log, and nobody hears anything twice or late.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ClusterRecoveryITCase {

    private static final Path ROOT = Path.of(System.getProperty("parley.root", ".."));
    private static final Path CLUSTER_HOME = ROOT.resolve("local-stack/target/flink-cluster");

    private static final int PLAYOUT_DEADLINE_MS = 1_000;

    /** For the pauses of a busy machine. */
    private static final int SLACK_MS = 1_500;

    /**
     * The oldest that a frame may be, after its arrival, when it is closed into a tick to be played: the deadline, within
     * which the job has to have received it, then a hold (200 ms) and a tick (100 ms). What the crash left in the stream
     * or in a checkpoint is older than that when the job is back, since only the heartbeats tell of the crash.
     */
    private static final int MAX_AGE_IN_LOG_MS = PLAYOUT_DEADLINE_MS + 300 + SLACK_MS;

    /** The oldest that it may be when a listener gets it: the broadcast Lambda refuses ticks by the deadline again. */
    private static final int MAX_AGE_MS = MAX_AGE_IN_LOG_MS + PLAYOUT_DEADLINE_MS;

    /** What everybody says before the crash, and again when the job is back: four seconds. */
    private static final int FRAMES_OF_SPEECH = 200;

    private static final List<String> ROOMS = List.of("red", "blue");

    @Test
    void aKilledTaskManagerCostsSomeSecondsOfVoiceAndNothingOfTheLog(@TempDir Path folder) throws Exception {
        StackOptions options = StackOptions.onFreePorts()
                .withoutJob()
                .withStream(StreamReader.EFO, 1)
                .withArchive(ArchiveMode.SEGMENT, EventGranularity.NONE)
                .withJobSettings(Map.of("job.checkpoint-interval-ms", "1000"))
                .withRoomSettings(Map.of("room.playout-deadline-ms", String.valueOf(PLAYOUT_DEADLINE_MS)));
        ScheduledExecutorService pace = Executors.newScheduledThreadPool(3);
        List<AutoCloseable> clients = new ArrayList<>();
        try (LocalStack stack = LocalStack.start(options);
                FlinkCluster cluster = FlinkCluster.start(CLUSTER_HOME, folder, 2)) {
            String job = cluster.runJob(
                    deployJar(), "--properties", stack.jobProperties().toString());
            stack.awaitReady();
            Map<String, TimedEar> ears = listen(stack, clients);
            List<PacedSpeaker> speakers = List.of(
                    PacedSpeaker.joined(stack, "ann", "red"),
                    PacedSpeaker.joined(stack, "ben", "red"),
                    PacedSpeaker.joined(stack, "cid", "blue"));
            clients.addAll(speakers);
            int checkpointsBefore = cluster.rest().completedCheckpoints(job);
            speakers.forEach(speaker -> speaker.speak(pace));

            Eventually.until(
                    "two checkpoints are complete and everybody has spoken and been heard for a while",
                    () -> cluster.rest().completedCheckpoints(job) >= checkpointsBefore + 2
                            && speakers.stream().allMatch(s -> s.sentMs().size() >= FRAMES_OF_SPEECH)
                            && ears.values().stream()
                                    .allMatch(ear -> ear.played().size() >= FRAMES_OF_SPEECH));
            Set<String> running = cluster.rest().taskManagersOf(job);
            assertThat(running).as("TaskManagers that run the job").hasSize(1);
            Set<String> epochsBefore = epochs(ears);
            long killedMs = System.currentTimeMillis();
            cluster.killTaskManager(running.iterator().next());

            Eventually.until(
                    "every listener hears the new epoch of every room",
                    () -> ears.values().stream().allMatch(ear -> roomsInNewEpoch(ear, epochsBefore) == ROOMS.size()));
            long backMs = System.currentTimeMillis();
            Eventually.until(
                    "everybody has spoken for a while since, and been heard",
                    () -> speakers.stream().allMatch(s -> sentSince(s, backMs) >= FRAMES_OF_SPEECH)
                            && ears.values().stream().allMatch(ear -> playedSince(ear, backMs) >= FRAMES_OF_SPEECH));
            speakers.forEach(PacedSpeaker::stop);
            pace.shutdown();
            assertThat(pace.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

            Map<FrameId, Long> sentMs = new HashMap<>();
            speakers.forEach(speaker -> sentMs.putAll(speaker.sentMs()));
            awaitTakenInOrTold(stack, speakers);
            Map<String, LoggedRoom> log = awaitLog(stack);
            Map<FrameId, Long> arrivedMs = VoiceStreamRecords.frames(stack);

            assertThat(cluster.rest().restoredCheckpoints(job)).isPositive();
            assertThat(cluster.rest().taskManagersOf(job)).doesNotContainAnyElementsOf(running);
            assertLogIsWhole(stack, log, arrivedMs);
            ears.forEach((name, ear) -> {
                assertHeardOnceAndInTime(ear, arrivedMs);
                assertHeardWhatIsLogged(ear, log);
            });
            report(killedMs, epochsBefore, ears, sentMs, log);
        } finally {
            pace.shutdownNow();
            for (AutoCloseable client : clients) {
                client.close();
            }
        }
    }

    private static Path deployJar() throws IOException {
        Path jar = jar("flink-job", "-deploy");
        for (String module : List.of("voice-core", "voice-aws", "flink-job")) {
            assertThat(Files.getLastModifiedTime(jar))
                    .as(jar + " is older than the jar of " + module + ": build it without -Dmaven.shade.skip")
                    .isGreaterThanOrEqualTo(Files.getLastModifiedTime(jar(module, "")));
        }
        return jar;
    }

    private static Path jar(String module, String classifier) {
        Path jar = ROOT.resolve(module).resolve("target").resolve(module + "-0.1.0-SNAPSHOT" + classifier + ".jar");
        assertThat(jar).as("made by mvn package without -Dmaven.shade.skip").exists();
        return jar;
    }

    /** Two listeners, in both rooms. */
    private static Map<String, TimedEar> listen(LocalStack stack, List<AutoCloseable> clients) throws Exception {
        Map<String, TimedEar> ears = new HashMap<>();
        for (String name : List.of("eve", "fay")) {
            TimedEar ear = new TimedEar();
            VoiceClient client = Player.connect(stack, name, ear);
            clients.add(client);
            for (String room : ROOMS) {
                client.join(room, name).get(30, TimeUnit.SECONDS);
            }
            ears.put(name, ear);
        }
        return ears;
    }

    /** Waits until each frame is in the voice stream, but for the chunks of which the speaker was told that they are not. */
    private static void awaitTakenInOrTold(LocalStack stack, List<PacedSpeaker> speakers) throws Exception {
        for (PacedSpeaker speaker : speakers) {
            Eventually.until("all that was sent is in the voice stream, or the speaker was told", () -> {
                Set<FrameId> missing = new HashSet<>(speaker.sentMs().keySet());
                missing.removeAll(VoiceStreamRecords.frames(stack).keySet());
                return missing.size() <= speaker.errors().size() * PacedSpeaker.FRAMES;
            });
            assertThat(speaker.errors()).as("what a busy machine may answer").allMatch("unavailable"::equals);
        }
    }

    /** The log of each room, once it accounts for all frames of that room in the voice stream. */
    private static Map<String, LoggedRoom> awaitLog(LocalStack stack) throws Exception {
        Archive archive = new Archive(stack);
        Map<String, LoggedRoom> log = new HashMap<>();
        for (String room : ROOMS) {
            Eventually.until("the log of " + room + " accounts for all that is in the voice stream", () -> {
                Set<FrameId> frames = VoiceStreamRecords.frames(stack).keySet().stream()
                        .filter(frame -> frame.room().equals(room))
                        .collect(Collectors.toSet());
                log.put(room, LoggedRoom.read(room, archive.ticksInLog(room)));
                return log.get(room).accountsFor(frames);
            });
        }
        return log;
    }

    private static void assertLogIsWhole(LocalStack stack, Map<String, LoggedRoom> log, Map<FrameId, Long> arrivedMs)
            throws Exception {
        Archive archive = new Archive(stack);
        for (String room : ROOMS) {
            List<Tick> ticks = archive.ticksInLog(room);
            assertThat(TickLogCheck.findings(room, ticks)).as("log of " + room).isEmpty();
            LoggedRoom logged = log.get(room);
            assertThat(logged.epochs).as("epochs of " + room).hasSizeGreaterThan(1);
            assertThat(logged.played).as("frames of " + room).doesNotHaveDuplicates();
            Map<FrameId, Long> tooOld = new HashMap<>();
            logged.closedMs.forEach((frame, closedMs) -> {
                long ageMs = closedMs - arrivedMs.get(frame);
                if (ageMs > MAX_AGE_IN_LOG_MS) {
                    tooOld.put(frame, ageMs);
                }
            });
            assertThat(tooOld)
                    .as("frames of " + room + " played past the deadline, with their age in ms")
                    .isEmpty();
            assertThat(logged.lost).as("losses of " + room).doesNotContainAnyElementsOf(logged.played);
            Set<FrameId> lostButTakenIn = new HashSet<>(logged.lost);
            lostButTakenIn.retainAll(arrivedMs.keySet());
            assertThat(logged.logOnly.keySet())
                    .as("what was given up in " + room + " and came all the same")
                    .containsAll(lostButTakenIn);
        }
    }

    private static void assertHeardOnceAndInTime(TimedEar ear, Map<FrameId, Long> arrivedMs) {
        List<Played> played = ear.played();
        assertThat(played.stream().map(Played::frame)).doesNotHaveDuplicates();
        assertThat(played.stream().filter(frame -> frame.receivedMs() - arrivedMs.get(frame.frame()) > MAX_AGE_MS))
                .as("frames that came too late")
                .isEmpty();
        assertThat(ear.errors()).isEmpty();
        assertThat(ear.chainBreaks()).isZero();
    }

    /** Only of an epoch that was cut off may somebody have heard what its log does not have. */
    private static void assertHeardWhatIsLogged(TimedEar ear, Map<String, LoggedRoom> log) {
        for (PlayedTick tick : ear.ticks()) {
            LoggedRoom room = log.get(tick.room());
            String logged = room.hashes.get(tick.epoch() + "/" + tick.tick());
            if (logged != null || tick.epoch() == room.lastEpoch && tick.tick() <= room.lastTick) {
                assertThat(logged).as(tick.toString()).isEqualTo(tick.hash());
            }
        }
    }

    private static Set<String> epochs(Map<String, TimedEar> ears) {
        return ears.values().stream()
                .flatMap(ear -> ear.ticks().stream())
                .map(tick -> tick.room() + "/" + tick.epoch())
                .collect(Collectors.toSet());
    }

    private static long roomsInNewEpoch(TimedEar ear, Set<String> epochsBefore) {
        return ear.ticks().stream()
                .filter(tick -> !epochsBefore.contains(tick.room() + "/" + tick.epoch()))
                .map(PlayedTick::room)
                .distinct()
                .count();
    }

    private static long sentSince(PacedSpeaker speaker, long sinceMs) {
        return speaker.sentMs().values().stream()
                .filter(sent -> sent >= sinceMs)
                .count();
    }

    private static long playedSince(TimedEar ear, long sinceMs) {
        return ear.played().stream()
                .filter(frame -> frame.receivedMs() >= sinceMs)
                .count();
    }

    /** Says how long the silence was and what became of what was sent; measured, not asserted. */
    private static void report(
            long killedMs,
            Set<String> epochsBefore,
            Map<String, TimedEar> ears,
            Map<FrameId, Long> sentMs,
            Map<String, LoggedRoom> log) {
        long firstTickMs = 0;
        long firstFrameMs = 0;
        long oldestMs = 0;
        for (TimedEar ear : ears.values()) {
            for (String room : ROOMS) {
                firstTickMs = Math.max(
                        firstTickMs,
                        ear.ticks().stream()
                                .filter(tick ->
                                        tick.room().equals(room) && !epochsBefore.contains(room + "/" + tick.epoch()))
                                .mapToLong(PlayedTick::receivedMs)
                                .min()
                                .orElseThrow());
                firstFrameMs = Math.max(
                        firstFrameMs,
                        ear.played().stream()
                                .filter(frame -> frame.frame().room().equals(room)
                                        && !epochsBefore.contains(room + "/" + frame.epoch()))
                                .mapToLong(Played::receivedMs)
                                .min()
                                .orElseThrow());
            }
            oldestMs = Math.max(
                    oldestMs,
                    ear.played().stream()
                            .mapToLong(frame -> frame.receivedMs() - sentMs.get(frame.frame()))
                            .max()
                            .orElseThrow());
        }
        Set<FrameId> logOnly = new HashSet<>();
        long played = 0;
        for (LoggedRoom room : log.values()) {
            logOnly.addAll(room.logOnly.keySet());
            played += room.played.size();
        }
        System.out.printf(
                "ClusterRecoveryITCase: after kill -9 of the TaskManager every room was live again in %d ms (first tick of"
                        + " the new epoch; first voice %d ms); of %d frames sent the log has %d as played and %d as not"
                        + " played; the oldest frame that was heard was %d ms old%n",
                firstTickMs - killedMs, firstFrameMs - killedMs, sentMs.size(), played, logOnly.size(), oldestMs);
    }
}
