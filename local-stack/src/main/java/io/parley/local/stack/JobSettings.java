package io.parley.local.stack;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.core.options.OptionException;
import io.parley.job.JobOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The job's settings in the JSON in which Managed Service for Apache Flink hands property groups to a job. */
final class JobSettings {

    private final Map<String, Map<String, String>> groups = new LinkedHashMap<>();

    JobSettings group(String id, Map<String, String> properties) {
        groups.put(id, new HashMap<>(properties));
        return this;
    }

    /** Puts each setting into the group it belongs to, in place of what that group had. */
    JobSettings override(Map<String, String> settings) {
        settings.forEach((key, value) ->
                groups.computeIfAbsent(groupOf(key), id -> new HashMap<>()).put(key, value));
        return this;
    }

    private static String groupOf(String key) {
        return JobOptions.GROUPS.entrySet().stream()
                .filter(group -> group.getValue().stream()
                        .anyMatch(option -> option.key().equals(key)))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new OptionException("the job has no setting " + key));
    }

    Path write(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ArrayNode array = json.createArrayNode();
        groups.forEach((id, properties) -> {
            ObjectNode group = array.addObject().put("PropertyGroupId", id);
            ObjectNode map = group.putObject("PropertyMap");
            properties.forEach(map::put);
        });
        Files.createDirectories(file.getParent());
        return Files.write(file, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(array));
    }
}
