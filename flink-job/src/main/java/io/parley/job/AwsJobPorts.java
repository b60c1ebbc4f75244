package io.parley.job;

import io.parley.aws.AwsPorts;
import io.parley.core.options.SystemOptions;
import io.parley.core.port.Broadcaster;
import io.parley.core.port.DataKeys;
import io.parley.core.port.EventPublisher;
import io.parley.core.port.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The job's ports on AWS, or on whatever answers at the endpoint that the options name. */
final class AwsJobPorts implements JobPorts {

    private static final long serialVersionUID = 1L;

    private final JobOptions options;
    private final Clock clock;

    /** @param clock serializable, as those of the JDK are */
    AwsJobPorts(JobOptions options, Clock clock) {
        this.options = Objects.requireNonNull(options);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public Broadcaster openBroadcaster() {
        return aws().broadcaster(
                        options.get(JobOptions.BROADCAST_FUNCTION),
                        Duration.ofMillis(options.get(JobOptions.CALL_TIMEOUT)))::broadcast;
    }

    @Override
    public EventPublisher openEventPublisher() {
        return aws().eventPublisher(
                        options.get(SystemOptions.EVENT_BUS_NAME),
                        options.get(SystemOptions.EVENT_SOURCE),
                        options.get(SystemOptions.EVENT_DETAIL_TYPE));
    }

    @Override
    public ObjectStore openObjectStore() {
        return aws().objectStore(options.get(JobOptions.AUDIO_BUCKET), options.get(JobOptions.AUDIO_KEY_ID));
    }

    @Override
    public DataKeys openDataKeys() {
        return aws().dataKeys(options.get(JobOptions.AUDIO_KEY_ID), clock);
    }

    private AwsPorts aws() {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_REGION", options.get(JobOptions.AWS_REGION));
        environment.put("AWS_ENDPOINT_URL", options.get(JobOptions.AWS_ENDPOINT));
        if (!options.get(JobOptions.ACCESS_KEY_ID).isEmpty()) {
            environment.put("AWS_ACCESS_KEY_ID", options.get(JobOptions.ACCESS_KEY_ID));
            environment.put("AWS_SECRET_ACCESS_KEY", options.get(JobOptions.SECRET_ACCESS_KEY));
        }
        return AwsPorts.from(environment);
    }
}
