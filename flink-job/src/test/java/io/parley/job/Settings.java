package io.parley.job;

import io.parley.core.options.Option;
import io.parley.core.options.SystemOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Property groups for tests: the required settings and what a test adds. */
public final class Settings {

    private final Map<String, Properties> groups = new HashMap<>();

    public Settings() {
        with(JobOptions.STREAM_NAME, "voice");
        // With EFO, making the source asks Kinesis to register the consumer.
        with(JobOptions.STREAM_READER, "polling");
        with(JobOptions.AWS_REGION, "eu-central-1");
        with(JobOptions.BROADCAST_FUNCTION, "broadcast");
        with(SystemOptions.EVENT_BUS_NAME, "bus");
    }

    public Settings with(Option<?> option, Object value) {
        return with(group(option), option.key(), String.valueOf(value));
    }

    public Settings with(String group, String key, String value) {
        groups.computeIfAbsent(group, name -> new Properties()).setProperty(key, value);
        return this;
    }

    public Map<String, Properties> groups() {
        return groups;
    }

    public JobOptions options() {
        return JobOptions.of(groups);
    }

    private static String group(Option<?> option) {
        for (Map.Entry<String, List<Option<?>>> group : JobOptions.GROUPS.entrySet()) {
            if (group.getValue().contains(option)) {
                return group.getKey();
            }
        }
        throw new IllegalArgumentException(option.key() + " is in no group");
    }
}
