package io.parley.local.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * EventBridge's API before {@link EventBuses}: buses, rules by event pattern, targets, PutEvents, TestEventPattern.
 *
 * <p>Limits are those of the API reference: 10 entries and 256 KB in one PutEvents. Schedules, archives, partner and
 * cross-account buses, global endpoints, tags and policies are not served and are refused by name.
 */
public final class EventBridgeEndpoint implements EdgeService {

    static final int MAX_ENTRIES = 10;
    static final int MAX_BYTES = 256 * 1024;
    private static final int MAX_PAGE = 100;
    /** What TestEventPattern's event must have ("TestEventPattern", EventBridge API reference). */
    private static final List<String> EVENT_FIELDS =
            List.of("id", "account", "source", "time", "region", "resources", "detail-type");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventBuses buses;

    public EventBridgeEndpoint(EventBuses buses) {
        this.buses = buses;
    }

    @Override
    public String signingName() {
        return "events";
    }

    @Override
    public void handle(EdgeRequest request) {
        JsonNode in = request.tree();
        request.reply(
                switch (request.operation()) {
                    case "PutEvents" -> putEvents(in);
                    case "TestEventPattern" -> testEventPattern(in);
                    case "CreateEventBus" -> createEventBus(in);
                    case "DeleteEventBus" -> deleteEventBus(in);
                    case "DescribeEventBus" -> describe(buses.bus(text(in, "Name")));
                    case "ListEventBuses" -> listEventBuses(in);
                    case "PutRule" -> putRule(in);
                    case "DeleteRule" -> deleteRule(in);
                    case "DescribeRule" -> describeRule(in);
                    case "ListRules" -> listRules(in);
                    case "EnableRule" -> setEnabled(in, true);
                    case "DisableRule" -> setEnabled(in, false);
                    case "PutTargets" -> putTargets(in);
                    case "RemoveTargets" -> removeTargets(in);
                    case "ListTargetsByRule" -> listTargets(in);
                    default ->
                        throw new AwsException(
                                400,
                                "UnknownOperationException",
                                "the local EventBridge does not serve " + request.operation());
                });
    }

    private ObjectNode putEvents(JsonNode in) {
        refuse(in, "EndpointId");
        JsonNode entries = in.path("Entries");
        if (entries.isEmpty() || entries.size() > MAX_ENTRIES) {
            throw AwsException.validation("1 validation error detected: Value '[" + entries.size()
                    + " entries]' at 'entries' failed to satisfy constraint: Member must have length "
                    + (entries.isEmpty() ? "greater than or equal to 1" : "less than or equal to " + MAX_ENTRIES));
        }
        List<EventEntry> events = new ArrayList<>();
        int bytes = 0;
        for (JsonNode entry : entries) {
            EventEntry event = new EventEntry(entry);
            events.add(event);
            bytes += event.size();
        }
        if (bytes > MAX_BYTES) {
            throw AwsException.validation("Total size of the entries in the request is over the limit.");
        }
        ObjectNode answer = EdgeRequest.object();
        ArrayNode results = EdgeRequest.object().putArray("Entries");
        int failed = 0;
        for (EventEntry event : events) {
            ObjectNode result = results.addObject();
            try {
                result.put("EventId", buses.put(event));
            } catch (AwsException e) {
                failed++;
                result.put("ErrorCode", e.code()).put("ErrorMessage", e.getMessage());
            }
        }
        answer.put("FailedEntryCount", failed);
        answer.set("Entries", results);
        return answer;
    }

    private ObjectNode testEventPattern(JsonNode in) {
        String pattern = required(in, "EventPattern");
        EventPattern.check(pattern);
        JsonNode event;
        try {
            event = JSON.readTree(required(in, "Event"));
        } catch (JsonProcessingException e) {
            throw AwsException.validation("Parameter Event is not valid. Reason: not JSON.");
        }
        for (String field : EVENT_FIELDS) {
            if (!event.has(field)) {
                throw AwsException.validation(
                        "Parameter Event is not valid. Reason: it lacks the field " + field + ".");
            }
        }
        return EdgeRequest.object().put("Result", EventPattern.matches(pattern, event));
    }

    private ObjectNode createEventBus(JsonNode in) {
        refuse(in, "EventSourceName");
        String name = required(in, "Name");
        buses.createBus(name);
        return EdgeRequest.object().put("EventBusArn", buses.busArn(name));
    }

    private ObjectNode deleteEventBus(JsonNode in) {
        buses.deleteBus(required(in, "Name"));
        return EdgeRequest.object();
    }

    private ObjectNode describe(EventBus bus) {
        return EdgeRequest.object()
                .put("Name", bus.name())
                .put("Arn", buses.busArn(bus.name()))
                .put("CreationTime", bus.created().toEpochMilli() / 1000.0)
                .put("LastModifiedTime", bus.created().toEpochMilli() / 1000.0);
    }

    private ObjectNode listEventBuses(JsonNode in) {
        String prefix = in.path("NamePrefix").asText("");
        List<ObjectNode> found = buses.all().stream()
                .filter(bus -> bus.name().startsWith(prefix))
                .map(this::describe)
                .toList();
        return page(in, "EventBuses", found);
    }

