package io.parley.local.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.lambda.FunctionRegistry;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a matched event to a rule's target.
 *
 * <p>A function is invoked asynchronously, as EventBridge does, so that retries are Lambda's own (two more runs); one
 * that does not exist costs a warning. A log group is the logger {@code events.<name>}, one line an event, with long
 * strings cut, so that no audio can get into a log through an event.
 */
final class EventDelivery {

    static final int MAX_LOGGED_CHARACTERS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(EventDelivery.class);

    private final FunctionRegistry functions;
    private final BiConsumer<String, JsonNode> logGroups;

    EventDelivery(FunctionRegistry functions) {
        this(
                functions,
                (group, event) -> LoggerFactory.getLogger("events." + group).info("{}", event));
    }

    /** @param logGroups gets a group's name and what is to be logged there */
    EventDelivery(FunctionRegistry functions, BiConsumer<String, JsonNode> logGroups) {
        this.functions = functions;
        this.logGroups = logGroups;
    }

    void deliver(String ruleName, RuleTarget target, JsonNode envelope) {
        JsonNode payload = target.payload(envelope);
        if (!target.isFunction()) {
            logGroups.accept(target.logGroup(), shortened(payload));
            return;
        }
        functions
                .invokeEvent(target.arn(), payload.toString().getBytes(StandardCharsets.UTF_8))
                .whenComplete((result, failure) -> {
                    if (failure != null) {
                        LOG.warn(
                                "rule {} could not reach its target {}: {}", ruleName, target.id(), failure.toString());
                    }
                });
    }

    /** The same tree with strings longer than the limit replaced by their length. */
    static JsonNode shortened(JsonNode tree) {
        if (tree.isTextual() && tree.textValue().length() > MAX_LOGGED_CHARACTERS) {
            return JsonNodeFactory.instance.textNode("<" + tree.textValue().length() + " characters>");
        }
        if (tree.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            tree.fields().forEachRemaining(field -> copy.set(field.getKey(), shortened(field.getValue())));
            return copy;
        }
        if (tree.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            tree.forEach(element -> copy.add(shortened(element)));
            return copy;
        }
        return tree;
    }
}
