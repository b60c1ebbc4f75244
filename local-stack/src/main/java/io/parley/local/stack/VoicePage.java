package io.parley.local.stack;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.web.PageFiles;
import io.parley.local.web.PageServer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The voice client as the local stack serves it: its files, {@code /config.json} with how to reach the stack, and
 * {@code /session}, which signs a development user in: {@code {"user", "room", "moderate"?}} gives
 * {@code {"token", "ticket"}}.
 */
final class VoicePage {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern USER = Pattern.compile("[^\\p{Cntrl}]{1,64}");
    private static final Pattern ROOM = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final int MAX_BODY = 4_096;

    private final LocalStack stack;
    private final Vertx vertx;

    private VoicePage(LocalStack stack, Vertx vertx) {
        this.stack = stack;
        this.vertx = vertx;
    }

    /** Adds the client's routes; what needs the credentials answers 503 until the stack has them. */
    static void serve(PageServer server, LocalStack stack, Vertx vertx) {
        VoicePage page = new VoicePage(stack, vertx);
        server.page("/", new PageFiles("/", "web-client"));
        server.data("/config.json", page::config);
        server.data("/session", page::session);
    }

    private void config(HttpServerRequest request) {
        DevelopmentCredentials credentials = stack.credentials();
        if (credentials == null) {
            PageServer.refuse(request, 503, "Starting.");
            return;
        }
        ObjectNode config = JSON.createObjectNode()
                .put("url", credentials.url())
                .put("apiKey", credentials.apiKey())
                .put("session", "session")
                .put("roomPolicy", credentials.roomPolicy());
        reply(request, config);
    }

    private void session(HttpServerRequest request) {
        if (request.method() != HttpMethod.POST
                || !"application/json".equalsIgnoreCase(request.getHeader("Content-Type"))) {
            PageServer.refuse(request, 415, "Only POST of application/json.");
            return;
        }
        if (request.getHeader("Content-Length") == null
                || request.getHeader("Content-Length").length() > 4
                || Integer.parseInt(request.getHeader("Content-Length")) > MAX_BODY) {
            PageServer.refuse(request, 413, "Too large.");
            return;
        }
        request.body().onSuccess(body -> signIn(request, body));
    }

    private void signIn(HttpServerRequest request, Buffer body) {
        JsonNode wish;
        try {
            wish = JSON.readTree(body.getBytes());
        } catch (JacksonException e) {
            PageServer.refuse(request, 400, "Not JSON.");
            return;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        String user = wish.path("user").asText();
        String room = wish.path("room").asText();
        if (!USER.matcher(user).matches() || !ROOM.matcher(room).matches()) {
            PageServer.refuse(request, 400, "user is 1 to 64 characters, room 1 to 64 of A-Z a-z 0-9 _ -");
            return;
        }
        Set<NewTicket.Grant> grants = EnumSet.of(NewTicket.Grant.PUBLISH, NewTicket.Grant.LISTEN);
        if (wish.path("moderate").asBoolean()) {
            grants.add(NewTicket.Grant.MODERATE);
            grants.add(NewTicket.Grant.RECORD);
        }
        // Two signatures: too slow for an event loop that others share.
        vertx.executeBlocking(
                        () -> JSON.createObjectNode()
                                .put("token", stack.token(user))
                                .put("ticket", stack.ticket(user, room, grants.toArray(NewTicket.Grant[]::new))),
                        false)
                .onSuccess(session -> reply(request, session))
                .onFailure(e -> PageServer.refuse(request, 503, "Starting."));
    }

    private static void reply(HttpServerRequest request, ObjectNode answer) {
        request.response().putHeader("Content-Type", "application/json").end(answer.toString());
    }
}
