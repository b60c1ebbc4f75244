package io.parley.local.cli;

import io.parley.core.room.RoomId;
import io.parley.local.stack.DevelopmentCredentials;
import io.parley.local.stack.NewTicket;
import io.parley.local.stack.NewTicket.Grant;
import io.parley.local.stack.TicketKey;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley ticket}: makes a room ticket, as the game's own backend does in earnest (docs/tickets.md). */
@Command(
        name = "ticket",
        mixinStandardHelpOptions = true,
        description = "Make a room ticket for development: one user, one room, one join.",
        sortOptions = false)
public final class TicketCommand implements ParleySubcommand {

    private static final int MAX_MINUTES = 10;

    @Option(names = "--room", required = true, description = "The room that it is for.")
    private String room;

    @Option(
            names = "--participant",
            required = true,
            description = "Id of the user (the token's sub); of the running stack also alice, bob or moderator.")
    private String participant;

    @Option(names = "--publish", description = "May speak. Without any grant: --publish --listen.")
    private boolean publish;

    @Option(names = "--listen", description = "May hear.")
    private boolean listen;

    @Option(names = "--moderate", description = "May moderate.")
    private boolean moderate;

    @Option(names = "--record", description = "May switch recording.")
    private boolean record;

    @Option(
            names = "--minutes",
            defaultValue = "5",
            description = "How long it can be used, 1 to 10 (default: ${DEFAULT-VALUE}).")
    private int minutes;

    @Option(
            names = "--grant-minutes",
            paramLabel = "MINUTES",
            description = "How long the membership lasts (default: as long as the connection).")
    private Integer grantMinutes;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "Private key, a JWK or PEM (default: the running stack's).")
    private Path key;

    @Option(names = "--kid", description = "Id of the key, where the file has none.")
    private String keyId;

    @Option(names = "--audience", description = "The deployment's TICKET_AUDIENCE (default: the running stack's).")
    private String audience;

    @Option(
            names = "--issuer",
            defaultValue = "parley-ticket",
            description = "Who makes it (default: ${DEFAULT-VALUE}).")
    private String issuer;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws Exception {
        require(minutes >= 1 && minutes <= MAX_MINUTES, "--minutes is " + minutes + ", but must be within 1 and 10");
        require(grantMinutes == null || grantMinutes >= 1, "--grant-minutes must be 1 or more");
        require(RoomId.isValid(room), "--room must be 1 to 64 of A-Z a-z 0-9 _ -");
        Optional<DevelopmentCredentials> running = DevelopmentCredentials.read(DevelopmentCredentials.file());
        require(
                running.isPresent() || key != null && audience != null,
                "no stack runs on this machine: start ./parley up, or name --key and --audience");
        TicketKey signer =
                TicketKey.read(key == null ? Path.of(running.orElseThrow().ticketKey()) : key, keyId);
        NewTicket ticket = new NewTicket(
                issuer,
                audience == null ? running.orElseThrow().ticketAudience() : audience,
                running.map(stack -> stack.participant(participant)).orElse(participant),
                room,
                grants(),
                Duration.ofMinutes(minutes),
                grantMinutes == null ? null : Duration.ofMinutes(grantMinutes));
        command.commandLine().getOut().println(ticket.sign(signer, Clock.systemUTC()));
        return 0;
    }

    private Set<Grant> grants() {
        Set<Grant> grants = EnumSet.noneOf(Grant.class);
        if (publish) {
            grants.add(Grant.PUBLISH);
        }
        if (listen) {
            grants.add(Grant.LISTEN);
        }
        if (moderate) {
            grants.add(Grant.MODERATE);
        }
        if (record) {
            grants.add(Grant.RECORD);
        }
        return grants.isEmpty() ? EnumSet.of(Grant.PUBLISH, Grant.LISTEN) : grants;
    }

    private void require(boolean holds, String problem) {
        if (!holds) {
            throw new ParameterException(command.commandLine(), problem);
        }
    }
}
