package io.parley.benchmarks.load;

import io.parley.local.stack.TicketKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options that name a system that somebody else runs. */
public final class DeploymentArguments {

    @Option(names = "--url", description = "WebSocket URL of a deployment.")
    private URI url;

    @Option(names = "--api-key", description = "API key of that deployment.")
    private String apiKey;

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "User tokens for that deployment, one a line, as many as rooms x people.")
    private Path tokens;

    @Option(
            names = "--ticket-key",
            paramLabel = "FILE",
            description = "Where its ROOM_POLICY is ticket: a private key of its TICKET_JWKS, a JWK or PEM.")
    private Path ticketKey;

    @Option(names = "--ticket-kid", description = "Id of that key, where the file has none.")
    private String ticketKeyId;

    @Option(names = "--ticket-audience", description = "With --ticket-key: its TICKET_AUDIENCE.")
    private String ticketAudience;

    public boolean isGiven() {
        return url != null;
    }

    public URI url() {
        return url;
    }

    /** @param connections how many users it has to let in */
    public Target target(int connections, CommandLine command) throws IOException {
        if (apiKey == null || tokens == null) {
            throw new ParameterException(command, "--url needs --api-key and --tokens as well");
        }
        if (!List.of("ws", "wss").contains(String.valueOf(url.getScheme()))) {
            throw new ParameterException(command, "--url is " + url + ", but must begin with ws:// or wss://");
        }
        if (ticketKey != null && ticketAudience == null) {
            throw new ParameterException(command, "--ticket-key needs --ticket-audience as well");
        }
        List<String> lines = Files.readAllLines(tokens).stream()
                .map(String::trim)
                .filter(line -> !line.isEmpty())
                .toList();
        if (lines.size() < connections) {
            throw new ParameterException(
                    command,
                    "--tokens has " + lines.size() + " user tokens, but rooms x people is " + connections
                            + ": each person needs one of their own");
        }
        RoomTickets tickets = ticketKey == null
                ? null
                : new RoomTickets(TicketKey.read(ticketKey, ticketKeyId), ticketAudience, Clock.systemUTC());
        return new DeployedTarget(url, apiKey, lines, tickets);
    }
}
