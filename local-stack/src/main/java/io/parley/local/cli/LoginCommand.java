package io.parley.local.cli;

import io.parley.local.stack.DevelopmentCredentials;
import io.parley.local.stack.LocalStack;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley login}: signs a user in at Cognito and keeps the tokens for {@code talk} and {@code listen}. */
@Command(
        name = "login",
        mixinStandardHelpOptions = true,
        description = {
            "Sign in at a Cognito user pool, for talk and listen with --url.",
            "The password is asked for, or is the first line of the input; it is never an argument, which others could see.",
            "The app client has to allow ALLOW_USER_PASSWORD_AUTH and ALLOW_REFRESH_TOKEN_AUTH."
        },
        sortOptions = false)
public final class LoginCommand implements ParleySubcommand {

    @Option(names = "--user", required = true, description = "Whom to sign in.")
    private String user;

    @Option(names = "--client-id", description = "App client of the user pool (default: the running stack's).")
    private String clientId;

    @Option(names = "--region", description = "Region of the user pool (default: AWS_REGION).")
    private String region = System.getenv("AWS_REGION");

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Where to keep the tokens (default: ${DEFAULT-VALUE}).")
    private Path file = Login.defaultFile();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws Exception {
        Optional<DevelopmentCredentials> running = DevelopmentCredentials.read(DevelopmentCredentials.file());
        Clock clock = Clock.systemUTC();
        Login login;
        if (clientId != null) {
            if (region == null) {
                throw new ParameterException(command.commandLine(), "--client-id needs --region, or AWS_REGION set");
            }
            login = Login.signIn(region, System.getenv("AWS_ENDPOINT_URL"), clientId, user, password(), clock);
        } else if (running.isPresent()) {
            DevelopmentCredentials stack = running.get();
            login = Login.signIn(LocalStack.REGION, stack.edge(), stack.clientId(), user, password(), clock);
        } else {
            throw new ParameterException(
                    command.commandLine(),
                    "no stack runs on this machine: start ./parley up, or name a deployment's --client-id and --region");
        }
        login.write(file);
        command.commandLine()
                .getOut()
                .printf(
                        "%s is signed in until %s, and is signed in anew after that; tokens are in %s%n",
                        user, Instant.ofEpochMilli(login.expiresAtMs()), file);
        return 0;
    }

    private String password() throws IOException {
        Console console = System.console();
        if (console != null) {
            char[] password = console.readPassword("Password of %s: ", user);
            return password == null ? "" : new String(password);
        }
        String line = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
        if (line == null || line.isEmpty()) {
            throw new IOException("no password: type it, or give it as the first line of the input");
        }
        return line;
    }
}
