package io.parley.local.cli;

import io.parley.client.TokenSource;
import io.parley.client.VoiceClientOptions;
import io.parley.local.stack.DevelopmentCredentials;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where {@code talk} and {@code listen} connect: the stack that runs on this machine, or the one that is named. */
final class ClientArguments {

    @Option(names = "--url", description = "WebSocket URL of a deployment (default: the stack of ./parley up).")
    private URI url;

    @Option(names = "--token", description = "User token (default: one of the running stack's).")
    private String token;

    @Option(names = "--api-key", description = "API key of the deployment (default: the running stack's).")
    private String apiKey;

    /**
     * @param defaultToken picks one of the running stack's tokens
     * @param command whose options are wrong, if they are
     */
    VoiceClientOptions resolve(
            Function<DevelopmentCredentials, String> defaultToken, picocli.CommandLine.Model.CommandSpec command) {
        Optional<DevelopmentCredentials> running = DevelopmentCredentials.read(DevelopmentCredentials.file());
        if (url == null && running.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(), "no stack runs on this machine: start ./parley up, or name one with --url");
        }
        if (url != null && (token == null || apiKey == null)) {
            throw new ParameterException(command.commandLine(), "--url needs --token and --api-key as well");
        }
        String usedToken = token == null ? defaultToken.apply(running.orElseThrow()) : token;
        String usedKey = apiKey == null ? running.orElseThrow().apiKey() : apiKey;
        URI target = url == null ? URI.create(running.orElseThrow().url()) : url;
        return VoiceClientOptions.of(target).withApiKey(usedKey).withTokens(TokenSource.fixed(usedToken));
    }
}
