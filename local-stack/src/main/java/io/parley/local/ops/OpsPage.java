package io.parley.local.ops;

import io.parley.local.web.PageFiles;
import io.parley.local.web.PageServer;
import io.parley.local.web.PageServer.PageHandler;
import io.parley.local.web.WebJar;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/**
 * The operator's page: its files below {@code /ops/}, the chart library out of its own jar, and what it shows:
 * {@code /ops/data?after=MS} gives the snapshots later than that, {@code /ops/config.json} where Flink's web UI is.
 */
public final class OpsPage {

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
        Buffer file = Buffer.buffer(WebJar.bytes("uplot", "dist/" + name));
        return request -> request.response().putHeader("Content-Type", type).end(file);
    }
}
