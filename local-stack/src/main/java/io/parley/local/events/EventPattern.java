package io.parley.local.events;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.edge.AwsException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import software.amazon.event.ruler.GenericMachine;
import software.amazon.event.ruler.JsonRuleCompiler;

/** Event patterns, read and matched by the ruler that EventBridge itself runs (software.amazon.event.ruler). */
final class EventPattern {

    /** Longest pattern ("PutRule", EventBridge API reference). */
    private static final int MAX_CHARACTERS = 4096;

    private EventPattern() {}

    /** Throws InvalidEventPatternException with the ruler's reason. */
    static void check(String pattern) {
        if (pattern.length() > MAX_CHARACTERS) {
            throw AwsException.validation("EventPattern has " + pattern.length() + " characters, at most "
                    + MAX_CHARACTERS + " are allowed: match fewer values");
        }
        String reason = JsonRuleCompiler.check(pattern);
        if (reason != null) {
            throw invalid(reason);
        }
    }

    /** One machine over all the enabled rules: it finds those that match an event in one pass. */
    static GenericMachine<String> machine(Collection<Rule> rules) {
        GenericMachine<String> machine = GenericMachine.<String>builder().build();
        for (Rule rule : rules) {
            if (rule.enabled()) {
                add(machine, rule.name(), rule.pattern());
            }
        }
        return machine;
    }

    static boolean matches(String pattern, JsonNode envelope) {
        GenericMachine<String> machine = GenericMachine.<String>builder().build();
        add(machine, "pattern", pattern);
        List<String> found = machine.rulesForJSONEvent(envelope);
        return !found.isEmpty();
    }

    private static void add(GenericMachine<String> machine, String name, String pattern) {
        try {
            machine.addRule(name, pattern);
        } catch (IOException e) {
            throw invalid(e.getMessage());
        }
    }

    private static AwsException invalid(String reason) {
        return new AwsException(400, "InvalidEventPatternException", "Event pattern is not valid. Reason: " + reason);
    }
}
