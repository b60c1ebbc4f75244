package io.parley.ingest;

import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.core.options.Option;
import io.parley.core.options.OptionException;
import io.parley.core.options.OptionValues;
import io.parley.core.options.RoomPolicy;
import io.parley.core.options.SystemOptions;
import io.parley.core.options.SystemOptions.OnOff;
import io.parley.core.room.RoomId;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The settings of the ingest Lambdas, from their environment. Values are checked when the options are made; that a
 * required one is missing stops the start of those handlers that ask for it.
 */
public final class IngestOptions {

    public static final Option<String> CONNECTIONS_TABLE =
            Option.required("CONNECTIONS_TABLE", "DynamoDB table of connections and rooms.");
    public static final Option<String> VOICE_STREAM = Option.required("VOICE_STREAM", "Kinesis stream of the voices.");
    public static final Option<String> AUDIO_BUCKET =
            Option.required("AUDIO_BUCKET", "S3 bucket of the chunks; not read if none are kept.");
    public static final Option<String> AUDIO_KEY_ID =
            Option.required("AUDIO_KEY_ID", "KMS key that wraps the chunks' data keys; not read if none are kept.");
    public static final Option<String> CALLBACK_URL =
            Option.required("CALLBACK_URL", "HTTPS address of the WebSocket API's stage, under which @connections is.");
    public static final Option<String> TOKEN_ISSUER =
            Option.required("TOKEN_ISSUER", "Issuer of user tokens, as in their claim iss.");
    public static final Option<String> TOKEN_CLIENT_ID =
            Option.required("TOKEN_CLIENT_ID", "App client of user tokens, as in their claim client_id.");
    public static final Option<String> JWKS_URL = Option.text(
            "JWKS_URL", "issuer", "Where the issuer's keys are; by default <TOKEN_ISSUER>/.well-known/jwks.json.");
    public static final Option<String> ALLOWED_ORIGINS = Option.text(
            "ALLOWED_ORIGINS",
            "none",
            "Origins of web pages that may connect, separated by commas, such as https://play.example; or none.");
    public static final Option<Integer> MAX_CONNECTIONS =
            Option.integer("MAX_CONNECTIONS", 4, 1, 48, "How many connections a user may have at once.");
    public static final Option<String> TICKET_AUDIENCE = Option.required(
            "TICKET_AUDIENCE",
            "This deployment's name in the claim aud of room tickets; read with ROOM_POLICY=ticket.");
    public static final Option<String> TICKET_JWKS = Option.required(
            "TICKET_JWKS",
            "Public keys of room tickets: a JWK set as JSON, or its https address; read with ROOM_POLICY=ticket.");

    public static final Option<Integer> MAX_MEMBERS = Option.integer(
            "MAX_MEMBERS", 100, 1, 1_000, "How many connections a room takes; who reconnects is let in above it.");
    public static final Option<Integer> MAX_ROOMS =
            Option.integer("MAX_ROOMS", 4, 1, 50, "In how many rooms a connection may be at a time.");

    public static final Option<Integer> MAX_MESSAGES = Option.integer(
            "MAX_MESSAGES_PER_SECOND",
            60,
            20,
            1_000,
            "How many messages an ingest process takes of a connection in a second, and twice as many at once.");
    public static final Option<Integer> ABUSE_MINUTES = Option.integer(
            "ABUSE_SUSPEND_MINUTES",
            10,
            0,
            525_600,
            "For how long a user is suspended who sends some twenty seconds' worth of messages too many; 0: never.");

    public static final Option<String> SEED_ROOM =
            Option.text("SEED_ROOM", "lobby", "The room of clients of the original protocol, which know none.");
    public static final Option<Integer> SEED_RATE = Option.integer(
            "SEED_BYTES_PER_SECOND",
            48_000,
            32_000,
            1_000_000,
            "How much audio such a client may send to one ingest process in a second; speech is 32,000.");

    public static final List<Option<?>> ALL = List.of(
            CONNECTIONS_TABLE,
            VOICE_STREAM,
            AUDIO_BUCKET,
            AUDIO_KEY_ID,
            CALLBACK_URL,
            SystemOptions.ARCHIVE_MODE,
            SystemOptions.EVENT_GRANULARITY,
            SystemOptions.EVENT_BUS_NAME,
            SystemOptions.EVENT_SOURCE,
            SystemOptions.EVENT_DETAIL_TYPE,
            SystemOptions.ROOM_POLICY,
            MAX_MEMBERS,
            MAX_ROOMS,
            MAX_MESSAGES,
            ABUSE_MINUTES,
            SystemOptions.SEED_CLIENTS,
            SEED_ROOM,
            SEED_RATE,
            TOKEN_ISSUER,
            TOKEN_CLIENT_ID,
            JWKS_URL,
            ALLOWED_ORIGINS,
            MAX_CONNECTIONS,
            TICKET_AUDIENCE,
            TICKET_JWKS);

