package io.parley.local.web;

import io.parley.local.web.PageServer.PageHandler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Files of a folder of the class path, under a path of the server. Only plain names in it are looked for, so that no
 * request leaves the folder; a path that ends with a slash is its {@code index.html}.
 */
public final class PageFiles implements PageHandler {

    private static final Pattern NAME = Pattern.compile("([a-z0-9-]+/)*[a-z0-9-]+(\\.[a-z0-9-]+)*\\.[a-z0-9]+");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "png", "image/png");

    private final String path;
    private final String folder;
    private final Map<String, Buffer> files = new ConcurrentHashMap<>();

    /**
     * @param path under which the files are, with a slash at its end
     * @param folder of the class path, such as {@code web-client}
     */
    public PageFiles(String path, String folder) {
        this.path = path;
        this.folder = folder;
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
            PageServer.refuse(request, 405, "Only GET.");
            return;
        }
        String name = request.path().substring(path.length());
        if (name.isEmpty()) {
            name = "index.html";
        }
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        // Only what there is is kept.
        Buffer file = type == null || !NAME.matcher(name).matches() ? null : files.computeIfAbsent(name, this::read);
        if (file == null) {
            PageServer.refuse(request, 404, "There is nothing here.");
        } else {
            request.response().putHeader("Content-Type", type);
            if (request.method() == HttpMethod.HEAD) {
                request.response()
                        .putHeader("Content-Length", String.valueOf(file.length()))
                        .end();
            } else {
                request.response().end(file);
            }
        }
    }

    /** Null where there is none. */
    private Buffer read(String name) {
        try (InputStream in = PageFiles.class.getClassLoader().getResourceAsStream(folder + "/" + name)) {
            return in == null ? null : Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
