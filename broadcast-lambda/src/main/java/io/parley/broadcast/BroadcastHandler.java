package io.parley.broadcast;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.parley.aws.AwsPorts;
import io.parley.aws.LambdaStart;
import io.parley.core.metric.EmbeddedMetrics;
import io.parley.core.options.OptionValues;
import io.parley.core.wire.BroadcastRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * The broadcast Lambda, which the job calls: {@code {"request":"<base64 of a BroadcastRequest>"}} in,
 * {@code {"answer":"<base64 of a BroadcastAnswer>"}} out. A payload that is no such request fails the invocation; all
 * other trouble is in the answer. Settings: {@link BroadcastOptions}.
 *
 * <p>Thread safe: one object may serve several invocations at a time and then shares what it knows of the rooms. The
 * function's timeout must be longer than what is left until {@code deliver_before_ms} when it is called.
 */
public final class BroadcastHandler implements RequestStreamHandler {

    private static final int READ_THREADS = 16;
    private static final int DEPARTURE_THREADS = 4;

    private final FanOut fanOut;

    /**
     * For Lambda: wired from the environment of the process. The metrics go to standard output, since CloudWatch takes
     * a line for metrics only if it is JSON from its first character on.
     */
    public BroadcastHandler() {
        this(fanOut(
                System.getenv(),
                Clock.systemUTC(),
                new BroadcastMetrics(functionName(System.getenv()), Clock.systemUTC(), System.out::println),
                DeliveryObserver.NONE));
    }

    /** The metrics go to the log. */
    public BroadcastHandler(Map<String, String> environment, Clock clock) {
        this(
                environment,
                clock,
                new BroadcastMetrics(
                        functionName(environment), clock, LoggerFactory.getLogger("io.parley.metrics")::info),
                DeliveryObserver.NONE);
    }

    /** For whoever wants to look at what it does. */
    public BroadcastHandler(
            Map<String, String> environment, Clock clock, BroadcastMetrics metrics, DeliveryObserver observer) {
        this(fanOut(environment, clock, metrics, observer));
    }

    BroadcastHandler(FanOut fanOut) {
        this.fanOut = fanOut;
    }

    private static String functionName(Map<String, String> environment) {
        return environment.getOrDefault(EmbeddedMetrics.FUNCTION_NAME, "broadcast");
    }

    private static FanOut fanOut(
            Map<String, String> environment, Clock clock, BroadcastMetrics metrics, DeliveryObserver observer) {
        FanOut fanOut = wired(environment, clock, metrics, observer);
        if (LambdaStart.isAhead(environment)) {
            fanOut.prime();
        }
        return fanOut;
    }

    private static FanOut wired(
            Map<String, String> environment, Clock clock, BroadcastMetrics metrics, DeliveryObserver observer) {
        OptionValues values = OptionValues.lenient(environment);
        AwsPorts aws = AwsPorts.from(environment);
        return new FanOut(
                aws.connectionPoster(
                        URI.create(values.get(BroadcastOptions.CALLBACK_URL)),
                        Duration.ofMillis(values.get(BroadcastOptions.POST_TIMEOUT))),
                aws.connectionRegistry(values.get(BroadcastOptions.CONNECTIONS_TABLE), clock),
                aws.voiceStream(values.get(BroadcastOptions.VOICE_STREAM)),
                clock,
                BroadcastOptions.from(values),
                threads("broadcast-read", READ_THREADS),
                threads("broadcast-departure", DEPARTURE_THREADS),
                metrics,
                observer);
    }

    /** Daemon threads, which end when they are idle: nobody closes a handler. */
    private static ThreadPoolExecutor threads(String name, int count) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(count, count, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        BroadcastRequest request = BroadcastEnvelope.read(in);
        BroadcastEnvelope.write(fanOut.broadcast(request), out);
    }
}
