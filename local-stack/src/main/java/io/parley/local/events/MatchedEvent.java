package io.parley.local.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * An event as a bus took it.
 *
 * @param bus name of the bus
 * @param rules names of the enabled rules that it matched, sorted; may be empty
 * @param envelope the event as targets get it: version, id, detail-type, source, account, time, region, resources, detail
 */
public record MatchedEvent(String bus, List<String> rules, JsonNode envelope) {

    public String id() {
        return envelope.path("id").asText();
    }

    public String source() {
        return envelope.path("source").asText();
    }

    public String detailType() {
        return envelope.path("detail-type").asText();
    }

    public JsonNode detail() {
        return envelope.path("detail");
    }
}
