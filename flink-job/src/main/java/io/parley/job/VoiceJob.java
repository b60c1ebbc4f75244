package io.parley.job;

import com.amazonaws.services.kinesisanalytics.runtime.KinesisAnalyticsRuntime;
import io.parley.core.options.OptionException;
import io.parley.core.record.Micros;
import io.parley.job.source.KinesisSourceFactory;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Entry point of the Flink application, and the one place in it that reads the wall clock.
 *
 * <p>On Managed Service for Apache Flink the settings come from the application's property groups. Elsewhere
 * {@code --properties FILE} names a file of the same JSON: a list of {@code {"PropertyGroupId": "parley.source",
 * "PropertyMap": {"stream.name": "voice", ...}}}.
 */
public final class VoiceJob {

    public static final String NAME = "parley-voice";

    private VoiceJob() {}

    public static void main(String[] arguments) throws Exception {
        JobOptions options = JobOptions.of(properties(arguments));
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        define(environment, options);
        environment.execute(NAME);
    }

    /** Puts the whole job, from the voice stream to AWS, into the environment; whoever calls executes it. */
    public static VoiceJobGraph define(StreamExecutionEnvironment environment, JobOptions options) {
        VoiceJobGraph.configure(environment, options);
        return VoiceJobGraph.build(
                KinesisSourceFactory.create(environment, options),
                options,
                new AwsJobPorts(options, Clock.systemUTC()),
                VoiceJob::nowUs);
    }

    private static Map<String, Properties> properties(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            return KinesisAnalyticsRuntime.getApplicationProperties();
        }
        if (arguments.length == 2 && arguments[0].equals("--properties")) {
            return KinesisAnalyticsRuntime.getApplicationProperties(arguments[1]);
        }
        throw new OptionException("expected no argument, or --properties FILE");
    }

    private static long nowUs() {
        return Micros.of(Instant.now());
    }
}
