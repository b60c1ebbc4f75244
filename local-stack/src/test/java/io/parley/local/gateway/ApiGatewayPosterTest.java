package io.parley.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.aws.AwsPorts;
import io.parley.core.port.ConnectionPoster;
import io.parley.core.port.ConnectionPoster.Outcome;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Our adapter for @connections on our gateway; moto has no sockets. */
class ApiGatewayPosterTest {

    private final RunningGateway running = RunningGateway.plain();
    private final ConnectionPoster poster = AwsPorts.from(Map.of(
                    "AWS_REGION", "eu-central-1", "AWS_ACCESS_KEY_ID", "local", "AWS_SECRET_ACCESS_KEY", "local"))
            .connectionPoster(
                    URI.create("http://127.0.0.1:" + running.edgePort + "/" + RunningGateway.STAGE),
                    Duration.ofSeconds(10));

    @AfterEach
    void close() {
        running.close();
    }

    @Test
    void postsTextAndLearnsThatAConnectionIsGone() {
        Client client = running.connect();
        String id = running.connect
                .next()
                .path("requestContext")
                .path("connectionId")
                .asText();

        assertThat(post(id, "hello ☃")).isEqualTo(Outcome.POSTED);
        assertThat(client.hear()).isEqualTo("hello ☃");
        assertThat(post(id, "x".repeat(128 * 1024 + 1))).isEqualTo(Outcome.TOO_LARGE);
        assertThat(poster.close(id).toCompletableFuture().join()).isEqualTo(Outcome.POSTED);
        assertThat(post(id, "hello")).isEqualTo(Outcome.GONE);
    }

    private Outcome post(String connection, String text) {
        return poster.post(connection, text.getBytes(StandardCharsets.UTF_8))
                .toCompletableFuture()
                .join();
    }
}
