package io.parley.local.cli;

import io.parley.core.room.RoomId;
import io.parley.local.verify.SourceUnavailableException;
import io.parley.local.verify.TickLogCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley verify}: whether a tick log is consistent. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Check a tick log: its numbering, its hash chain, and the order of its frames.",
            "Exits with 0 if it is consistent, 1 if not, 2 if it cannot be checked."
        },
        sortOptions = false)
public final class VerifyCommand implements ParleySubcommand {

    private static final int NOT_CONSISTENT = 1;
    private static final int NOT_CHECKED = 2;

    @Parameters(
            paramLabel = "PLACE",
            description = {
                "A file or folder of segments, the data folder of up, or s3://BUCKET[/PREFIX].",
                "A bucket is read with the standard settings: AWS_ENDPOINT_URL, AWS_REGION, AWS_PROFILE."
            })
    private String place;

    @Option(names = "--room", paramLabel = "ROOM", description = "Check this room only.")
    private String room;

    @Option(names = "--json", description = "Write the report as JSON.")
    private boolean json;

    @Option(
            names = "--max-findings",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many findings of a room to write; all are counted (default: ${DEFAULT-VALUE}).")
    private int maxFindings;

    @Spec
    private CommandSpec command;

    private final Map<String, String> environment;

    public VerifyCommand() {
        this(System.getenv());
    }

    /** @param environment where the settings of a bucket are looked up */
    public VerifyCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        if (room != null && !RoomId.isValid(room)) {
            throw new ParameterException(
                    command.commandLine(), "--room is " + room + ", but a room id is 1 to 64 of A-Z a-z 0-9 _ -");
        }
        if (maxFindings < 1) {
            throw new ParameterException(
                    command.commandLine(), "--max-findings is " + maxFindings + ", but must be at least 1");
        }
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        try {
            boolean consistent =
                    TickLogCheck.of(place, room, environment, Clock.systemUTC()).run(out, err, json, maxFindings);
            return consistent ? 0 : NOT_CONSISTENT;
        } catch (SourceUnavailableException e) {
            LoggerFactory.getLogger(VerifyCommand.class).debug("the log could not be checked", e);
            err.println("parley: " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            LoggerFactory.getLogger(VerifyCommand.class).warn("the log could not be checked", e);
            err.println("parley: the log could not be checked: " + e);
        }
        err.flush();
        return NOT_CHECKED;
    }
}
