package io.parley.local.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Reads documents and JSON schemas of the project. */
final class Schemas {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private Schemas() {}

    static JsonNode json(Path file) {
        return read(JSON, file);
    }

    static JsonNode yaml(Path file) {
        return read(YAML, file);
    }

    private static JsonNode read(ObjectMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonSchema draft7(JsonNode schema) {
        return JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(schema);
    }

    static JsonSchema draft2020(JsonNode schema) {
        return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema);
    }

    /** What is wrong with the value, one line each; empty where it is valid. */
    static List<String> problems(JsonSchema schema, JsonNode value) {
        return schema.validate(value).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    /**
     * The schema, but an object in it may have no other fields than those that it describes. What is published leaves
     * objects open, so that fields can be added; our own messages must be described whole.
     */
    static JsonNode closed(JsonNode schema) {
        JsonNode closed = schema.deepCopy();
        walk("", closed, (pointer, node) -> {
            if (node.path("type").asText().equals("object") && node.has("properties")) {
                ((ObjectNode) node).put("additionalProperties", false);
            }
        });
        return closed;
    }

    /** Every {@code $ref} of the document that leads to nothing in it. */
    static List<String> brokenReferences(JsonNode document) {
        List<String> broken = new ArrayList<>();
        walk("", document, (pointer, node) -> {
            String reference = node.path("$ref").asText("");
            boolean leads = reference.isEmpty()
                    || reference.startsWith("#/")
                            && !document.at(reference.substring(1)).isMissingNode();
            if (!leads) {
                broken.add(pointer + " -> " + reference);
            }
        });
        return broken;
    }

    /** Visits every object with its JSON pointer. */
    static void walk(String pointer, JsonNode node, BiConsumer<String, JsonNode> visitor) {
        if (node.isObject()) {
            visitor.accept(pointer, node);
            node.fields().forEachRemaining(field -> walk(pointer + "/" + field.getKey(), field.getValue(), visitor));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            walk(pointer + "/" + i, node.get(i), visitor);
        }
    }
}
