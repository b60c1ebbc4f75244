package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.client.JdkTransport;
import io.parley.client.TokenSource;
import io.parley.client.Transport;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceClientOptions;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JoinInPlaceITCase {

    private final List<String> sent = new CopyOnWriteArrayList<>();

    @Test
    void theNextConnectionJoinsInPlaceOfTheOneBefore() throws Exception {
        Ear ear = new Ear();
        try (LocalStack stack = LocalStack.start(StackOptions.onFreePorts())) {
            VoiceClientOptions options = VoiceClientOptions.of(
                            URI.create(stack.credentials().url()))
                    .withApiKey(stack.credentials().apiKey())
                    .withTokens(TokenSource.fixed(stack.token("mover")));
            try (VoiceClient client = VoiceClient.create(options, ear, writingDown(new JdkTransport()))) {
                client.connect().get(30, TimeUnit.SECONDS);
                client.join("lobby").get(30, TimeUnit.SECONDS);
                client.replaceConnection().get(30, TimeUnit.SECONDS);
                client.replaceConnection().get(30, TimeUnit.SECONDS);
                client.room("lobby").selfMute().get(30, TimeUnit.SECONDS);
            }
        }
        List<JsonNode> joins = joins();
        assertThat(joins).hasSize(3);
        assertThat(joins.get(1).path("resume").asText()).isNotEmpty();
        assertThat(joins.get(2).path("replaces").asText())
                .isNotEmpty()
                .isNotEqualTo(joins.get(1).path("replaces").asText());
        assertThat(ear.errors).isEmpty();
    }

    private List<JsonNode> joins() throws Exception {
        List<JsonNode> joins = new ArrayList<>();
        for (String text : sent) {
            JsonNode message = new ObjectMapper().readTree(text);
            if (message.path("action").asText().equals("join")) {
                joins.add(message);
            }
        }
        return joins;
    }

    private Transport writingDown(Transport transport) {
        return (upgrade, receiver) -> transport.connect(upgrade, receiver).thenApply(socket -> new Transport.Socket() {
            @Override
            public CompletionStage<Void> send(String text) {
                sent.add(text);
                return socket.send(text);
            }

            @Override
            public void close() {
                socket.close();
            }
        });
    }
}
