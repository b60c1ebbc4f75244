package io.parley.local.web;

import io.parley.local.edge.LoopbackHost;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local stack's web pages, on a loopback port of their own.
 *
 * <p>A Host that is not loopback is refused, so that no page reaches it through DNS rebinding. Pages may be opened from
 * anywhere; {@link #data data} is for these pages alone: what another site makes a browser send is refused. Every answer
 * forbids the browser to run or load anything from elsewhere.
 *
 * <p>Routes may be added before and after the start. Handlers run on an event loop and must not block it.
 */
public final class PageServer {

    /** Answers one request. Whoever throws or fails makes it a 500. */
    @FunctionalInterface
    public interface PageHandler {
        void handle(HttpServerRequest request);
    }

    private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);

    private record Route(PageHandler handler, boolean data) {}

    private final Vertx vertx;
    private final Map<String, Route> routes = new ConcurrentHashMap<>();
    private final Set<String> sockets = ConcurrentHashMap.newKeySet();
    private HttpServer server;

    public PageServer(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What anybody may link to: documents, scripts, styles. A path that ends with a slash takes all below it. */
    public PageServer page(String path, PageHandler handler) {
        routes.put(path, new Route(handler, false));
        return this;
    }

    /** What only this server's own pages may ask for, and programs on this machine. */
    public PageServer data(String path, PageHandler handler) {
        routes.put(path, new Route(handler, true));
        return this;
    }

    /** Pages may open WebSockets to there, and to this server; to nothing else. */
    public PageServer allowSocket(String url) {
        sockets.add(url);
        return this;
    }

    /** Binds 127.0.0.1; port 0 takes a free one. Completes with the port. */
    public Future<Integer> start(int port) {
        HttpServerOptions options =
                new HttpServerOptions().setHost("127.0.0.1").setPort(port).setHttp2ClearTextEnabled(false);
        server = vertx.createHttpServer(options).requestHandler(this::accept);
        return server.listen().map(HttpServer::actualPort);
    }

    public Future<Void> stop() {
        return server == null ? Future.succeededFuture() : server.close();
    }

    private void accept(HttpServerRequest request) {
        request.response().headers().addAll(securityHeaders());
        if (request.authority() == null || !LoopbackHost.is(request.authority().host())) {
            refuse(request, 403, "This server serves this machine only.");
            return;
        }
        Route route = find(request.path());
        if (route == null) {
            refuse(request, 404, "There is nothing here.");
        } else if (route.data() && !isOfOwnPage(request)) {
            refuse(request, 403, "Another site's page may not ask for this.");
        } else {
            try {
                route.handler().handle(request);
            } catch (RuntimeException e) {
                LOG.warn("{} {} failed", request.method(), request.path(), e);
                refuse(request, 500, "Internal error.");
            }
        }
    }

    private Route find(String path) {
        Route exact = routes.get(path);
        for (int slash = path.lastIndexOf('/'); exact == null && slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
            exact = routes.get(path.substring(0, slash + 1));
        }
        return exact;
    }

    /** Browsers say with Sec-Fetch-Site, or at least with Origin, whose page asks (Fetch standard); programs do not. */
    private static boolean isOfOwnPage(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        String site = request.getHeader("Sec-Fetch-Site");
        return (origin == null || origin.equals("http://" + request.getHeader("Host")))
                && (site == null || site.equals("same-origin") || site.equals("none"));
    }

    private MultiMap securityHeaders() {
        return MultiMap.caseInsensitiveMultiMap()
                .add(
                        "Content-Security-Policy",
                        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; font-src 'self';"
                                + " img-src 'self' data:; connect-src 'self'"
                                + sockets.stream().map(url -> " " + url).reduce("", String::concat)
                                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
                .add("Permissions-Policy", "microphone=(self), camera=(), geolocation=()")
                .add("X-Content-Type-Options", "nosniff")
                .add("X-Frame-Options", "DENY")
                .add("Referrer-Policy", "no-referrer")
                .add("Cross-Origin-Opener-Policy", "same-origin")
                .add("Cross-Origin-Resource-Policy", "same-origin")
                .add("Cache-Control", "no-store");
    }

    /** Answers with a line of text. */
    public static void refuse(HttpServerRequest request, int status, String why) {
        if (!request.response().headWritten()) {
            request.response()
                    .setStatusCode(status)
                    // What the request still has to say is not read.
                    .putHeader("Connection", "close")
                    .putHeader("Content-Type", "text/plain; charset=utf-8")
                    .end(why);
        }
    }
}