    private ObjectNode putRule(JsonNode in) {
        String name = required(in, "Name");
        if (in.hasNonNull("ScheduleExpression")) {
            throw AwsException.validation(
                    "ScheduleExpression is not served by the local EventBridge: it runs rules with an EventPattern only.");
        }
        if (!in.hasNonNull("EventPattern")) {
            throw AwsException.validation("Parameter(s) EventPattern or ScheduleExpression must be specified.");
        }
        String state = in.path("State").asText("ENABLED");
        if (!state.equals("ENABLED") && !state.equals("DISABLED")) {
            throw AwsException.validation("State '" + state + "' must be ENABLED or DISABLED");
        }
        EventBus bus = buses.bus(text(in, "EventBusName"));
        buses.putRule(
                bus.name(),
                new Rule(
                        name,
                        text(in, "EventPattern"),
                        state.equals("ENABLED"),
                        text(in, "Description"),
                        text(in, "RoleArn"),
                        Map.of()));
        return EdgeRequest.object().put("RuleArn", buses.ruleArn(bus.name(), name));
    }

    private ObjectNode deleteRule(JsonNode in) {
        buses.bus(text(in, "EventBusName")).deleteRule(required(in, "Name"));
        return EdgeRequest.object();
    }

    private ObjectNode describeRule(JsonNode in) {
        EventBus bus = buses.bus(text(in, "EventBusName"));
        return describe(bus, bus.rule(required(in, "Name"))).put("CreatedBy", buses.accountId());
    }

    private ObjectNode describe(EventBus bus, Rule rule) {
        ObjectNode tree = EdgeRequest.object()
                .put("Name", rule.name())
                .put("Arn", buses.ruleArn(bus.name(), rule.name()))
                .put("EventPattern", rule.pattern())
                .put("State", rule.enabled() ? "ENABLED" : "DISABLED")
                .put("EventBusName", bus.name());
        if (rule.description() != null) {
            tree.put("Description", rule.description());
        }
        if (rule.roleArn() != null) {
            tree.put("RoleArn", rule.roleArn());
        }
        return tree;
    }

    private ObjectNode listRules(JsonNode in) {
        EventBus bus = buses.bus(text(in, "EventBusName"));
        String prefix = in.path("NamePrefix").asText("");
        List<ObjectNode> found = bus.rules().stream()
                .filter(rule -> rule.name().startsWith(prefix))
                .map(rule -> describe(bus, rule))
                .toList();
        return page(in, "Rules", found);
    }

    private ObjectNode setEnabled(JsonNode in, boolean enabled) {
        buses.bus(text(in, "EventBusName")).update(required(in, "Name"), rule -> rule.withEnabled(enabled));
        return EdgeRequest.object();
    }

    private ObjectNode putTargets(JsonNode in) {
        List<RuleTarget> targets = new ArrayList<>();
        in.path("Targets").forEach(target -> targets.add(RuleTarget.of(target)));
        if (targets.isEmpty()) {
            throw AwsException.validation("Parameter Targets must have at least one member");
        }
        buses.bus(text(in, "EventBusName")).update(required(in, "Rule"), rule -> rule.withTargets(targets));
        return noFailures();
    }

    private ObjectNode removeTargets(JsonNode in) {
        List<String> ids = new ArrayList<>();
        in.path("Ids").forEach(id -> ids.add(id.asText()));
        buses.bus(text(in, "EventBusName")).update(required(in, "Rule"), rule -> rule.withoutTargets(ids));
        return noFailures();
    }

    private ObjectNode listTargets(JsonNode in) {
        Rule rule = buses.bus(text(in, "EventBusName")).rule(required(in, "Rule"));
        return page(
                in,
                "Targets",
                rule.targets().values().stream().map(RuleTarget::tree).toList());
    }

    private static ObjectNode noFailures() {
        ObjectNode answer = EdgeRequest.object().put("FailedEntryCount", 0);
        answer.putArray("FailedEntries");
        return answer;
    }

    /** NextToken is the number of elements already given. */
    private static ObjectNode page(JsonNode in, String member, List<ObjectNode> all) {
        int limit = in.path("Limit").asInt(MAX_PAGE);
        if (limit < 1 || limit > MAX_PAGE) {
            throw AwsException.validation("Limit " + limit + " must be between 1 and " + MAX_PAGE);
        }
        int from = in.path("NextToken").asInt(0);
        if (from < 0 || from > all.size()) {
            throw AwsException.validation("NextToken is not valid.");
        }
        int to = Math.min(all.size(), from + limit);
        ObjectNode answer = EdgeRequest.object();
        answer.putArray(member).addAll(all.subList(from, to));
        if (to < all.size()) {
            answer.put("NextToken", String.valueOf(to));
        }
        return answer;
    }

    private static void refuse(JsonNode in, String member) {
        if (in.hasNonNull(member)) {
            throw AwsException.validation(member + " is not served by the local EventBridge.");
        }
    }

    private static String required(JsonNode in, String member) {
        String value = text(in, member);
        if (value == null || value.isEmpty()) {
            throw AwsException.validation("Parameter " + member + " is required.");
        }
        return value;
    }

    private static String text(JsonNode in, String member) {
        return in.hasNonNull(member) ? in.get(member).asText() : null;
    }
}
