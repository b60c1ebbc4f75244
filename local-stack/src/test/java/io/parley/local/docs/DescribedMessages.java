package io.parley.local.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The messages as {@code docs/asyncapi.yaml} describes them: says what of a real one is not described. Thread safe.
 */
public final class DescribedMessages {

    /** What a frame without an action is called here. */
    private static final String NO_ACTION = "";

    private final JsonNode document = Schemas.yaml(Pages.named("docs/asyncapi.yaml"));
    private final Map<String, JsonSchema> byName = new LinkedHashMap<>();
    private final Map<String, String> fromClient = new TreeMap<>();
    private final Map<String, String> fromServer = new TreeMap<>();

    public DescribedMessages() {
        JsonNode closed = Schemas.closed(document.path("components"));
        document.path("components").path("messages").fieldNames().forEachRemaining(name -> {
            ObjectNode schema =
                    closed.path("messages").path(name).path("payload").deepCopy();
            schema.set("components", closed);
            byName.put(name, Schemas.draft7(schema));
        });
        for (JsonNode operation : document.path("operations")) {
            boolean fromServerToClient = operation.path("action").asText().equals("send");
            register(fromServerToClient ? fromServer : fromClient, operation.path("messages"));
            register(fromServer, operation.path("reply").path("messages"));
        }
    }

    private void register(Map<String, String> byAction, JsonNode references) {
        for (JsonNode reference : references) {
            String name = reference.path("$ref").asText().replaceAll(".*/", "");
            JsonNode action = payload(name).path("properties").path("action");
            if (action.isMissingNode()) {
                byAction.put(NO_ACTION, name);
            } else if (action.has("const")) {
                byAction.put(action.path("const").asText(), name);
            } else {
                action.path("enum").forEach(one -> byAction.put(one.asText(), name));
            }
        }
    }

    JsonNode document() {
        return document;
    }

    Set<String> names() {
        return byName.keySet();
    }

    JsonNode payload(String name) {
        return document.path("components").path("messages").path(name).path("payload");
    }

    /** The actions that a client may send. */
    public Set<String> clientActions() {
        return Set.copyOf(fromClient.keySet());
    }

    /** The actions that the server may send. */
    public Set<String> serverActions() {
        Set<String> actions = new TreeSet<>(fromServer.keySet());
        actions.remove(NO_ACTION);
        return actions;
    }

    /** What is wrong with a message of that name. */
    List<String> problems(String name, JsonNode message) {
        return Schemas.problems(byName.get(name), message);
    }

    /** What is wrong with a message of a client; empty where it is as described. */
    public List<String> problemsFromClient(JsonNode message) {
        return problems(fromClient, message);
    }

    /** What is wrong with a message of the server; empty where it is as described. */
    public List<String> problemsFromServer(JsonNode message) {
        return problems(fromServer, message);
    }

    private List<String> problems(Map<String, String> byAction, JsonNode message) {
        String name = byAction.get(message.path("action").asText(NO_ACTION));
        if (name == null) {
            return List.of("no such action: " + message);
        }
        List<String> problems = new ArrayList<>();
        problems(name, message).forEach(problem -> problems.add(problem + " in " + message));
        return problems;
    }
}
