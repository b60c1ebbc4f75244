package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.local.aws.OperatorFunction;
import io.parley.local.stack.DevelopmentCredentials;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.NewTicket.Grant;
import io.parley.local.stack.StackOptions;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is logged holds nothing that would let its reader in, or hear. */
class LogsITCase {

    private static final String ROOM = "logged";

    /** What must not be in the log, by what it is. */
    private final Map<String, String> secrets = new LinkedHashMap<>();

    @Test
    void neitherTokensNorKeysNorSecretsNorAudioAreLogged() throws Exception {
        try (AllLogLines log = new AllLogLines();
                LocalStack stack = LocalStack.start(StackOptions.onFreePorts()
                        .withArchive(ArchiveMode.BOTH, EventGranularity.CHUNK)
                        .withFunctionSettings(Map.of("ROOM_POLICY", "ticket", "SEED_CLIENTS", "on")))) {
            DevelopmentCredentials credentials = stack.credentials();
            secret("API key", credentials.apiKey());
            secret("password", credentials.alicePassword());
            refusedUpgrades(stack);
            try (RawClient ann = connect(stack, "ann");
                    RawClient bob = connect(stack, "bob");
                    RawClient seed = RawClient.connectSeed(credentials)) {
                refusedMessages(stack);
                join(stack, ann, "ann", Grant.PUBLISH, Grant.LISTEN, Grant.MODERATE);
                join(stack, bob, "bob", Grant.PUBLISH, Grant.LISTEN);
                bob.sendAction("sendaudio", "room", ROOM, "chunk", secretChunk(0));
                ann.await(message -> message.toString().contains("\"frames\""));
                seed.send(
                        "{\"action\":\"sendaudio\",\"data\":\"" + secret("audio of the original protocol", noise(4_096))
                                + "\",\"author\":\"Steve\",\"timestamp\":1700000000000,\"format\":\"pcm\",\"encoding\":\"base64\"}");
                // Taken, but cut short: refused for its form.
                bob.sendAction(
                        "sendaudio", "room", ROOM, "chunk", secretChunk(5).substring(0, 100));
                bob.awaitAction("error");
                for (String deed : new String[] {"mute", "unmute", "kick", "ban", "unban"}) {
                    ann.sendAction(deed, "room", ROOM, "participant", stack.participant("bob"));
                    ann.awaitAction("accepted");
                }
                ann.sendAction("renew", "room", ROOM, "ticket", ticket(stack, "ann", Grant.LISTEN));
                ann.awaitAction("accepted");
                new OperatorFunction(
                                Map.of(
                                        "AWS_REGION",
                                        LocalStack.REGION,
                                        "AWS_ENDPOINT_URL",
                                        credentials.edge(),
                                        "AWS_ACCESS_KEY_ID",
                                        "local",
                                        "AWS_SECRET_ACCESS_KEY",
                                        "local"),
                                credentials.operatorFunction())
                        .perform(Map.of("operation", "suspend", "participant", stack.participant("bob"), "minutes", 5));
                bob.awaitClose();
                stack.faults("kinesis").fail();
                ann.sendAction("say", "room", ROOM, "text", "while the stream is away");
                ann.awaitAction("error");
                stack.faults("kinesis").mend();
            }
            Eventually.until("the events are logged", () -> log.text().contains("chunk_truncated"));

            assertThat(log.text()).contains("SendAudioEvent", stack.participant("bob"));
            secrets.forEach((what, secret) -> assertThat(log.text().contains(secret))
                    .as("the log has the " + what)
                    .isFalse());
        }
    }

    private void refusedUpgrades(LocalStack stack) throws Exception {
        String url = stack.credentials().url();
        String apiKey = stack.credentials().apiKey();
        String token = stack.token("ann");
        String otherSignature = token.substring(0, token.lastIndexOf('.') + 1) + "c".repeat(342);
        RefusedUpgrade.status(url, apiKey, secret("token with another signature", otherSignature));
        RefusedUpgrade.status(url, apiKey, secret("token that is none", "no-token-at-all-but-secret"));
        RefusedUpgrade.status(url, secret("wrong API key", "wrong-key-that-someone-typed"), token);
    }

    private void refusedMessages(LocalStack stack) throws Exception {
        String foreign = secret("ticket of another", stack.ticket("eve", ROOM, Grant.LISTEN));
        String[] refused = {
            "\"ticket\":\"" + foreign + "\"",
            "\"ticket\":\"" + secret("ticket that is none", "no-ticket-at-all-but-secret") + "\"",
            "\"replaces\":\"c0=\",\"resume\":\"" + secret("wrong resume secret", "wrong-resume-secret-0") + "\"",
            "\"ticket\":\"" + secret("ticket in a broken message", "ticket-in-a-broken-message") + "\",,"
        };
        for (String fields : refused) {
            try (RawClient client =
                    connect(stack, "refused-" + Arrays.asList(refused).indexOf(fields))) {
                client.send("{\"action\":\"join\",\"room\":\"" + ROOM + "\"," + fields + "}");
                client.awaitAction("error");
            }
        }
    }

    private RawClient connect(LocalStack stack, String user) throws Exception {
        return RawClient.connect(stack.credentials(), secret("token of " + user, stack.token(user)));
    }

    private void join(LocalStack stack, RawClient client, String user, Grant... grants) throws Exception {
        client.sendAction("join", "room", ROOM, "ticket", ticket(stack, user, grants));
        JsonNode accepted = client.awaitAction("accepted");
        secret("resume secret of " + user, accepted.path("resume").asText());
        client.awaitAction("joined");
    }

    private String ticket(LocalStack stack, String user, Grant... grants) {
        return secret("ticket " + secrets.size() + " of " + user, stack.ticket(user, ROOM, grants));
    }

    private String secretChunk(int sequence) {
        ChunkBuilder chunk = new ChunkBuilder(Codec.PCM16_16K, 20_000, sequence, 0, 0);
        chunk.frame(30, Base64.getDecoder().decode(secret("payload", noise(640))));
        return secret(
                "chunk " + sequence,
                Base64.getEncoder()
                        .encodeToString(chunk.flag(Chunk.FLAG_END_OF_SPURT).build()));
    }

    private static String noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(bytes).nextBytes(noise);
        return Base64.getEncoder().encodeToString(noise);
    }

    /** Of a long one its middle too, so that none is found in part. */
    private String secret(String what, String text) {
        secrets.put(what, text);
        if (text.length() > 60) {
            secrets.put(what + ", in part", text.substring(text.length() / 2, text.length() / 2 + 24));
        }
        return text;
    }
}
