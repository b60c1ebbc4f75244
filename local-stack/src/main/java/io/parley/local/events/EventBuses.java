package io.parley.local.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.AwsException;
import io.parley.local.lambda.FunctionRegistry;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event buses of one account and region; {@code default} is always there.
 *
 * <p>Safe for threads; nothing blocks. Errors are {@link AwsException}s with EventBridge's codes.
 */
public final class EventBuses {

    static final String DEFAULT_BUS = "default";

    private static final Logger LOG = LoggerFactory.getLogger(EventBuses.class);
    private static final Pattern BUS_NAME = Pattern.compile("[.\\-_A-Za-z0-9]{1,256}");
    private static final Pattern RULE_NAME = Pattern.compile("[.\\-_A-Za-z0-9]{1,64}");

    private final Clock clock;
    private final String region;
    private final String accountId;
    private final EventDelivery delivery;
    private final EventLog log;
    private final Map<String, EventBus> buses = new ConcurrentSkipListMap<>();

    /** @param log gets every event that a bus takes */
    public EventBuses(Clock clock, String region, String accountId, FunctionRegistry functions, EventLog log) {
        this.clock = clock;
        this.region = region;
        this.accountId = accountId;
        this.delivery = new EventDelivery(functions);
        this.log = log;
        buses.put(DEFAULT_BUS, new EventBus(DEFAULT_BUS, clock.instant()));
    }

    /** Adds a bus; ResourceAlreadyExistsException where it is there. */
    public void createBus(String name) {
        if (name.contains("/")) {
            throw AwsException.validation("Event bus name must not contain '/'.");
        }
        if (!BUS_NAME.matcher(name).matches()) {
            throw AwsException.validation("Event bus name '" + name + "' must match " + BUS_NAME);
        }
        if (buses.putIfAbsent(name, new EventBus(name, clock.instant())) != null) {
            throw new AwsException(400, "ResourceAlreadyExistsException", "Event bus " + name + " already exists.");
        }
    }

    /** A bus that is not there is gone already; the default one and one that has rules are refused. */
    public void deleteBus(String name) {
        if (name.equals(DEFAULT_BUS)) {
            throw AwsException.validation("Cannot delete event bus default.");
        }
        EventBus bus = buses.get(name);
        if (bus != null && !bus.rules().isEmpty()) {
            throw AwsException.validation("Event bus " + name + " can't be deleted since it has rules.");
        }
        buses.remove(name);
    }

    /** Adds or replaces an enabled rule; its targets stay. */
    public void putRule(String busName, String ruleName, String pattern) {
        putRule(busName, new Rule(ruleName, pattern, true, null, null, Map.of()));
    }

    /** Adds a target, a Lambda function's or log group's ARN, to a rule. */
    public void putTarget(String busName, String ruleName, String targetId, String arn) {
        RuleTarget target = new RuleTarget(targetId, arn, null, null, null);
        bus(busName).update(ruleName, rule -> rule.withTargets(List.of(target)));
    }

    void putRule(String busName, Rule rule) {
        if (!RULE_NAME.matcher(rule.name()).matches()) {
            throw AwsException.validation("Rule name '" + rule.name() + "' must match " + RULE_NAME);
        }
        EventPattern.check(rule.pattern());
        bus(busName).putRule(rule);
    }

    /**
     * Takes one entry: records, matches and hands it to the targets.
     *
     * <p>An entry for a bus that does not exist is taken and goes nowhere, as on AWS; here it costs a warning.
     *
     * @return the event's id; throws the error that the entry is answered with
     */
    String put(EventEntry entry) {
        String id = UUID.randomUUID().toString();
        ObjectNode envelope = entry.envelope(id, accountId, region, clock.instant());
        EventBus bus = buses.get(entry.busName());
        if (bus == null) {
            LOG.warn(
                    "an event of {} was put to the event bus {}, which does not exist",
                    envelope.path("source").asText(),
                    entry.busName());
            return id;
        }
        List<Rule> rules = bus.match(envelope);
        log.add(new MatchedEvent(bus.name(), rules.stream().map(Rule::name).toList(), envelope));
        for (Rule rule : rules) {
            rule.targets().values().forEach(target -> delivery.deliver(rule.name(), target, envelope));
        }
        return id;
    }

    Collection<EventBus> all() {
        return buses.values();
    }

    /** By name or ARN, null for the default one; ResourceNotFoundException where there is none. */
    EventBus bus(String nameOrArn) {
        String name = busName(nameOrArn);
        EventBus bus = buses.get(name);
        if (bus == null) {
            throw new AwsException(400, "ResourceNotFoundException", "Event bus " + name + " does not exist.");
        }
        return bus;
    }

    static String busName(String nameOrArn) {
        if (nameOrArn == null) {
            return DEFAULT_BUS;
        }
        int arnPrefix = nameOrArn.indexOf(":event-bus/");
        return arnPrefix < 0 ? nameOrArn : nameOrArn.substring(arnPrefix + ":event-bus/".length());
    }

    String busArn(String name) {
        return "arn:aws:events:" + region + ":" + accountId + ":event-bus/" + name;
    }

    String ruleArn(String busName, String ruleName) {
        String path = busName.equals(DEFAULT_BUS) ? ruleName : busName + "/" + ruleName;
        return "arn:aws:events:" + region + ":" + accountId + ":rule/" + path;
    }

    String accountId() {
        return accountId;
    }
}
