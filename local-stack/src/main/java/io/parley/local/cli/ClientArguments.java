package io.parley.local.cli;

import com.nimbusds.jwt.JWTParser;
import io.parley.client.TicketSource;
import io.parley.client.TokenSource;
import io.parley.client.VoiceClientOptions;
import io.parley.local.stack.DevelopmentCredentials;
import io.parley.local.stack.NewTicket.Grant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where {@code talk} and {@code listen} connect: the stack that runs on this machine, or the one that is named. */
final class ClientArguments {

    @Option(names = "--url", description = "WebSocket URL of a deployment (default: the stack of ./parley up).")
    private URI url;

    @Option(
            names = "--token",
            description =
                    "User token (default: with --url the one of ./parley login, else one of the running stack's).")
    private String token;

    @Option(
            names = "--ticket",
            description = "Room ticket, where rooms ask for one (default: made with the running stack's key).")
    private String ticket;

    @Option(names = "--file", paramLabel = "FILE", description = "Where ./parley login left the token.")
    private Path file = Login.defaultFile();

    @Option(names = "--api-key", description = "API key of the deployment (default: the running stack's).")
    private String apiKey;

    /**
     * @param defaultToken picks one of the running stack's tokens
     * @param command whose options are wrong, if they are
     */
    VoiceClientOptions resolve(Function<DevelopmentCredentials, String> defaultToken, CommandSpec command) {
        Optional<DevelopmentCredentials> running = DevelopmentCredentials.read(DevelopmentCredentials.file());
        if (url == null && running.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(), "no stack runs on this machine: start ./parley up, or name one with --url");
        }
        if (url != null && apiKey == null) {
            throw new ParameterException(command.commandLine(), "--url needs --api-key as well");
        }
        String usedKey = apiKey == null ? running.orElseThrow().apiKey() : apiKey;
        URI target = url == null ? URI.create(running.orElseThrow().url()) : url;
        TokenSource tokens = token != null
                ? TokenSource.fixed(token)
                : url == null ? TokenSource.fixed(defaultToken.apply(running.orElseThrow())) : signedIn(command);
        VoiceClientOptions options =
                VoiceClientOptions.of(target).withApiKey(usedKey).withTokens(tokens);
        if (ticket != null) {
            return options.withTickets(TicketSource.fixed(ticket));
        }
        return url == null && running.orElseThrow().asksForTickets()
                ? options.withTickets(ownTickets(running.orElseThrow(), defaultToken))
                : options;
    }

    /** Of the user whose token is used. */
    private TicketSource ownTickets(
            DevelopmentCredentials stack, Function<DevelopmentCredentials, String> defaultToken) {
        return room -> {
            try {
                String subject = JWTParser.parse(token == null ? defaultToken.apply(stack) : token)
                        .getJWTClaimsSet()
                        .getSubject();
                return CompletableFuture.completedFuture(
                        stack.ticket(subject, room, EnumSet.of(Grant.PUBLISH, Grant.LISTEN), Clock.systemUTC()));
            } catch (IOException | ParseException e) {
                return CompletableFuture.failedFuture(e);
            }
        };
    }

    /** The login's token, refreshed and written back where that is due. */
    private TokenSource signedIn(CommandSpec command) {
        try {
            freshToken();
        } catch (IOException | IllegalStateException e) {
            throw new ParameterException(command.commandLine(), e.getMessage() + " (or name a --token)");
        }
        return () -> CompletableFuture.supplyAsync(() -> {
            try {
                return freshToken();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private String freshToken() throws IOException {
        Login login = Login.read(file);
        Login fresh = login.fresh(Clock.systemUTC());
        if (fresh != login) {
            fresh.write(file);
        }
        return fresh.accessToken();
    }
}
