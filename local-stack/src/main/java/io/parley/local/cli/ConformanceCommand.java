package io.parley.local.cli;

import io.parley.local.conformance.Conformance;
import io.parley.local.conformance.Conformance.Outcome;
import io.parley.local.conformance.Conformance.Result;
import io.parley.local.conformance.Deployment;
import io.parley.local.conformance.Deployment.TicketOffice;
import io.parley.local.stack.DevelopmentCredentials;
import io.parley.local.stack.NewTicket;
import io.parley.local.stack.NewTicket.Grant;
import io.parley.local.stack.TicketKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley conformance}: whether a deployment keeps the protocol. */
@Command(
        name = "conformance",
        mixinStandardHelpOptions = true,
        description = {
            "Show a deployment's behaviours of docs/protocol.md one by one, in rooms of their own.",
            "Exits with 0 if none failed, 1 if some did."
        },
        sortOptions = false)
public final class ConformanceCommand implements ParleySubcommand {

    @Option(names = "--url", description = "WebSocket URL of a deployment (default: the stack of ./parley up).")
    private URI url;

    @Option(names = "--api-key", description = "API key of the deployment (default: the running stack's).")
    private String apiKey;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "User token; three, of different users (default: the running stack's).")
    private List<String> tokens = new ArrayList<>();

    @Option(
            names = "--ticket-key",
            paramLabel = "FILE",
            description = "Private key of room tickets, where rooms ask for them (default: the running stack's).")
    private Path ticketKey;

    @Option(names = "--ticket-audience", description = "The deployment's TICKET_AUDIENCE; with --ticket-key.")
    private String ticketAudience;

    @Option(names = "--only", paramLabel = "TEXT", description = "Only behaviours whose name contains this.")
    private String only;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        Deployment deployment = deployment();
        PrintWriter out = command.commandLine().getOut();
        String[] topic = {""};
        List<Result> results = Conformance.run(
                deployment,
                name -> only == null || name.toLowerCase(Locale.ROOT).contains(only.toLowerCase(Locale.ROOT)),
                result -> {
                    if (!result.topic().equals(topic[0])) {
                        topic[0] = result.topic();
                        out.printf("%n%s%n", result.topic());
                    }
                    print(result, out);
                });
        if (results.isEmpty()) {
            throw new ParameterException(command.commandLine(), "no behaviour's name contains '" + only + "'");
        }
        out.printf(
                "%n%d passed, %d failed, %d left out.%n",
                count(results, Outcome.PASS), count(results, Outcome.FAIL), count(results, Outcome.SKIP));
        out.flush();
        return count(results, Outcome.FAIL) == 0 ? 0 : 1;
    }

    private static void print(Result result, PrintWriter out) {
        out.printf("  %-4s  %s", result.outcome().name().toLowerCase(Locale.ROOT), result.name());
        if (result.outcome() == Outcome.PASS) {
            out.printf("  (%.1f s)", result.millis() / 1e3);
        }
        out.println();
        if (!result.detail().isEmpty()) {
            out.println("        " + result.detail());
        }
        out.flush();
    }

    private static long count(List<Result> results, Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).count();
    }

    private Deployment deployment() {
        Optional<DevelopmentCredentials> running = DevelopmentCredentials.read(DevelopmentCredentials.file());
        if (url == null && running.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(), "no stack runs on this machine: start ./parley up, or name one with --url");
        }
        if (url != null && (apiKey == null || tokens.isEmpty())) {
            throw new ParameterException(
                    command.commandLine(), "--url needs --api-key and three --token of different users as well");
        }
        if ((ticketKey == null) != (ticketAudience == null)) {
            throw new ParameterException(command.commandLine(), "--ticket-key and --ticket-audience need each other");
        }
        try {
            if (url != null) {
                return new Deployment(
                        url, apiKey, tokens, ticketKey == null ? null : office(ticketKey, ticketAudience));
            }
            DevelopmentCredentials local = running.get();
            return new Deployment(
                    URI.create(local.url()),
                    local.apiKey(),
                    List.of(local.aliceToken(), local.bobToken(), local.moderatorToken()),
                    local.asksForTickets() ? office(Path.of(local.ticketKey()), local.ticketAudience()) : null);
        } catch (IllegalArgumentException | IOException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
    }

    /** Makes tickets in the place of a game's backend. */
    private static TicketOffice office(Path keyFile, String audience) throws IOException {
        TicketKey key = TicketKey.read(keyFile, null);
        return (participant, room, moderator) -> new NewTicket(
                        "parley-conformance",
                        audience,
                        participant,
                        room,
                        moderator ? EnumSet.allOf(Grant.class) : EnumSet.of(Grant.PUBLISH, Grant.LISTEN),
                        Duration.ofMinutes(5),
                        null)
                .sign(key, Clock.systemUTC());
    }
}
