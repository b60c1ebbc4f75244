package io.parley.ingest;

import io.parley.aws.AwsPorts;
import io.parley.core.options.ArchiveMode;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.port.VoiceStream;
import io.parley.core.room.Departure;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** Puts the handlers' use cases together on AWS, from an environment. Makes no call to AWS. */
final class IngestParts {

    private static final Duration POST_TIMEOUT = Duration.ofSeconds(2);

    private final IngestOptions options;
    private final AwsPorts aws;
    private final Clock clock;
    private final IngestMetrics metrics = new IngestMetrics();

    IngestParts(Map<String, String> environment, Clock clock) {
        this.options = IngestOptions.from(environment);
        this.aws = AwsPorts.from(environment);
        this.clock = clock;
    }

    ConnectionRegistry registry() {
        return aws.connectionRegistry(options.connectionsTable(), clock);
    }

    Departure departure() {
        return new Departure(registry(), stream(), clock);
    }

    RoomMessages roomMessages() {
        return new RoomMessages(
                registry(),
                stream(),
                answers(),
                options.roomPolicy(),
                options.archiveMode() != ArchiveMode.OFF,
                clock,
                metrics);
    }

    IngestChunk ingestChunk() {
        return new IngestChunk(
                new MembershipCache(registry(), clock, metrics),
                stream(),
                options.archiveMode().keepsChunks() ? archive() : null,
                new StatusEvents(
                        aws.eventPublisher(options.eventBusName(), options.eventSource(), options.eventDetailType()),
                        options.eventGranularity(),
                        clock,
                        metrics),
                answers(),
                clock,
                metrics);
    }

    private VoiceStream stream() {
        return aws.voiceStream(options.voiceStream());
    }

    private ChunkArchive archive() {
        String keyId = options.audioKeyId();
        return new ChunkArchive(
                aws.objectStore(options.audioBucket(), keyId),
                aws.dataKeys(keyId, clock),
                new SecureRandom(),
                clock,
                metrics);
    }

    private ClientAnswers answers() {
        return new ClientAnswers(aws.connectionPoster(options.callbackUrl(), POST_TIMEOUT), clock, metrics);
    }
}
