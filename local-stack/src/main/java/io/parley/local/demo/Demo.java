package io.parley.local.demo;

import io.parley.client.JoinedRoom;
import io.parley.client.LostFrames;
import io.parley.client.ProbeTimes;
import io.parley.client.SpeakerStream;
import io.parley.client.TokenSource;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceClientOptions;
import io.parley.client.VoiceFrame;
import io.parley.client.VoiceListener;
import io.parley.client.VoiceTick;
import io.parley.core.chunk.Codec;
import io.parley.core.record.Micros;
import io.parley.local.audio.HeardMix;
import io.parley.local.audio.Pcm;
import io.parley.local.audio.SpeechClip;
import io.parley.local.audio.SpeechPace;
import io.parley.local.stack.LocalStack;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Real speech through a running stack: three speakers, two listeners, an account of every frame.
 *
 * <p>Each speaker has a thread that sends chunks at the pace of speech. Composition root: it reads the clock.
 */
public final class Demo {

    private static final String ROOM = "demo";
    private static final String WARM_UP_ROOM = "warm-up";
    private static final int FRAME_US = Pcm.FRAME_MS * 1000;
    private static final int START_SEQUENCE = 1_000;
    private static final int PROBES_AT_A_TIME = 4;
    private static final int REST_MS = 1_000;

    /**
     * @param rounds how often each speaker says its piece
     * @param warmUp how long to warm up; probes and speech in another room
     * @param deliveryMs how long to wait for what is still on its way when all has been sent
     */
    public record Settings(int rounds, int warmUpSeconds, int chunkMs, int playoutMs, int deliveryMs, Path heard) {}

    private final LocalStack stack;
    private final Settings settings;
    private final PrintStream out;
    private final Clock clock = Clock.systemUTC();
    private final FrameLedger ledger = new FrameLedger();
    private final HopTable hops = new HopTable();
    private final LiveView view;
    /** When each traced chunk was sent, in µs, by participant and number of its first frame. */
    private final Map<String, Long> sentUs = new ConcurrentHashMap<>();

    private final Map<String, String> names = new ConcurrentHashMap<>();
    /** Decodes and mixes, as a player's sound thread does: not on the thread that receives. */
    private final ExecutorService sound = Executors.newSingleThreadExecutor();

    private final AtomicLong chainBreaks = new AtomicLong();

    public Demo(LocalStack stack, Settings settings, PrintStream out) {
        this.stack = stack;
        this.settings = settings;
        this.out = out;
        this.view = new LiveView(out);
    }

    /** Runs it; gives whether every listener got every frame exactly once, in order, bit for bit. */
    public boolean run() throws Exception {
        List<SpeechClip> clips = SpeechClip.bundled();
        Files.createDirectories(settings.heard().getParent());
        try (OutputStream file = Files.newOutputStream(settings.heard());
                HeardMix mix = new HeardMix(file, settings.playoutMs());
                Clients clients = new Clients()) {
            List<Listener> listeners = List.of(new Listener("listener 1", mix), new Listener("listener 2", null));
            List<VoiceClient> speakers = new ArrayList<>();
            for (SpeechClip clip : clips) {
                speakers.add(clients.connect(clip.name(), new VoiceListener() {}));
            }
            List<VoiceClient> ears = new ArrayList<>();
            for (Listener listener : listeners) {
                ears.add(clients.connect(listener.name.replace(' ', '-'), listener));
            }
            warmUp(clips, speakers, ears);
            for (VoiceClient ear : ears) {
                ear.join(ROOM, "listener").get(30, TimeUnit.SECONDS);
            }
            List<String> participants = new ArrayList<>();
            for (int i = 0; i < clips.size(); i++) {
                JoinedRoom joined =
                        speakers.get(i).join(ROOM, clips.get(i).name()).get(30, TimeUnit.SECONDS);
                participants.add(joined.participant());
                names.put(joined.participant(), clips.get(i).name());
            }
            speak(clips, speakers, participants);
            awaitDelivery(listeners.size());
            view.end();
            sound.shutdown();
            sound.awaitTermination(30, TimeUnit.SECONDS);
            return report(listeners, mix);
        }
    }

    /** What each hop took, of the chunks that were spoken so far. */
    public HopTable hops() {
        return hops;
    }

