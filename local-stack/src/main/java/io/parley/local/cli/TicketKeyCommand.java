package io.parley.local.cli;

import io.parley.local.stack.TicketKey;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley ticket-key}: makes the key pair with which a game's backend signs room tickets. */
@Command(
        name = "ticket-key",
        mixinStandardHelpOptions = true,
        description = {
            "Make a key pair for room tickets.",
            "The private key goes into a file for the game's backend; the public one is printed for TICKET_JWKS."
        },
        sortOptions = false)
public final class TicketKeyCommand implements ParleySubcommand {

    @Option(names = "--kid", required = true, description = "Id of the key, such as game-2026-11.")
    private String keyId;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to write the private key.")
    private Path file;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws Exception {
        if (Files.exists(file)) {
            throw new ParameterException(
                    command.commandLine(), file + " is there already; a key that is replaced is lost");
        }
        TicketKey key = TicketKey.generate(keyId);
        key.write(file);
        command.commandLine().getOut().println(key.publicKeys());
        return 0;
    }
}
