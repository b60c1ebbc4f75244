package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.envelope.Envelope;
import io.parley.core.error.ErrorCode;
import io.parley.core.event.SendAudioEvent;
import io.parley.core.event.SendAudioEvent.Status;
import io.parley.core.options.EventGranularity;
import io.parley.core.room.Member;
import io.parley.core.room.RoomSetting;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.StreamRecord;
import io.parley.ingest.IngestMetrics.Counter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class IngestChunkTest {

    private static final Permissions SPEAKER =
            Permissions.newBuilder().setSpeak(true).setListen(true).build();
    private static final byte[] OPUS_20_MS = {(byte) 0xF8, 1, 2, 3};

    private final FakeSystem system = new FakeSystem().joined("lobby", SPEAKER);

    @Test
    void tellsWhenAChunkPassedEachHopWhereItsClientAskedForIt() {
        ingest(EventGranularity.UTTERANCE, false, message("lobby", chunk(7, 0, Chunk.FLAG_TRACE)));

        StreamRecord record = system.records.get(0);
        assertThat(record.getTrace().getGatewayUs()).isEqualTo((MovableClock.START_MS - 3) * 1_000);
        assertThat(record.getTrace().getIngestUs()).isEqualTo(MovableClock.START_MS * 1_000);
        assertThat(record.getTrace().getStreamUs()).isEqualTo(MovableClock.START_MS * 1_000);
    }

    @Test
    void putsTheChunkAsItIsWithWhoSaidItAndWhen() {
        byte[] chunk = chunk(7, 0, 0);
        Ingested ingested = ingest(EventGranularity.UTTERANCE, false, message("lobby", chunk));

        assertThat(ingested).isEqualTo(Ingested.TAKEN);
        StreamRecord record = system.records.get(0);
        assertThat(record.getVersion()).isEqualTo(1);
        assertThat(record.getKind()).isEqualTo(StreamRecord.Kind.AUDIO);
        assertThat(record.getRoom()).isEqualTo("lobby");
        assertThat(record.getParticipant()).isEqualTo("ann");
        assertThat(record.getConnection()).isEqualTo(FakeSystem.CONNECTION);
        assertThat(record.getRequestId()).isEqualTo("request-1");
        assertThat(record.getArrivalTimeMs()).isEqualTo(MovableClock.START_MS - 3);
        assertThat(record.getChunk().toByteArray()).isEqualTo(chunk);
        assertThat(record.getPermissions()).isEqualTo(SPEAKER);
        assertThat(record.getControlVersion()).isEqualTo(101);
        assertThat(record.hasTrace()).as("its client did not ask for hop times").isFalse();
        assertThat(system.posts).isEmpty();
        system.metrics.report();
        assertThat(system.metricLines)
                .singleElement()
                .asString()
                .contains("\"framesTaken\":1")
                .endsWith(",\"takenInMs\":[3]}");
    }

    @Test
    void primingReadsAMembershipAndDoesNothingElse() {
        system.ingestChunk(EventGranularity.CHUNK, true).prime();

        assertThat(system.metrics.count(Counter.MEMBERSHIP_READS)).isEqualTo(1);
        assertThat(system.calls).isEmpty();
        assertThat(system.records).isEmpty();
        assertThat(system.posts).isEmpty();
        assertThat(system.events).isEmpty();
    }

    @Test
    void beginsNothingBeforeThePutToTheStream() {
        ingest(EventGranularity.CHUNK, true, message("lobby", chunk(7, 0, 0)));

        assertThat(system.calls).containsExactly("stream", "keys", "objects", "events");
    }

    @Test
    void waitsForNothingBeforeThePutAndForAllAtTheEnd() throws Exception {
        system.keyGate = new CompletableFuture<>();
        CountDownLatch put = new CountDownLatch(1);
        IngestChunk ingestChunk = new IngestChunk(
                new MembershipCache(system.rooms, system.clock, system.metrics),
                record -> {
                    put.countDown();
                    return CompletableFuture.completedFuture(null);
                },
                new ChunkArchive(system.objectStore(), system.keys(), new SecureRandom(), system.clock, system.metrics),
                new StatusEvents(system.publisher(), EventGranularity.CHUNK, system.clock, system.metrics),
                system.answers(),
                system.clock,
                system.metrics);
        CompletableFuture<Ingested> ingested = CompletableFuture.supplyAsync(
                () -> ingestChunk.ingest(system.sender("sendaudio"), message("lobby", chunk(7, 0, 0))));

        put.await();
        assertThat(ingested).isNotDone();
        assertThat(system.objects).isEmpty();
        system.keyGate.complete(null);
        assertThat(ingested.join()).isEqualTo(Ingested.TAKEN);
        assertThat(system.objects).hasSize(1);
    }

    @Test
    void keepsTheChunkSealedUnderItsKey() {
        byte[] chunk = chunk(7, 0, 0);
        ingest(EventGranularity.CHUNK, true, message("lobby", chunk));

        String key = "lobby/2023/11/14/22/ann/" + (MovableClock.START_MS - 3) + "-c1=-7";
        assertThat(system.objects).containsOnlyKeys(key);
        byte[] sealed = system.objects.get(key);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1))
                .doesNotContain(new String(chunk, StandardCharsets.ISO_8859_1));
        assertThat(Envelope.open(key, sealed, wrapped -> new byte[32])).isEqualTo(chunk);
        assertThat(system.events.get(0).objectKey()).isEqualTo(key);
    }

    @Test
    void keepsNothingWhereChunksAreNotKept() {
        ingest(EventGranularity.CHUNK, false, message("lobby", chunk(7, 0, 0)));

        assertThat(system.objects).isEmpty();
        assertThat(system.calls).doesNotContain("keys");
        assertThat(system.events.get(0).objectKey()).isEmpty();
    }

    @Test
    void reportsFirstAndLastChunkOfASpurt() {
        IngestChunk ingestChunk = system.ingestChunk(EventGranularity.UTTERANCE, false);
        for (int i = 0; i < 20; i++) {
            int flags = i == 19 ? Chunk.FLAG_END_OF_SPURT : 0;
            ingestChunk.ingest(system.sender("sendaudio"), message("lobby", chunk(i, i, flags)));
            system.clock.advance(100);
        }

        assertThat(system.events).extracting(SendAudioEvent::status).containsExactly(Status.PENDING, Status.PENDING);
        assertThat(system.events).extracting(SendAudioEvent::sequence).containsExactly(0, 19);
        assertThat(system.records)
                .filteredOn(StreamRecord::getReportStatus)
                .extracting(
                        record -> Chunk.parse(record.getChunk().toByteArray()).sequence())
                .containsExactly(0, 19);
    }

    @Test
    void reportsOneChunkASecondHoweverShortTheSpurts() {
        IngestChunk ingestChunk = system.ingestChunk(EventGranularity.UTTERANCE, false);
        for (int i = 0; i < 25; i++) {
            ingestChunk.ingest(system.sender("sendaudio"), message("lobby", chunk(i, 0, Chunk.FLAG_END_OF_SPURT)));
            system.clock.advance(100);
        }

        assertThat(system.events).hasSize(3);
        assertThat(system.records.stream().filter(StreamRecord::getReportStatus))
                .hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(
            value = EventGranularity.class,
            names = {"CHUNK", "NONE"})
    void reportsEveryChunkOrNone(EventGranularity granularity) {
        IngestChunk ingestChunk = system.ingestChunk(granularity, false);
        for (int i = 0; i < 5; i++) {
            ingestChunk.ingest(system.sender("sendaudio"), message("lobby", chunk(i, i, 0)));
        }

        boolean all = granularity == EventGranularity.CHUNK;
        assertThat(system.events).hasSize(all ? 5 : 0);
        assertThat(system.records).allMatch(record -> record.getReportStatus() == all);
    }

    @Test
    void saysSoWhenTheVoiceStreamIsAway() {
        system.away.add("stream");
        Ingested ingested = ingest(EventGranularity.CHUNK, false, message("lobby", chunk(7, 0, 0)));

        assertThat(ingested.refusal()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(system.events).extracting(SendAudioEvent::status).containsExactly(Status.PENDING, Status.FAILED);
        assertThat(system.events.get(1).reason()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(onlyPost().get("code").asText()).isEqualTo("unavailable");
        assertThat(onlyPost().get("retryAfterMs").asInt()).isEqualTo(1_000);
        assertThat(system.metrics.count(Counter.STREAM_FAILURES)).isEqualTo(1);
        assertThat(system.metrics.count(Counter.CHUNKS_TAKEN)).isZero();
    }

    @Test
    void letsTheVoiceThroughWhenItCannotBeKept() {
        system.away.add("objects");
        Ingested ingested = ingest(EventGranularity.CHUNK, true, message("lobby", chunk(7, 0, 0)));

        assertThat(ingested).isEqualTo(new Ingested(null, false, true));
        assertThat(system.records).hasSize(1);
        assertThat(system.events).extracting(SendAudioEvent::status).containsExactly(Status.PENDING);
        assertThat(system.posts).isEmpty();
        assertThat(system.metrics.count(Counter.ARCHIVE_FAILURES)).isEqualTo(1);
    }

    @Test
    void letsTheVoiceThroughWithoutADataKey() {
        system.away.add("keys");
        Ingested ingested = ingest(EventGranularity.NONE, true, message("lobby", chunk(7, 0, 0)));

        assertThat(ingested).isEqualTo(new Ingested(null, false, true));
        assertThat(system.records).hasSize(1);
    }

    @Test
    void letsTheVoiceThroughWhenTheBusIsAwayOrRefuses() {
        system.away.add("events");
        assertThat(ingest(EventGranularity.CHUNK, false, message("lobby", chunk(7, 0, 0))))
                .isEqualTo(new Ingested(null, true, false));
        system.away.clear();
        system.refusedEvents = 1;
        assertThat(ingest(EventGranularity.CHUNK, false, message("lobby", chunk(8, 1, 0))))
                .isEqualTo(new Ingested(null, true, false));

        assertThat(system.records).hasSize(2);
        assertThat(system.metrics.count(Counter.EVENT_FAILURES)).isEqualTo(2);
    }

    static Stream<Arguments> badMessages() {
        byte[] good = chunk(7, 0, 0);
        byte[] future = good.clone();
        future[0] = 2;
        byte[] codec = good.clone();
        codec[1] = 9;
        byte[] flags = good.clone();
        flags[2] = 64;
        byte[] toc = new ChunkBuilder(Codec.OPUS, 10_000, 7, 0, 1)
                .frame(20, OPUS_20_MS)
                .build();
        ChunkBuilder tooLong = new ChunkBuilder(Codec.OPUS, 20_000, 7, 0, 1);
        for (int i = 0; i < 11; i++) {
            tooLong.frame(20, OPUS_20_MS);
        }
        return Stream.of(
                Arguments.of(ErrorCode.BAD_JSON, null),
                Arguments.of(ErrorCode.BAD_JSON, ""),
                Arguments.of(ErrorCode.BAD_JSON, "hello"),
                Arguments.of(ErrorCode.BAD_JSON, "[1]"),
                Arguments.of(ErrorCode.BAD_JSON, "{\"action\":\"sendaudio\""),
                Arguments.of(ErrorCode.BAD_JSON, message("lobby", good) + "{}"),
                Arguments.of(ErrorCode.BAD_FIELD, "{\"action\":\"sendaudio\",\"room\":\"lobby\"}"),
                Arguments.of(ErrorCode.BAD_FIELD, "{\"action\":\"sendaudio\",\"chunk\":\"AAAA\"}"),
                Arguments.of(ErrorCode.BAD_FIELD, "{\"action\":\"sendaudio\",\"room\":7,\"chunk\":\"AAAA\"}"),
                Arguments.of(ErrorCode.BAD_FIELD, "{\"room\":\"lobby\",\"chunk\":{\"a\":[1]}}"),
                Arguments.of(ErrorCode.BAD_ROOM, message("lob/by", good)),
                Arguments.of(ErrorCode.MESSAGE_TOO_LARGE, "{\"x\":\"" + "x".repeat(30_000) + "\"}"),
                Arguments.of(ErrorCode.MESSAGE_TOO_LARGE, "{\"x\":\"" + "é".repeat(15_000) + "\"}"),
                Arguments.of(ErrorCode.BAD_BASE64, "{\"room\":\"lobby\",\"chunk\":\"*not base64*\"}"),
                Arguments.of(ErrorCode.CHUNK_TRUNCATED, message("lobby", new byte[0])),
                Arguments.of(ErrorCode.CHUNK_TRUNCATED, message("lobby", Arrays.copyOf(good, 10))),
                Arguments.of(ErrorCode.CHUNK_TRUNCATED, message("lobby", Arrays.copyOf(good, good.length - 1))),
                Arguments.of(ErrorCode.CHUNK_TRUNCATED, message("lobby", Arrays.copyOf(good, good.length + 1))),
                Arguments.of(ErrorCode.CHUNK_VERSION, message("lobby", future)),
                Arguments.of(ErrorCode.CHUNK_CODEC, message("lobby", codec)),
                Arguments.of(ErrorCode.CHUNK_FLAGS, message("lobby", flags)),
                Arguments.of(ErrorCode.CHUNK_DURATION, message("lobby", tooLong.build())),
                Arguments.of(ErrorCode.FRAME_TOC, message("lobby", toc)),
                Arguments.of(ErrorCode.NOT_JOINED, message("elsewhere", good)));
    }

    @ParameterizedTest
    @MethodSource("badMessages")
    void refusesABadMessageWithItsCodeAndDisturbsNothing(ErrorCode code, String body) {
        Ingested ingested = ingest(EventGranularity.UTTERANCE, true, body);

        assertThat(ingested.refusal()).isEqualTo(code);
        assertThat(system.records).isEmpty();
        assertThat(system.objects).isEmpty();
        assertThat(system.metrics.refusals(code)).isEqualTo(1);
        assertThat(onlyPost().get("action").asText()).isEqualTo("error");
        assertThat(onlyPost().get("code").asText()).isEqualTo(code.code());
        assertThat(onlyPost().get("text").asText()).isEqualTo(code.cause());
        assertThat(onlyPost().get("for").asText()).isEqualTo("sendaudio");
        assertThat(onlyPost().get("requestId").asText()).isEqualTo("request-1");
        assertThat(system.events).singleElement().satisfies(event -> {
            assertThat(event.status()).isEqualTo(Status.FAILED);
            assertThat(event.reason()).isEqualTo(code);
            assertThat(event.participant()).isEqualTo("ann");
        });
    }

    @Test
    void returnsTheMessagesOwnIdWithItsError() {
        ingest(EventGranularity.NONE, false, "{\"id\":\"m-1\",\"room\":\"lobby\",\"chunk\":\"*\"}");

        assertThat(onlyPost().get("id").asText()).isEqualTo("m-1");
        assertThat(onlyPost().get("room").asText()).isEqualTo("lobby");
    }

    @Test
    void neverStoresWhatAMutedOneSays() {
        system.muted("lobby", SPEAKER);
        Ingested ingested = ingest(EventGranularity.CHUNK, true, message("lobby", chunk(7, 0, 0)));

        assertThat(ingested.refusal()).isEqualTo(ErrorCode.MUTED);
        assertThat(system.records).isEmpty();
        assertThat(system.objects).isEmpty();
        assertThat(onlyPost().get("code").asText()).isEqualTo("muted");
        assertThat(system.events.get(0).format()).isEqualTo("opus");
    }

    @Test
    void refusesWhoWasNotGrantedToSpeak() {
        system.joined("lobby", Permissions.newBuilder().setListen(true).build());
        assertThat(ingest(EventGranularity.NONE, true, message("lobby", chunk(7, 0, 0)))
                        .refusal())
                .isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(system.objects).isEmpty();
    }

    @Test
    void takesOnlyModeratorsWhereTheRoomIsMuted() {
        set(RoomSetting.MUTED, true);
        assertThat(ingest(EventGranularity.NONE, true, message("lobby", chunk(7, 0, 0)))
                        .refusal())
                .isEqualTo(ErrorCode.MUTED);
        system.joined("lobby", SPEAKER.toBuilder().setModerate(true).build());
        assertThat(ingest(EventGranularity.NONE, true, message("lobby", chunk(7, 0, 0))))
                .isEqualTo(Ingested.TAKEN);
    }

    @Test
    void takesOnlyPushToTalkWhereTheRoomAsksForIt() {
        set(RoomSetting.PUSH_TO_TALK, true);
        assertThat(ingest(EventGranularity.NONE, true, message("lobby", chunk(7, 0, 0)))
                        .refusal())
                .isEqualTo(ErrorCode.PUSH_TO_TALK);
        assertThat(system.objects).isEmpty();
        assertThat(ingest(EventGranularity.NONE, true, message("lobby", chunk(7, 0, Chunk.FLAG_PUSH_TO_TALK))))
                .isEqualTo(Ingested.TAKEN);
    }

    @Test
    void keepsNothingOfARoomThatIsNotRecorded() {
        set(RoomSetting.RECORDING, false);
        assertThat(ingest(EventGranularity.CHUNK, true, message("lobby", chunk(7, 0, 0))))
                .isEqualTo(Ingested.TAKEN);

        assertThat(system.records).hasSize(1);
        assertThat(system.objects).isEmpty();
        assertThat(system.calls).doesNotContain("keys", "objects");
        assertThat(system.events.get(0).objectKey()).isEmpty();
    }

    @Test
    void takesNothingOnceTheGrantHasEndedThoughItWasReadBefore() {
        system.members.put(
                "lobby" + FakeSystem.CONNECTION,
                new Member("ann", FakeSystem.CONNECTION, "Ann", SPEAKER, 1, MovableClock.START_MS + 500));
        IngestChunk ingestChunk = system.ingestChunk(EventGranularity.NONE, false);
        String message = message("lobby", chunk(0, 0, 0));
        assertThat(ingestChunk.ingest(system.sender("audio"), message)).isEqualTo(Ingested.TAKEN);
        system.clock.advance(500);

        assertThat(ingestChunk.ingest(system.sender("audio"), message).refusal())
                .isEqualTo(ErrorCode.NOT_JOINED);
    }

    private void set(RoomSetting setting, boolean on) {
        system.rooms.settings = system.rooms.settings.with(Map.of(setting, on));
    }

    @Test
    void refusesWhoCameInWithoutAnAuthorizer() {
        Sender nobody = new Sender("c9", null, "r", "sendaudio", "", "", 1, 1, 0);
        Ingested ingested =
                system.ingestChunk(EventGranularity.NONE, false).ingest(nobody, message("lobby", chunk(7, 0, 0)));

        assertThat(ingested.refusal()).isEqualTo(ErrorCode.UNAUTHORIZED);
    }

    @Test
    void saysUnavailableWhenItCannotReadWhoIsInTheRoom() {
        system.away.add("registry");
        assertThat(ingest(EventGranularity.NONE, false, message("lobby", chunk(7, 0, 0)))
                        .refusal())
                .isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void tellsAConnectionOfOneErrorASecondButCountsThemAll() {
        IngestChunk ingestChunk = system.ingestChunk(EventGranularity.NONE, false);
        for (int i = 0; i < 15; i++) {
            ingestChunk.ingest(system.sender("sendaudio"), "nonsense");
            system.clock.advance(100);
        }
        ingestChunk.ingest(system.sender("c2=", "sendaudio"), "nonsense");

        assertThat(system.posts).hasSize(3);
        assertThat(system.events).hasSize(3);
        assertThat(system.metrics.refusals(ErrorCode.BAD_JSON)).isEqualTo(16);
        assertThat(system.metrics.count(Counter.ERRORS_WITHHELD)).isEqualTo(13);
    }

    @Test
    void goesOnWhenAnErrorCannotBePosted() {
        system.away.add("poster");
        assertThat(ingest(EventGranularity.NONE, false, "nonsense").refusal()).isEqualTo(ErrorCode.BAD_JSON);
        assertThat(system.metrics.count(Counter.POST_FAILURES)).isEqualTo(1);
    }

    @Test
    void readsAMembershipOnceASecond() {
        IngestChunk ingestChunk = system.ingestChunk(EventGranularity.NONE, false);
        for (int i = 0; i < 25; i++) {
            ingestChunk.ingest(system.sender("sendaudio"), message("lobby", chunk(i, i, 0)));
            system.clock.advance(100);
        }

        // The first, and after 0.8, 1.6 and 2.4 s.
        assertThat(system.memberReads).isEqualTo(4);
        assertThat(system.records).hasSize(25);
    }

    @Test
    void aMembershipThatIsSoonTooOldIsReadWhileTheStreamAnswers() {
        IngestChunk ingestChunk = system.ingestChunk(EventGranularity.NONE, false);
        ingestChunk.ingest(system.sender("sendaudio"), message("lobby", chunk(0, 0, 0)));
        system.calls.clear();
        system.clock.advance(MembershipCache.REFRESH_AGE_MS);
        CompletableFuture<Void> stream = new CompletableFuture<>();
        system.streamGate = stream;
        system.onMemberRead = () -> {
            assertThat(system.calls).containsExactly("stream");
            stream.complete(null);
        };

        assertThat(ingestChunk.ingest(system.sender("sendaudio"), message("lobby", chunk(1, 1, 0))))
                .isEqualTo(Ingested.TAKEN);

        assertThat(system.memberReads).isEqualTo(2);
        // Too old by now, had it not been read again.
        system.clock.advance(MembershipCache.REFRESH_AGE_MS - 1);
        ingestChunk.ingest(system.sender("sendaudio"), message("lobby", chunk(2, 2, 0)));
        assertThat(system.memberReads).isEqualTo(2);
    }

    @Test
    void aMembershipThatCannotBeReadAheadServesUntilItIsTooOld() {
        IngestChunk ingestChunk = system.ingestChunk(EventGranularity.NONE, false);
        ingestChunk.ingest(system.sender("sendaudio"), message("lobby", chunk(0, 0, 0)));
        system.away.add("registry");
        system.clock.advance(MembershipCache.REFRESH_AGE_MS);

        assertThat(ingestChunk.ingest(system.sender("sendaudio"), message("lobby", chunk(1, 1, 0))))
                .isEqualTo(Ingested.TAKEN);
        system.clock.advance(MembershipCache.MAX_AGE_MS - MembershipCache.REFRESH_AGE_MS);
        assertThat(ingestChunk
                        .ingest(system.sender("sendaudio"), message("lobby", chunk(2, 2, 0)))
                        .refusal())
                .isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void obeysAMuteWithinASecond() {
        IngestChunk ingestChunk = system.ingestChunk(EventGranularity.NONE, false);
        ingestChunk.ingest(system.sender("sendaudio"), message("lobby", chunk(0, 0, 0)));
        system.muted("lobby", SPEAKER);
        system.clock.advance(MembershipCache.MAX_AGE_MS);

        assertThat(ingestChunk
                        .ingest(system.sender("sendaudio"), message("lobby", chunk(1, 1, 0)))
                        .refusal())
                .isEqualTo(ErrorCode.MUTED);
    }

    @Test
    void hearsAtOnceWhoJoinsAfterARefusal() {
        FakeSystem empty = new FakeSystem().connected();
        IngestChunk ingestChunk = empty.ingestChunk(EventGranularity.NONE, false);
        String message = message("lobby", chunk(0, 0, 0));
        assertThat(ingestChunk.ingest(empty.sender("audio"), message).refusal()).isEqualTo(ErrorCode.NOT_JOINED);
        empty.joined("lobby", SPEAKER);

        assertThat(ingestChunk.ingest(empty.sender("audio"), message)).isEqualTo(Ingested.TAKEN);
    }

    private Ingested ingest(EventGranularity granularity, boolean keepsChunks, String body) {
        return system.ingestChunk(granularity, keepsChunks).ingest(system.sender("sendaudio"), body);
    }

    private JsonNode onlyPost() {
        assertThat(system.posts).hasSize(1);
        return system.posts.get(0);
    }

    private static byte[] chunk(int sequence, int offset, int flags) {
        return new ChunkBuilder(Codec.OPUS, 20_000, sequence, offset, 1_700_000_000_000L)
                .flag(flags)
                .frame(20, OPUS_20_MS)
                .build();
    }

    private static String message(String room, byte[] chunk) {
        return "{\"action\":\"sendaudio\",\"room\":\"" + room + "\",\"chunk\":\""
                + Base64.getEncoder().encodeToString(chunk) + "\"}";
    }
}
