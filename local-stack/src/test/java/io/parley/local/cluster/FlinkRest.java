package io.parley.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the tests ask of a Flink cluster, by the REST API of the JobManager (Flink's page "REST API"). An answer that is
 * not 2xx is an {@link IOException} with its text.
 */
public final class FlinkRest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String BOUNDARY = "parley-jar-boundary";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;

    FlinkRest(String url) {
        this.url = url;
    }

    /** Slots that no job has; 0 while the JobManager does not answer yet. */
    public int freeSlots() throws IOException, InterruptedException {
        try {
            return get("/overview").path("slots-available").asInt();
        } catch (IOException e) {
            // Nobody listens yet, or the parts that would answer are being started.
            return 0;
        }
    }

    /** Uploads a jar; gives its id. */
    public String upload(Path jar) throws IOException, InterruptedException {
        BodyPublisher body = BodyPublishers.concat(
                BodyPublishers.ofString("--" + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"" + jar.getFileName()
                        + "\"\r\nContent-Type: application/x-java-archive\r\n\r\n"),
                BodyPublishers.ofFile(jar),
                BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
        String stored = post("/jars/upload", "multipart/form-data; boundary=" + BOUNDARY, body)
                .path("filename")
                .asText();
        return stored.substring(stored.lastIndexOf('/') + 1);
    }

    /** Runs an uploaded jar's main class; gives the job's id. */
    public String run(String jar, List<String> programArguments) throws IOException, InterruptedException {
        ObjectNode request = JSON.createObjectNode();
        ArrayNode arguments = request.putArray("programArgsList");
        programArguments.forEach(arguments::add);
        return post(
                        "/jars/" + jar + "/run",
                        "application/json",
                        BodyPublishers.ofString(request.toString(), StandardCharsets.UTF_8))
                .path("jobid")
                .asText();
    }

    public boolean allTasksRun(String job) throws IOException, InterruptedException {
        JsonNode vertices = get("/jobs/" + job).path("vertices");
        for (JsonNode vertex : vertices) {
            if (!vertex.path("status").asText().equals("RUNNING")) {
                return false;
            }
        }
        return !vertices.isEmpty();
    }

    /** How many checkpoints the job has completed. */
    public int completedCheckpoints(String job) throws IOException, InterruptedException {
        return get("/jobs/" + job + "/checkpoints")
                .path("counts")
                .path("completed")
                .asInt();
    }

    /** From how many checkpoints the job was restored. */
    public int restoredCheckpoints(String job) throws IOException, InterruptedException {
        return get("/jobs/" + job + "/checkpoints")
                .path("counts")
                .path("restored")
                .asInt();
    }

    /** The ids of the TaskManagers that run tasks of the job. */
    public Set<String> taskManagersOf(String job) throws IOException, InterruptedException {
        Set<String> ids = new TreeSet<>();
        for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
            String path = "/jobs/" + job + "/vertices/" + vertex.path("id").asText() + "/taskmanagers";
            for (JsonNode taskManager : get(path).path("taskmanagers")) {
                ids.add(taskManager.path("taskmanager-id").asText());
            }
        }
        return ids;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url + path)).GET());
    }

    private JsonNode post(String path, String contentType, BodyPublisher body)
            throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", contentType)
                .POST(body));
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(response.uri() + " answered " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }
}
