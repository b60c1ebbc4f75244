package io.parley.local.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.local.stack.LocalStack;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** The job's metrics, as Flink's REST interface has them: up to ten seconds old. */
final class JobMeter {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;

    JobMeter(LocalStack stack) {
        url = stack.credentials().flink();
    }

    /** The sum of a metric over all operators that have one of the name. */
    long sum(String name) throws Exception {
        long sum = 0;
        String job = get("/jobs").path("jobs").path(0).path("id").asText();
        for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
            String metrics = "/jobs/" + job + "/vertices/" + vertex.path("id").asText() + "/metrics";
            for (JsonNode metric : get(metrics)) {
                String id = metric.path("id").asText();
                if (id.endsWith("." + name)) {
                    sum += get(metrics + "?get=" + URLEncoder.encode(id, StandardCharsets.UTF_8))
                            .path(0)
                            .path("value")
                            .asLong();
                }
            }
        }
        return sum;
    }

    private JsonNode get(String path) throws Exception {
        return JSON.readTree(
                http.send(HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString())
                        .body());
    }
}
