package io.parley.local.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.JWTParser;
import java.net.URI;
import java.net.http.HttpClient;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What is looked at: where it is, and as whom one gets in. Rooms are named anew for each behaviour, so that nothing that
 * is there already disturbs or is disturbed.
 */
public final class Deployment {

    /** How many different users are needed. */
    public static final int USERS = 3;

    /** Makes room tickets in the place of a game's backend. */
    @FunctionalInterface
    public interface TicketOffice {
        /** @param moderator whether the holder may moderate and record */
        String ticket(String participant, String room, boolean moderator);
    }

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final AtomicInteger rooms = new AtomicInteger();
    private final URI url;
    private final String apiKey;
    private final List<String> tokens;
    private final TicketOffice tickets;
    private final Consumer<JsonNode> seen;

    /**
     * @param tokens of {@value #USERS} different users
     * @param tickets null where no tickets can be made: then rooms have to be open, and nobody moderates
     */
    public Deployment(URI url, String apiKey, List<String> tokens, TicketOffice tickets) {
        this(url, apiKey, tokens, tickets, message -> {});
    }

    /** @param seen is told of every message that comes, by whichever thread takes it */
    public Deployment(URI url, String apiKey, List<String> tokens, TicketOffice tickets, Consumer<JsonNode> seen) {
        if (tokens.size() < USERS
                || tokens.stream().map(Deployment::subject).distinct().count() < USERS) {
            throw new IllegalArgumentException("tokens of " + USERS + " different users are needed");
        }
        this.url = url;
        this.apiKey = apiKey;
        this.tokens = List.copyOf(tokens);
        this.tickets = tickets;
        this.seen = seen;
    }

    private static String subject(String token) {
        try {
            return String.valueOf(JWTParser.parse(token).getJWTClaimsSet().getSubject());
        } catch (ParseException e) {
            throw new IllegalArgumentException("a token is not a JWT");
        }
    }

    boolean makesTickets() {
        return tickets != null;
    }

    String apiKey() {
        return apiKey;
    }

    String token(int user) {
        return tokens.get(user);
    }

    String participant(int user) {
        return subject(tokens.get(user));
    }

    /** A room that nobody has ever been in. */
    String newRoom() {
        return String.format(Locale.ROOT, "conformance-%s-%d", run, rooms.incrementAndGet());
    }

    /** An upgrade with nothing but the subprotocol. */
    Upgrade bare() {
        return Upgrade.of(http, url, seen);
    }

    Peer connect(int user) throws Exception {
        return bare().apiKey(apiKey).token(token(user)).open();
    }

    /** A ticket where tickets can be made, else null. */
    String ticket(int user, String room, boolean moderator) {
        return tickets == null ? null : tickets.ticket(participant(user), room, moderator);
    }

    /** Joins, and gives {@code joined}. */
    JsonNode join(Peer peer, int user, String room) throws Exception {
        peer.send("join", "room", room, "ticket", ticket(user, room, false));
        return awaitJoined(peer, room);
    }

    static JsonNode awaitJoined(Peer peer, String room) throws InterruptedException {
        return peer.await(
                "joined of " + room,
                message -> message.path("action").asText().equals("joined")
                        && message.path("room").asText().equals(room));
    }

    /** A user's new connection that is in the room. */
    Peer joined(int user, String room) throws Exception {
        Peer peer = connect(user);
        join(peer, user, room);
        return peer;
    }

    Peer moderator(int user, String room) throws Exception {
        Peer peer = connect(user);
        peer.send("join", "room", room, "ticket", ticket(user, room, true));
        awaitJoined(peer, room);
        return peer;
    }
}
