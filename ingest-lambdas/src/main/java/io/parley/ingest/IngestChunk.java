package io.parley.ingest;

import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.FailureLog;
import io.parley.core.error.ParleyException;
import io.parley.core.port.VoiceStream;
import io.parley.core.record.Micros;
import io.parley.core.room.Member;
import io.parley.core.room.Membership;
import io.parley.core.room.RoomSetting;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Trace;
import io.parley.ingest.IngestMetrics.Counter;
import java.time.Clock;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in one chunk: checks it, and puts it to the voice stream before anything else is begun. Its object and its
 * event are made beside that, and what goes wrong with them does not hold the voice up. Per-frame code. Thread safe;
 * blocks until all is done, since Lambda stops the process when the handler returns.
 */
final class IngestChunk {

    private static final Logger LOG = LoggerFactory.getLogger(IngestChunk.class);
    private static final CompletableFuture<Boolean> NOTHING_TO_DO = CompletableFuture.completedFuture(true);

    /** A room may have that name, but no connection: API Gateway makes theirs, and they are longer. */
    private static final String NOBODY = "-";
    /** CELT, 20 ms, and nothing in it: RFC 6716, 3.1. */
    private static final byte[] SILENCE = {(byte) 0xF8};

    private final MembershipCache members;
    private final VoiceStream stream;
    private final ChunkArchive archive;
    private final StatusEvents events;
    private final ClientAnswers answers;
    private final Clock clock;
    private final IngestMetrics metrics;
    private final FailureLog failures;

    /** @param archive null where chunks are not kept */
    IngestChunk(
            MembershipCache members,
            VoiceStream stream,
            ChunkArchive archive,
            StatusEvents events,
            ClientAnswers answers,
            Clock clock,
            IngestMetrics metrics) {
        this.members = Objects.requireNonNull(members);
        this.stream = Objects.requireNonNull(stream);
        this.archive = archive;
        this.events = Objects.requireNonNull(events);
        this.answers = Objects.requireNonNull(answers);
        this.clock = Objects.requireNonNull(clock);
        this.metrics = Objects.requireNonNull(metrics);
        this.failures = FailureLog.ofLines(clock::millis, LOG::warn);
    }

    /**
     * Reads a chunk of nobody, and that nobody is in a room: what is loaded and connected now the first speaker does not
     * wait for. Changes nothing; what fails will fail again, and be told, when it matters.
     */
    void prime() {
        try {
            String sample = Base64.getEncoder()
                    .encodeToString(new ChunkBuilder(Codec.OPUS, 20_000, 0, 0, 0)
                            .frame(127, SILENCE)
                            .build());
            ClientMessage message = ClientMessage.read(
                    "{\"action\":\"sendaudio\",\"room\":\"" + NOBODY + "\",\"chunk\":\"" + sample + "\"}");
            message.check();
            StreamRecord.newBuilder()
                    .setChunk(Chunk.parse(decode(message.requireChunk())).content())
                    .build()
                    .toByteArray();
            members.find(message.requireRoom(), NOBODY, NOBODY);
        } catch (RuntimeException e) {
            LOG.warn("the process could not be primed", e);
        }
    }

