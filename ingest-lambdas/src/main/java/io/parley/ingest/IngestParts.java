package io.parley.ingest;

import io.parley.aws.AwsPorts;
import io.parley.aws.LambdaStart;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.metric.EmbeddedMetrics;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.RoomPolicy;
import io.parley.core.port.ConnectionPoster;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.port.RoomRegistry;
import io.parley.core.port.Suspensions;
import io.parley.core.port.UserConnections;
import io.parley.core.port.VoiceStream;
import io.parley.core.room.Departure;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Puts the handlers' use cases together on AWS, from an environment. Makes no call to AWS itself. */
final class IngestParts {

    private static final Duration POST_TIMEOUT = Duration.ofSeconds(2);

    private final IngestOptions options;
    private final AwsPorts aws;
    private final Clock clock;
    private final IngestMetrics metrics;
    private final boolean startsAhead;

    /** For Lambda: CloudWatch takes a line for metrics only if it is JSON from its first character on. */
    static IngestParts ofThisProcess(Clock clock) {
        return new IngestParts(
                System.getenv(), clock, new IngestMetrics(functionName(System.getenv()), clock, System.out::println));
    }

    /** The metrics go to the log. */
    IngestParts(Map<String, String> environment, Clock clock) {
        this(
                environment,
                clock,
                new IngestMetrics(
                        functionName(environment), clock, LoggerFactory.getLogger("io.parley.metrics")::info));
    }

    IngestParts(Map<String, String> environment, Clock clock, IngestMetrics metrics) {
        this.options = IngestOptions.from(environment);
        this.aws = AwsPorts.from(environment);
        this.clock = clock;
        this.metrics = metrics;
        this.startsAhead = LambdaStart.isAhead(environment);
    }

    private static String functionName(Map<String, String> environment) {
        return environment.getOrDefault(EmbeddedMetrics.FUNCTION_NAME, "ingest");
    }

    IngestMetrics metrics() {
        return metrics;
    }

    /** Whether the process is started before anybody needs it, so that it has time. */
    boolean startsAhead() {
        return startsAhead;
    }

    Admission admission() {
        return new Admission(
                tokenVerifier(), suspensions(), options.allowedOrigins(), options.servesSeedClients(), metrics);
    }

    int maxConnections() {
        return options.maxConnections();
    }

    Suspend suspend() {
        return new Suspend(suspensions(), userConnections(), connectionEnd());
    }

    ConnectionEnd connectionEnd() {
        return new ConnectionEnd(departure(), poster(), clock);
    }

    FloodGate floodGate() {
        return new FloodGate(
                new MessageRate(options.maxMessagesPerSecond()),
                suspend(),
                Duration.ofMinutes(options.abuseSuspendMinutes()),
                clock,
                metrics);
    }

    Revocation revocation() {
        return new RoomRevocation(rooms(), stream(), clock)::revoke;
    }

    Suspensions suspensions() {
        return aws.users(options.connectionsTable(), clock);
    }

    UserConnections userConnections() {
        return aws.users(options.connectionsTable(), clock);
    }

    ConnectionRegistry registry() {
        return aws.connectionRegistry(options.connectionsTable(), clock);
    }

    Departure departure() {
        return new Departure(registry(), stream(), clock);
    }

    RoomMessages roomMessages() {
        boolean keeps = options.archiveMode() != ArchiveMode.OFF;
        RoomRegistry rooms = rooms();
        VoiceStream stream = stream();
        RoomRecords records = new RoomRecords(stream, clock, metrics);
        ClientAnswers answers = answers();
        Joining joining = new Joining(
                rooms,
                records,
                new Departure(registry(), stream, clock),
                answers,
                admittance(),
                new ResumeSecrets(new SecureRandom()),
                keeps,
                clock,
                metrics);
        return new RoomMessages(
                rooms,
                records,
                new MembershipCache(rooms, clock, metrics),
                joining,
                new OwnState(rooms, records),
                new Moderation(rooms, records, keeps, clock),
                answers,
                clock);
    }

    /** By tickets or by tokens alone: what is not asked for is not read. */
    Joining.Admittance admittance() {
        Tickets tickets = (jwt, participant, room) -> {
            throw new ParleyException(ErrorCode.NOT_ALLOWED, "no ticket admits to a room by ROOM_POLICY=open");
        };
        UserTokens tokens = token -> {
            throw new Unauthorized("no token admits to a room by ROOM_POLICY=ticket");
        };
        if (options.roomPolicy() == RoomPolicy.TICKET) {
            tickets = new TicketVerifier(
                    options.ticketAudience(), VerificationKeys.ofTickets(options.ticketJwks()), clock)::verify;
        } else {
            tokens = tokenVerifier()::verify;
        }
        return new Joining.Admittance(options.roomPolicy(), tickets, tokens);
    }

    private TokenVerifier tokenVerifier() {
        return new TokenVerifier(
                options.tokenIssuer(), options.tokenClientId(), VerificationKeys.at(options.jwksUrl()), clock);
    }

    private RoomRegistry rooms() {
        return aws.roomRegistry(options.connectionsTable(), options.maxMembers(), options.maxRooms(), clock);
    }

    IngestChunk ingestChunk() {
        return new IngestChunk(
                new MembershipCache(rooms(), clock, metrics),
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

    /** Null where clients of the original protocol are not served. */
    SeedRoom seedRoom() {
        return options.servesSeedClients()
                ? new SeedRoom(options.seedRoom(), rooms(), stream(), options.archiveMode() != ArchiveMode.OFF)
                : null;
    }

    /** Null where clients of the original protocol are not served. */
    IngestSeedAudio ingestSeedAudio(IngestChunk ingestChunk) {
        return options.servesSeedClients()
                ? new IngestSeedAudio(seedRoom(), new SeedRate(options.seedBytesPerSecond()), ingestChunk, clock)
                : null;
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
        return new ClientAnswers(poster(), clock, metrics);
    }

    private ConnectionPoster poster() {
        return aws.connectionPoster(options.callbackUrl(), POST_TIMEOUT);
    }
}