    /** Probes the whole way, and speaks in another room, until the JVM has compiled what will be measured. */
    private void warmUp(List<SpeechClip> clips, List<VoiceClient> speakers, List<VoiceClient> ears) throws Exception {
        if (settings.warmUpSeconds() == 0) {
            return;
        }
        List<VoiceClient> all = new ArrayList<>(speakers);
        all.addAll(ears);
        for (VoiceClient client : all) {
            client.join(WARM_UP_ROOM, "warm-up").get(30, TimeUnit.SECONDS);
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(settings.warmUpSeconds());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clips.size(); i++) {
            Speech speech = new Speech(WARM_UP_ROOM, clips.get(i), speakers.get(i), null, 0);
            threads.add(start("warm-up-" + i, () -> speech.speakUntil(end)));
        }
        HopTable probes = new HopTable();
        while (System.nanoTime() < end) {
            List<CompletableFuture<ProbeTimes>> batch = new ArrayList<>();
            for (int i = 0; i < PROBES_AT_A_TIME; i++) {
                batch.add(ears.get(i % ears.size()).probe(WARM_UP_ROOM));
            }
            for (CompletableFuture<ProbeTimes> each : batch) {
                ProbeTimes probe = each.get(30, TimeUnit.SECONDS);
                probes.add(probe.sentUs(), probe.hops(), probe.receivedUs());
            }
            view.show(
                    String.format(
                            "warming up: %d probes, round trip p50 %.1f ms",
                            probes.count(), probes.ms(HopTable.Hop.WHOLE, 50)),
                    clock.millis());
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (VoiceClient client : all) {
            client.leave(WARM_UP_ROOM);
        }
        view.end();
    }

    private void speak(List<SpeechClip> clips, List<VoiceClient> speakers, List<String> participants)
            throws InterruptedException {
        int apartMs = settings.chunkMs() / clips.size();
        CountDownLatch speaking = new CountDownLatch(clips.size());
        for (int i = 0; i < clips.size(); i++) {
            Speech speech = new Speech(ROOM, clips.get(i), speakers.get(i), participants.get(i), i * apartMs);
            start("speaker-" + i, () -> {
                try {
                    speech.speakRounds(settings.rounds());
                } finally {
                    speaking.countDown();
                }
            });
        }
        while (!speaking.await(200, TimeUnit.MILLISECONDS)) {
            showProgress();
        }
    }

    private void awaitDelivery(int listeners) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.deliveryMs());
        while (ledger.deliveredCount() < ledger.sentCount() * listeners && System.nanoTime() < end) {
            showProgress();
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void showProgress() {
        view.show(
                String.format(
                        "sent %d, delivered %d to two listeners, whole way p50 %.0f ms",
                        ledger.sentCount(),
                        ledger.deliveredCount(),
                        hops.count() == 0 ? 0 : hops.ms(HopTable.Hop.WHOLE, 50)),
                clock.millis());
    }

    private boolean report(List<Listener> listeners, HeardMix mix) {
        List<String> labels = listeners.stream().map(listener -> listener.name).toList();
        Listener first = listeners.get(0);
        Listener second = listeners.get(1);
        boolean same = first.commonTicks(second).equals(second.commonTicks(first));
        long late = stack.events().events().stream()
                .map(event -> event.detail().path("reason").asText())
                .filter(reason -> reason.equals("late") || reason.equals("stale"))
                .count();
        out.println();
        DemoReport.print(
                out, ledger, labels, hops, new DemoReport.Counts(first.ticks.size(), same, chainBreaks.get(), late));
        boolean perfect = labels.stream().allMatch(ledger::isPerfect) && same && chainBreaks.get() == 0;
        out.println();
        out.printf("Heard: %s (%.1f s)%n", settings.heard(), mix.seconds());
        out.println(
                perfect
                        ? "Every frame came to every listener exactly once, in order, bit for bit."
                        : "NOT every frame came to every listener exactly once, in order, bit for bit.");
        return perfect;
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private long nowUs() {
        return Micros.now(clock);
    }

    private static String chunkKey(String participant, int sequence) {
        return participant + ':' + Integer.toUnsignedString(sequence);
    }

    /** One speaker saying its clip at the pace of speech. */
    private final class Speech {

        private final SpeechClip clip;
        private final SpeakerStream speaker;
        /** Null: not accounted for. */
        private final String participant;

        private final int offsetMs;

        Speech(String room, SpeechClip clip, VoiceClient client, String participant, int offsetMs) {
            this.clip = clip;
            this.participant = participant;
            this.offsetMs = offsetMs;
            speaker = client.speaker(room, Codec.OPUS, FRAME_US, settings.chunkMs() / Pcm.FRAME_MS)
                    .startingAt(START_SEQUENCE);
            if (participant != null) {
                speaker.traced();
            }
        }

        void speakRounds(int rounds) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(offsetMs));
            for (int round = 0; round < rounds; round++) {
                sayOnce(Long.MAX_VALUE);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(REST_MS));
            }
        }

