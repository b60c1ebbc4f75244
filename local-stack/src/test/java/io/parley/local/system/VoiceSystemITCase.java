package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.parley.client.JoinedRoom;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceListener;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.Tick;
import io.parley.job.JobOptions.StreamReader;
import io.parley.local.gateway.Impairment;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The whole system, with real sockets, AWS APIs and the Flink job: what three clients send over a bad network is what
 * two listeners get.
 */
class VoiceSystemITCase {

    private static final String ROOM = "itcase";
    private static final int CHUNKS = 20;
    private static final int FRAMES = 5;
    /** This chunk of each speaker is never sent. */
    private static final int GAP = 8;

    @ParameterizedTest
    @EnumSource(StreamReader.class)
    void deliversWhatWasSentInOneOrderAndKeepsAndReportsEveryChunk(StreamReader reader) throws Exception {
        StackOptions options = StackOptions.onFreePorts()
                .withStream(reader, 2)
                .withArchive(ArchiveMode.BOTH, EventGranularity.CHUNK)
                .withImpairment(Impairment.parse("jitter=120ms,duplicate=10%,seed=20261123"))
                .withRoomSettings(Map.of(
                        "room.max-hold-ms", "3000",
                        "room.max-held-frames", "500",
                        "room.playout-deadline-ms", "30000"));
        try (LocalStack stack = LocalStack.start(options)) {
            Ear first = new Ear();
            Ear second = new Ear();
            List<VoiceClient> clients = new ArrayList<>();
            for (Ear ear : List.of(first, second)) {
                VoiceClient client = Player.connect(stack, "ear-" + clients.size(), ear);
                clients.add(client);
                client.join(ROOM, "ear").get(30, TimeUnit.SECONDS);
            }
            Map<String, byte[]> chunksSent = new ConcurrentHashMap<>();
            Map<String, List<Integer>> expected = new LinkedHashMap<>();
            for (int speaker = 0; speaker < 3; speaker++) {
                VoiceClient client = Player.connect(stack, "speaker-" + speaker, new VoiceListener() {});
                clients.add(client);
                JoinedRoom joined = client.join(ROOM, "speaker").get(30, TimeUnit.SECONDS);
                expected.put(joined.participant(), speak(client, joined.participant(), speaker * 1_000, chunksSent));
            }
            for (Ear ear : List.of(first, second)) {
                Eventually.until(
                        "all frames come to a listener, and the losses are declared",
                        () -> ear.frames() == 3 * (CHUNKS - 1) * FRAMES && ear.losses() == 3 * FRAMES);
                assertThat(ear.sequences).isEqualTo(expected);
                assertThat(ear.altered).isEmpty();
                assertThat(ear.chainBreaks()).isZero();
            }
            assertSameTicks(first, second);
            assertArchived(stack, chunksSent);
            assertLogged(stack, expected);
            assertReported(stack, chunksSent.keySet());
            clients.forEach(VoiceClient::close);
            Eventually.until("the connections table is empty", () -> stack.connectionItems() == 0);
        }
    }

    /** Sends all chunks but one; the network does the rest. Gives the numbers that must arrive. */
    private static List<Integer> speak(
            VoiceClient client, String participant, int firstSequence, Map<String, byte[]> chunksSent)
            throws Exception {
        List<Integer> sent = new ArrayList<>();
        for (int c = 0; c < CHUNKS; c++) {
            int sequence = firstSequence + c * FRAMES;
            if (c == GAP) {
                continue;
            }
            ChunkBuilder chunk = new ChunkBuilder(Codec.OPUS, 20_000, sequence, (long) c * FRAMES, 0);
            for (int f = 0; f < FRAMES; f++) {
                chunk.frame(30, Ear.payload(participant, sequence + f));
                sent.add(sequence + f);
            }
            if (c == CHUNKS - 1) {
                chunk.flag(Chunk.FLAG_END_OF_SPURT);
            }
            byte[] bytes = chunk.build();
            chunksSent.put(participant + ":" + sequence, bytes);
            client.sendChunk(ROOM, bytes);
            // The pace of speech, so that the impairment reorders neighbours and the rate is a speaker's.
            TimeUnit.MILLISECONDS.sleep(40);
        }
        return sent;
    }

