package io.parley.local.events;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.edge.AwsException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import software.amazon.event.ruler.GenericMachine;

/**
 * One bus with its rules. A change builds a new machine and puts it in place whole, so that an event is matched against
 * all rules of one moment; matching takes no lock.
 */
final class EventBus {

    /** Targets of a rule ("Amazon EventBridge quotas"). */
    static final int MAX_TARGETS = 5;

    private final String name;
    private final Instant created;
    private volatile State state = new State(Map.of(), EventPattern.machine(List.of()));

    EventBus(String name, Instant created) {
        this.name = name;
        this.created = created;
    }

    String name() {
        return name;
    }

    Instant created() {
        return created;
    }

    /** By name. */
    Collection<Rule> rules() {
        return state.rules.values();
    }

    /** Throws ResourceNotFoundException where there is none. */
    Rule rule(String ruleName) {
        Rule rule = state.rules.get(ruleName);
        if (rule == null) {
            throw new AwsException(
                    400, "ResourceNotFoundException", "Rule " + ruleName + " does not exist on EventBus " + name + ".");
        }
        return rule;
    }

    /** Adds the rule or replaces the one of its name, whose targets stay. */
    synchronized void putRule(Rule rule) {
        Rule old = state.rules.get(rule.name());
        change(rule.name(), old == null ? rule : rule.withTargets(old.targets().values()));
    }

    /** Throws where there is no such rule. */
    synchronized void update(String ruleName, UnaryOperator<Rule> update) {
        Rule updated = update.apply(rule(ruleName));
        if (updated.targets().size() > MAX_TARGETS) {
            throw new AwsException(
                    400, "LimitExceededException", "The requested resource exceeds the maximum number allowed.");
        }
        change(ruleName, updated);
    }

    /** A rule that is not there is gone already; one with targets is refused. */
    synchronized void deleteRule(String ruleName) {
        Rule rule = state.rules.get(ruleName);
        if (rule != null && !rule.targets().isEmpty()) {
            throw AwsException.validation("Rule can't be deleted since it has targets.");
        }
        change(ruleName, null);
    }

    /** The enabled rules that the event matches, by name. */
    List<Rule> match(JsonNode envelope) {
        State now = state;
        return now.machine.rulesForJSONEvent(envelope).stream()
                .sorted()
                .map(now.rules::get)
                .toList();
    }

    private void change(String ruleName, Rule rule) {
        Map<String, Rule> rules = new TreeMap<>(state.rules);
        if (rule == null) {
            rules.remove(ruleName);
        } else {
            rules.put(ruleName, rule);
        }
        state = new State(rules, EventPattern.machine(rules.values()));
    }

    private record State(Map<String, Rule> rules, GenericMachine<String> machine) {}
}