        void speakUntil(long endNanos) {
            while (System.nanoTime() < endNanos) {
                sayOnce(endNanos);
            }
        }

        /** One talk spurt. */
        private void sayOnce(long endNanos) {
            int perChunk = settings.chunkMs() / Pcm.FRAME_MS;
            List<SpeechClip.Frame> frames = clip.frames();
            SpeechPace pace = new SpeechPace();
            for (int at = 0; at < frames.size() && System.nanoTime() < endNanos; at += perChunk) {
                pace.await(settings.chunkMs());
                send(frames.subList(at, Math.min(at + perChunk, frames.size())), at + perChunk >= frames.size());
            }
        }

        /** Gives the speaker stream one chunk's frames; with the last of them the chunk goes. */
        private void send(List<SpeechClip.Frame> frames, boolean endsSpurt) {
            long captureMs = clock.millis() - settings.chunkMs();
            if (participant != null) {
                sentUs.put(chunkKey(participant, (int) speaker.nextSequence()), nowUs());
            }
            for (int i = 0; i < frames.size(); i++) {
                SpeechClip.Frame frame = frames.get(i);
                if (participant != null) {
                    ledger.sent(participant, (int) speaker.nextSequence(), frame.payload());
                }
                if (endsSpurt && i == frames.size() - 1) {
                    speaker.lastFrame(frame.level(), frame.payload(), captureMs);
                } else {
                    speaker.frame(frame.level(), frame.payload(), captureMs);
                }
            }
        }
    }

    /** One listener: keeps account, and may mix what it hears into a file. */
    private final class Listener implements VoiceListener {

        private final String name;
        private final HeardMix mix;
        private final Map<String, String> ticks = new ConcurrentHashMap<>();
        private final Map<Integer, String> participants = new ConcurrentHashMap<>();

        Listener(String name, HeardMix mix) {
            this.name = name;
            this.mix = mix;
        }

        @Override
        public void onFrame(VoiceFrame frame) {
            if (!frame.room().equals(ROOM)) {
                return;
            }
            participants.put(frame.stream(), frame.participant());
            ledger.heard(name, frame.participant(), (int) frame.sequence(), frame.payload());
            if (mix != null) {
                long nowMs = clock.millis();
                sound.execute(
                        () -> mix.hear(frame.stream(), frame.codec(), frame.frameDurationUs(), frame.payload(), nowMs));
                view.level(names.getOrDefault(frame.participant(), "?"), frame.level());
            }
        }

        @Override
        public void onLost(LostFrames lost) {
            if (lost.room().equals(ROOM)) {
                ledger.lost(name, lost.count());
                if (mix != null) {
                    long nowMs = clock.millis();
                    sound.execute(() -> mix.conceal(
                            lost.speaker().stream(), lost.speaker().frameDurationUs(), (int) lost.count(), nowMs));
                }
            }
        }

        @Override
        public void onTick(VoiceTick tick) {
            if (!tick.room().equals(ROOM)) {
                return;
            }
            ticks.put(tick.epoch() + "/" + tick.tick(), HexFormat.of().formatHex(tick.hash()));
            tick.traces().forEach(trace -> {
                Long sent = sentUs.get(chunkKey(participants.get(trace.stream()), (int) trace.sequence()));
                if (sent != null) {
                    hops.add(sent, trace, tick.receivedUs());
                }
            });
        }

        @Override
        public void onChainBreak(String room, long epoch, long tick) {
            chainBreaks.incrementAndGet();
        }

        /** Of the ticks that both got, the hashes that this one got. */
        Map<String, String> commonTicks(Listener other) {
            Map<String, String> common = new TreeMap<>(ticks);
            common.keySet().retainAll(other.ticks.keySet());
            return common;
        }
    }

    /** Connects clients with credentials of their own, and closes them. */
    private final class Clients implements AutoCloseable {

        private final List<VoiceClient> open = new ArrayList<>();

        VoiceClient connect(String user, VoiceListener listener) throws Exception {
            VoiceClientOptions options = VoiceClientOptions.of(
                            URI.create(stack.credentials().url()))
                    .withApiKey(stack.credentials().apiKey())
                    .withTokens(TokenSource.fixed(stack.token(user)));
            VoiceClient client = VoiceClient.create(options, listener);
            open.add(client);
            client.connect().get(30, TimeUnit.SECONDS);
            return client;
        }

        @Override
        public void close() throws IOException {
            open.forEach(VoiceClient::close);
        }
    }
}