    Ingested ingest(Sender sender, String body) {
        long ingestUs = Micros.now(clock);
        ClientMessage message = ClientMessage.read(body);
        Chunk chunk = null;
        Membership speaker;
        try {
            message.check();
            String room = message.requireRoom();
            chunk = Chunk.parse(decode(message.requireChunk()));
            speaker = requireSpeaker(sender, room, chunk);
        } catch (ParleyException e) {
            return refuse(sender, message, message.validRoom(), chunk, e.code());
        } catch (RuntimeException e) {
            LOG.error("a chunk could not be checked", e);
            return refuse(sender, message, message.validRoom(), chunk, ErrorCode.INTERNAL);
        }
        return take(sender, message, message.requireRoom(), chunk, speaker, false, ingestUs);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ParleyException(ErrorCode.BAD_BASE64, base64.length() + " characters");
        }
    }

    /** Who speaks, as a member of the room; throws a {@link ParleyException} if it may not say that chunk. */
    Membership requireSpeaker(Sender sender, String room, Chunk chunk) {
        if (sender.participant() == null) {
            throw new ParleyException(ErrorCode.UNAUTHORIZED, "the route has no authorizer");
        }
        Membership membership = members.find(room, sender.participant(), sender.connection());
        if (membership == null || membership.member().expiresAtMs() <= clock.millis()) {
            throw new ParleyException(ErrorCode.NOT_JOINED, "not in that room");
        }
        Member member = membership.member();
        if (!member.grant().getSpeak()) {
            throw new ParleyException(ErrorCode.NOT_ALLOWED, "was not granted to speak");
        }
        if (!member.permissions().getSpeak()) {
            throw new ParleyException(ErrorCode.MUTED, "may not speak");
        }
        if (membership.settings().is(RoomSetting.PUSH_TO_TALK) && !chunk.isPushToTalk()) {
            throw new ParleyException(ErrorCode.PUSH_TO_TALK, "without the flag");
        }
        return membership;
    }

    /**
     * Takes a chunk that may be taken.
     *
     * @param unnumbered whether the chunk's numbers mean nothing
     * @param ingestUs when its ingest began
     */
    Ingested take(
            Sender sender,
            ClientMessage message,
            String room,
            Chunk chunk,
            Membership speaker,
            boolean unnumbered,
            long ingestUs) {
        boolean reported = events.report(sender, chunk);
        StreamRecord record = record(sender, room, chunk, speaker, unnumbered, reported, ingestUs);
        CompletableFuture<Throwable> put = Started.call(() -> stream.put(record))
                .handle((done, failure) -> failure == null ? null : Started.cause(failure));

        boolean keeps = archive != null && speaker.settings().is(RoomSetting.RECORDING);
        String objectKey = keeps ? ChunkArchive.keyOf(sender, room, chunk) : "";
        CompletableFuture<Boolean> kept = keeps ? archive.keep(objectKey, room, chunk) : NOTHING_TO_DO;
        CompletableFuture<Boolean> published =
                reported ? events.pending(sender, room, chunk, objectKey, ingestUs / 1_000) : NOTHING_TO_DO;

        // While the stream answers.
        members.refresh(room, sender.participant(), sender.connection());
        Throwable failure = put.join();
        if (failure == null) {
            metrics.add(Counter.CHUNKS_TAKEN, 1);
            metrics.add(Counter.FRAMES_TAKEN, chunk.frameCount());
            metrics.takenIn(clock.millis() - sender.arrivalTimeMs());
            return new Ingested(null, kept.join(), published.join());
        }
        metrics.add(Counter.STREAM_FAILURES, 1);
        failures.failed("a chunk did not reach the voice stream", failure);
        ErrorCode code = failure instanceof ParleyException ? ((ParleyException) failure).code() : ErrorCode.INTERNAL;
        CompletableFuture<Void> told = answers.refused(code, sender.action(), message, sender);
        // After PENDING, so that nobody reads them the other way round.
        published.join();
        CompletableFuture<Boolean> failed =
                reported ? events.failed(sender, room, chunk, code) : events.refused(sender, room, chunk, code);
        told.join();
        return new Ingested(code, kept.join(), failed.join());
    }

    private StreamRecord record(
            Sender sender,
            String room,
            Chunk chunk,
            Membership speaker,
            boolean unnumbered,
            boolean reported,
            long ingestUs) {
        StreamRecord.Builder record = StreamRecord.newBuilder()
                .setVersion(1)
                .setKind(StreamRecord.Kind.AUDIO)
                .setRoom(room)
                .setParticipant(sender.participant())
                .setConnection(sender.connection())
                .setRequestId(sender.requestId())
                .setArrivalTimeMs(sender.arrivalTimeMs())
                .setPermissions(speaker.member().permissions())
                .setControlVersion(speaker.controlVersion())
                .setReportStatus(reported)
                .setUnnumbered(unnumbered)
                .setChunk(chunk.content());
        if (chunk.isTraced()) {
            record.setTrace(trace(sender, ingestUs, clock));
        }
        return record.build();
    }

    static Trace trace(Sender sender, long ingestUs, Clock clock) {
        return Trace.newBuilder()
                .setGatewayUs(sender.arrivalTimeMs() * 1_000)
                .setIngestUs(ingestUs)
                .setStreamUs(Micros.now(clock))
                .build();
    }

    /** A message that nobody looked at. */
    Ingested refuseUnread(Sender sender, ErrorCode code) {
        return refuse(sender, ClientMessage.UNREAD, null, null, code);
    }

    /** Tells client and bus of a chunk that is not taken; room and chunk are null as far as they could not be read. */
    Ingested refuse(Sender sender, ClientMessage message, String room, Chunk chunk, ErrorCode code) {
        CompletableFuture<Void> told = answers.refused(code, sender.action(), message, sender);
        CompletableFuture<Boolean> failed = events.refused(sender, room, chunk, code);
        told.join();
        return new Ingested(code, true, failed.join());
    }
}