    private static void assertSameTicks(Ear first, Ear second) {
        Set<String> both = new HashSet<>(first.ticks.keySet());
        both.retainAll(second.ticks.keySet());
        assertThat(both).hasSizeGreaterThan(10);
        both.forEach(tick -> assertThat(first.ticks.get(tick)).isEqualTo(second.ticks.get(tick)));
    }

    /** Every chunk that was sent lies in S3, sealed; what is sealed opens to the very bytes. */
    private static void assertArchived(LocalStack stack, Map<String, byte[]> chunksSent) throws Exception {
        Archive archive = new Archive(stack);
        // The voice does not wait for its archive.
        Eventually.until("every chunk is kept", () -> archived(archive).keySet().equals(chunksSent.keySet()));
        Map<String, byte[]> archived = archived(archive);
        chunksSent.forEach((chunk, bytes) -> assertThat(archived.get(chunk)).isEqualTo(bytes));
    }

    private static Map<String, byte[]> archived(Archive archive) throws Exception {
        Map<String, byte[]> archived = new HashMap<>();
        for (String key : archive.list(ROOM + "/")) {
            assertThat(new String(archive.sealed(key), StandardCharsets.ISO_8859_1))
                    .doesNotContain("voice of");
            byte[] opened = archive.opened(key);
            String[] parts = key.split("/");
            String participant = parts[parts.length - 2];
            int sequence = Chunk.parse(opened).sequence();
            archived.put(participant + ":" + Integer.toUnsignedString(sequence), opened);
        }
        return archived;
    }

    /** After the next checkpoint the tick log holds what listeners got, and its chain is whole. */
    private static void assertLogged(LocalStack stack, Map<String, List<Integer>> expected) throws Exception {
        Archive archive = new Archive(stack);
        Eventually.until(
                "the tick log holds all that was played",
                () -> archive.framesInLog(ROOM).equals(expected));
        ByteString previous = null;
        TickHash hash = new TickHash();
        for (Tick tick : archive.ticksInLog(ROOM)) {
            assertThat(hash.hash(tick)).isEqualTo(tick.getHash());
            if (previous != null) {
                assertThat(tick.getPreviousHash()).isEqualTo(previous);
            }
            previous = tick.getHash();
        }
    }

    /**
     * EventBridge saw PENDING, PROCESSING and COMPLETED for each chunk, each after the one before by its own time: the
     * bus promises no order. A message that the network doubled is taken in twice, but sequenced and broadcast once.
     */
    private static void assertReported(LocalStack stack, Set<String> chunks) throws Exception {
        Eventually.until(
                "all chunks are reported, from taken in to completed",
                () -> statusTimes(stack).values().stream()
                                .filter(times -> times.size() == 3)
                                .count()
                        == chunks.size());
        Map<String, Map<String, Long>> chunkTimes = statusTimes(stack);
        assertThat(chunkTimes.keySet()).isEqualTo(chunks);
        chunkTimes.forEach((chunk, times) -> {
            assertThat(times).as(chunk).containsOnlyKeys("PENDING", "PROCESSING", "COMPLETED");
            assertThat(times.get("PENDING")).isLessThanOrEqualTo(times.get("PROCESSING"));
            assertThat(times.get("PROCESSING")).isLessThanOrEqualTo(times.get("COMPLETED"));
        });
    }

    /** Of each chunk, when it first had which status. */
    private static Map<String, Map<String, Long>> statusTimes(LocalStack stack) {
        Map<String, Map<String, Long>> chunkTimes = new HashMap<>();
        stack.events().events().forEach(event -> {
            JsonNode message = event.detail().path("message");
            if (message.path("room").asText().equals(ROOM)) {
                String chunk = message.path("author").asText() + ":"
                        + message.path("sequence").asLong();
                chunkTimes
                        .computeIfAbsent(chunk, key -> new HashMap<>())
                        .merge(
                                event.detail().path("status").asText(),
                                event.detail().path("timestamp").asLong(),
                                Math::min);
            }
        });
        return chunkTimes;
    }
}