    private final OptionValues values;
    private final ArchiveMode archiveMode;
    private final EventGranularity eventGranularity;
    private final RoomPolicy roomPolicy;
    private final int maxMembers;
    private final int maxRooms;
    private final int maxMessagesPerSecond;
    private final int abuseSuspendMinutes;
    private final boolean servesSeedClients;
    private final String seedRoom;
    private final int seedBytesPerSecond;
    private final Set<String> allowedOrigins;
    private final int maxConnections;

    private IngestOptions(OptionValues values) {
        this.values = values;
        archiveMode = values.get(SystemOptions.ARCHIVE_MODE);
        eventGranularity = values.get(SystemOptions.EVENT_GRANULARITY);
        roomPolicy = values.get(SystemOptions.ROOM_POLICY);
        maxMembers = values.get(MAX_MEMBERS);
        maxRooms = values.get(MAX_ROOMS);
        maxMessagesPerSecond = values.get(MAX_MESSAGES);
        abuseSuspendMinutes = values.get(ABUSE_MINUTES);
        servesSeedClients = values.get(SystemOptions.SEED_CLIENTS) == OnOff.ON;
        seedRoom = values.get(SEED_ROOM);
        if (!RoomId.isValid(seedRoom)) {
            throw new OptionException(
                    SEED_ROOM.key() + " is '" + seedRoom + "', but a room id is 1 to 64 of A-Z a-z 0-9 _ -");
        }
        seedBytesPerSecond = values.get(SEED_RATE);
        allowedOrigins = origins(values.get(ALLOWED_ORIGINS));
        maxConnections = values.get(MAX_CONNECTIONS);
    }

    /** Reads the options among other settings; throws {@link OptionException}. */
    public static IngestOptions from(Map<String, String> environment) {
        return new IngestOptions(OptionValues.lenient(environment));
    }

    private static Set<String> origins(String text) {
        if (text.trim().equals("none")) {
            return Set.of();
        }
        return Arrays.stream(text.split(","))
                .map(String::trim)
                .map(IngestOptions::origin)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** RFC 6454 §6.2: scheme and host, with a port where it is not the scheme's own, and nothing behind. */
    private static String origin(String text) {
        if (!text.matches("https?://[^/?#@,\\s]+")) {
            throw new OptionException(
                    "ALLOWED_ORIGINS has '" + text + "', but an origin is like https://play.example or http://a:8080");
        }
        return text;
    }

    public String connectionsTable() {
        return values.get(CONNECTIONS_TABLE);
    }

    public String voiceStream() {
        return values.get(VOICE_STREAM);
    }

    public String audioBucket() {
        return values.get(AUDIO_BUCKET);
    }

    public String audioKeyId() {
        return values.get(AUDIO_KEY_ID);
    }

    public String eventBusName() {
        return values.get(SystemOptions.EVENT_BUS_NAME);
    }

    public String eventSource() {
        return values.get(SystemOptions.EVENT_SOURCE);
    }

    public String eventDetailType() {
        return values.get(SystemOptions.EVENT_DETAIL_TYPE);
    }

    public URI callbackUrl() {
        return uri(CALLBACK_URL, values.get(CALLBACK_URL));
    }

    public ArchiveMode archiveMode() {
        return archiveMode;
    }

    public EventGranularity eventGranularity() {
        return eventGranularity;
    }

    public RoomPolicy roomPolicy() {
        return roomPolicy;
    }

    public int maxMembers() {
        return maxMembers;
    }

    public int maxRooms() {
        return maxRooms;
    }

    public int maxMessagesPerSecond() {
        return maxMessagesPerSecond;
    }

    /** 0 where nobody is suspended for what they send. */
    public int abuseSuspendMinutes() {
        return abuseSuspendMinutes;
    }

    /** Whether clients of the original protocol are admitted and served. */
    public boolean servesSeedClients() {
        return servesSeedClients;
    }

    public String seedRoom() {
        return seedRoom;
    }

    public int seedBytesPerSecond() {
        return seedBytesPerSecond;
    }

    public String tokenIssuer() {
        return values.get(TOKEN_ISSUER);
    }

    public String tokenClientId() {
        return values.get(TOKEN_CLIENT_ID);
    }

    public URI jwksUrl() {
        String text = values.get(JWKS_URL);
        return uri(JWKS_URL, text.equals(JWKS_URL.defaultValue()) ? tokenIssuer() + "/.well-known/jwks.json" : text);
    }

    public Set<String> allowedOrigins() {
        return allowedOrigins;
    }

    public int maxConnections() {
        return maxConnections;
    }

    public String ticketAudience() {
        return values.get(TICKET_AUDIENCE);
    }

    /** A JWK set, or where it is. */
    public String ticketJwks() {
        return values.get(TICKET_JWKS);
    }

    private static URI uri(Option<?> option, String text) {
        if (!text.matches("https?://[^\\s]+")) {
            throw new OptionException(option.key() + " is '" + text + "', but must be an http or https address");
        }
        return URI.create(text);
    }
}
