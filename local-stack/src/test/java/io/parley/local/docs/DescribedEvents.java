package io.parley.local.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import java.util.List;

/** The events of the bus as {@code docs/events/send-audio-event.schema.json} describes them. Thread safe. */
public final class DescribedEvents {

    private final JsonNode schema = Schemas.json(Pages.named("docs/events/send-audio-event.schema.json"));
    private final JsonSchema closed = Schemas.draft2020(Schemas.closed(schema));

    JsonNode schema() {
        return schema;
    }

    /** What is wrong with an event as a target gets it; empty where it is as described. */
    public List<String> problems(JsonNode event) {
        return Schemas.problems(closed, event).stream()
                .map(problem -> problem + " in " + event)
                .toList();
    }
}
