package io.parley.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.local.ssm.SsmService;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Programs on this machine may call the AWS APIs; a web page that is open on it may not. */
class EdgeServerTest {

    private final Vertx vertx = Vertx.vertx();
    private int port;

    @BeforeEach
    void start() throws Exception {
        EdgeServer server = new EdgeServer(vertx, List.of(new SsmService(Clock.systemUTC(), "eu-central-1")));
        port = server.start(0).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private String statusLine(String host, String... headers) throws Exception {
        StringBuilder request = new StringBuilder("POST / HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void answersProgramsOnThisMachine() throws Exception {
        assertThat(statusLine("127.0.0.1:" + port)).contains(" 404 ");
        assertThat(statusLine("localhost:" + port)).contains(" 404 ");
    }

    @Test
    void refusesNamesThatMeanThisMachineOnlyForAWebPage() throws Exception {
        assertThat(statusLine("rebound.example:" + port)).contains(" 403 ");
    }

    @Test
    void refusesEveryWebPage() throws Exception {
        assertThat(statusLine("127.0.0.1:" + port, "Origin: http://page.example"))
                .contains(" 403 ");
        assertThat(statusLine("127.0.0.1:" + port, "Origin: null")).contains(" 403 ");
        // A browser leaves the Origin out of some requests, but says that they are made by another site.
        assertThat(statusLine("127.0.0.1:" + port, "Sec-Fetch-Site: cross-site"))
                .contains(" 403 ");
    }
}
