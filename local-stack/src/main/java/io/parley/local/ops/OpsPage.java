package io.parley.local.ops;

import io.parley.local.web.PageFiles;
import io.parley.local.web.PageServer;
import io.parley.local.web.PageServer.PageHandler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The operator's page: its files below {@code /ops/}, the chart library out of its own jar, and what it shows:
 * {@code /ops/data?after=MS} gives the snapshots later than that, {@code /ops/config.json} where Flink's web UI is.
 */
public final class OpsPage {

    private static final String JAR = "META-INF/maven/org.webjars.npm/uplot/pom.properties";

    private OpsPage() {}

    /** @param flinkUrl empty where the stack does not run the job */
    public static void serve(PageServer server, OpsHistory history, String flinkUrl) {
        Buffer config = new JsonObject().put("flink", flinkUrl).toBuffer();
        server.page(
                "/ops",
                request -> request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "ops/")
                        .end());
        server.page("/ops/", new PageFiles("/ops/", "web-client/ops"));
        server.page("/ops/uplot.js", library("uPlot.esm.js", "text/javascript; charset=utf-8"));
        server.page("/ops/uplot.css", library("uPlot.min.css", "text/css; charset=utf-8"));
        server.data("/ops/config.json", request -> reply(request, config));
        server.data("/ops/data", request -> data(request, history));
    }

    private static void data(HttpServerRequest request, OpsHistory history) {
        String after = request.getParam("after", "0");
        if (after.matches("\\d{1,15}")) {
            reply(request, history.json(Long.parseLong(after)));
        } else {
            PageServer.refuse(request, 400, "after is a time in ms since the epoch.");
        }
    }

    private static void reply(HttpServerRequest request, Buffer json) {
        request.response().putHeader("Content-Type", "application/json").end(json);
    }

    private static PageHandler library(String name, String type) {
        Properties jar = new Properties();
        try (InputStream in = resource(JAR)) {
            jar.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String path = "META-INF/resources/webjars/uplot/" + jar.getProperty("version") + "/dist/" + name;
        try (InputStream in = resource(path)) {
            Buffer file = Buffer.buffer(in.readAllBytes());
            return request -> request.response().putHeader("Content-Type", type).end(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String path) throws IOException {
        InputStream in = OpsPage.class.getClassLoader().getResourceAsStream(path);
        if (in == null) {
            throw new IOException(path + " is not on the class path");
        }
        return in;
    }
}
