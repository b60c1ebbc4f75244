package io.parley.local.events;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One rule of an event bus; immutable, so that an event is matched and delivered by one state of it.
 *
 * @param description and {@code roleArn} may be null; they are kept and returned, and mean nothing locally
 * @param targets by id, in the order in which they were first put
 */
record Rule(
        String name,
        String pattern,
        boolean enabled,
        String description,
        String roleArn,
        Map<String, RuleTarget> targets) {

    Rule {
        targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
    }

    Rule withEnabled(boolean on) {
        return new Rule(name, pattern, on, description, roleArn, targets);
    }

    Rule withTargets(Collection<RuleTarget> more) {
        Map<String, RuleTarget> all = new LinkedHashMap<>(targets);
        more.forEach(target -> all.put(target.id(), target));
        return new Rule(name, pattern, enabled, description, roleArn, all);
    }

    Rule withoutTargets(Collection<String> ids) {
        Map<String, RuleTarget> left = new LinkedHashMap<>(targets);
        ids.forEach(left::remove);
        return new Rule(name, pattern, enabled, description, roleArn, left);
    }
}
