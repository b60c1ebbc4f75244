package io.parley.local.stack;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How to reach a running local stack: what {@code up} prints, and leaves in a file for {@code talk} and {@code listen}.
 *
 * @param url of the WebSocket
 * @param edge endpoint of all AWS APIs
 * @param flink Flink's web UI; empty where the stack does not run the job
 * @param pages where the web pages are: the voice client at {@code /}
 * @param clientId of the user pool's app client
 * @param alicePassword with which alice can sign in
 * @param participants the ids of alice, bob and moderator, by these names
 * @param roomPolicy who may join a room, {@code open} or {@code ticket}
 * @param ticketKey file of the private key of room tickets
 * @param operatorFunction name of the operator's Lambda
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DevelopmentCredentials(
        String url,
        String edge,
        String flink,
        String pages,
        String apiKey,
        String aliceToken,
        String bobToken,
        String moderatorToken,
        String clientId,
        String alicePassword,
        Map<String, String> participants,
        String roomPolicy,
        String ticketAudience,
        String ticketKey,
        String operatorFunction) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Where {@code up} leaves them: below the project's {@code target}, or the working directory's. */
    public static Path file() {
        return Path.of(System.getProperty("parley.home", "."), "target", "parley", "local-stack.json");
    }

    /** Writes the file, readable for its owner alone. */
    public void write(Path file) throws IOException {
        PrivateFile.write(file, JSON.writeValueAsBytes(this));
    }

    /** The id of a development user, or the text itself, which then is an id. */
    public String participant(String nameOrId) {
        return participants == null ? nameOrId : participants.getOrDefault(nameOrId, nameOrId);
    }

    /** Whether rooms ask for tickets. */
    public boolean asksForTickets() {
        return "ticket".equals(roomPolicy);
    }

    /** A fresh ticket for that room, with the stack's own key. */
    public String ticket(String participantId, String room, Set<NewTicket.Grant> grants, Clock clock)
            throws IOException {
        return new NewTicket("parley-local", ticketAudience, participantId, room, grants, Duration.ofMinutes(5), null)
                .sign(TicketKey.read(Path.of(ticketKey), null), clock);
    }

    /** What the stack that runs now left, if one does. */
    public static Optional<DevelopmentCredentials> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), DevelopmentCredentials.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
