package io.parley.local.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages are for whoever opens them on this machine, their data for themselves alone. */
class PageServerTest {

    private final Vertx vertx = Vertx.vertx();
    private final PageServer server = new PageServer(vertx);
    private int port;

    @BeforeEach
    void start() throws Exception {
        server.page("/", new PageFiles("/", "web-client"));
        server.data("/secret", request -> request.response().end("the secret"));
        server.data("/broken", request -> {
            throw new IllegalStateException("the reason");
        });
        port = server.start(0).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private String get(String path, String host, String... headers) throws Exception {
        StringBuilder request =
                new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String get(String path) throws Exception {
        return get(path, "127.0.0.1:" + port);
    }

    @Test
    void servesTheVoiceClient() throws Exception {
        assertThat(get("/")).startsWith("HTTP/1.1 200").contains("text/html").contains("<title>Parley");
        assertThat(get("/index.html", "localhost:" + port, "Sec-Fetch-Site: cross-site"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void servesNothingThatIsNotInTheFolder() throws Exception {
        assertThat(get("/none.html")).startsWith("HTTP/1.1 404");
        assertThat(get("/../log4j2.xml")).startsWith("HTTP/1.1 404");
        assertThat(get("/%2e%2e/log4j2.xml")).startsWith("HTTP/1.1 404");
        assertThat(get("//etc/passwd")).startsWith("HTTP/1.1 404");
    }

    @Test
    void refusesNamesThatMeanThisMachineOnlyForAWebPage() throws Exception {
        assertThat(get("/", "rebound.example:" + port)).startsWith("HTTP/1.1 403");
        assertThat(get("/secret", "rebound.example:" + port)).startsWith("HTTP/1.1 403");
    }

    @Test
    void givesDataToItsOwnPagesAndToPrograms() throws Exception {
        assertThat(get("/secret")).contains("the secret");
        assertThat(get(
                        "/secret",
                        "localhost:" + port,
                        "Origin: http://localhost:" + port,
                        "Sec-Fetch-Site: same-origin"))
                .contains("the secret");
    }

    @Test
    void givesNoDataToPagesOfOtherSitesOrPorts() throws Exception {
        String host = "127.0.0.1:" + port;
        for (String header : new String[] {
            "Origin: http://page.example",
            "Origin: null",
            "Origin: http://127.0.0.1:1",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Site: same-site"
        }) {
            assertThat(get("/secret", host, header)).as(header).startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void forbidsTheBrowserToLoadOrRunAnythingFromElsewhere() throws Exception {
        server.allowSocket("ws://127.0.0.1:9/local");
        assertThat(get("/"))
                .contains("Content-Security-Policy: default-src 'none'; script-src 'self';")
                .contains("connect-src 'self' ws://127.0.0.1:9/local;")
                .contains("frame-ancestors 'none'")
                .contains("X-Content-Type-Options: nosniff");
    }

    @Test
    void aHandlerThatFailsTellsNothingOfWhy() throws Exception {
        assertThat(get("/broken")).startsWith("HTTP/1.1 500").doesNotContain("the reason");
    }
}
