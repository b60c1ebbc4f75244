package io.parley.ingest;

import io.parley.core.chunk.Chunk;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.FailureLog;
import io.parley.core.error.ParleyException;
import io.parley.core.pace.ConnectionPace;
import io.parley.core.record.Micros;
import io.parley.core.room.Member;
import io.parley.core.room.Membership;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the audio of a client of the original protocol: makes chunks of it, which then go the way of any others but
 * without numbers. Thread safe; blocks until all is done.
 *
 * <p>The author that such a message names is nobody's identity. It becomes the display name of the connection when the
 * first one comes, and stays it.
 */
final class IngestSeedAudio {

    private static final Logger LOG = LoggerFactory.getLogger(IngestSeedAudio.class);

    private final SeedRoom room;
    private final SeedRate rate;
    private final IngestChunk ingestChunk;
    private final Clock clock;
    private final ConnectionPace renamePace = new ConnectionPace();
    private final FailureLog failures;

    IngestSeedAudio(SeedRoom room, SeedRate rate, IngestChunk ingestChunk, Clock clock) {
        this.room = Objects.requireNonNull(room);
        this.rate = Objects.requireNonNull(rate);
        this.ingestChunk = Objects.requireNonNull(ingestChunk);
        this.clock = Objects.requireNonNull(clock);
        this.failures = FailureLog.ofLines(clock::millis, LOG::warn);
    }

    Ingested ingest(Sender sender, String body) {
        long ingestUs = Micros.now(clock);
        ClientMessage message = ClientMessage.read(body);
        SeedAudio audio;
        List<Chunk> chunks;
        Membership speaker;
        try {
            message.check();
            audio = SeedAudio.read(body, sender.arrivalTimeMs());
            int bytes = audio.frameCount() * SeedAudio.FRAME_BYTES;
            if (!rate.tryTake(sender.connection(), bytes, sender.arrivalTimeMs())) {
                throw new ParleyException(ErrorCode.RATE_LIMITED, audio.frameCount() + " frames more");
            }
            chunks = audio.chunks();
            speaker = ingestChunk.requireSpeaker(sender, room.id(), chunks.get(0));
        } catch (ParleyException e) {
            return ingestChunk.refuse(sender, message, room.id(), null, e.code());
        } catch (RuntimeException e) {
            LOG.error("audio of the original protocol could not be checked", e);
            return ingestChunk.refuse(sender, message, room.id(), null, ErrorCode.INTERNAL);
        }
        Ingested all = Ingested.TAKEN;
        for (Chunk chunk : chunks) {
            Ingested one = ingestChunk.take(sender, message, room.id(), chunk, speaker, true, ingestUs);
            all = new Ingested(one.refusal(), all.archived() && one.archived(), all.reported() && one.reported());
            if (one.refusal() != null) {
                return all;
            }
        }
        rename(sender, speaker.member(), audio.author());
        return all;
    }

    private void rename(Sender sender, Member speaker, String author) {
        boolean named = !speaker.displayName().equals(sender.participant());
        // What is known of the member may be a second old: until then this process does not ask again.
        if (named || author.isEmpty() || !renamePace.tryTake(sender.connection(), clock.millis())) {
            return;
        }
        try {
            room.name(sender, author);
        } catch (RuntimeException e) {
            failures.failed("a client of the original protocol could not be named", Started.cause(e));
        }
    }
}
