package io.parley.job.live;

import io.parley.core.port.Broadcaster;
import io.parley.core.port.EventPublisher;
import io.parley.core.wire.RoomOutput;
import io.parley.job.JobMetrics;
import io.parley.job.JobOptions;
import io.parley.job.JobPorts;
import io.parley.job.MicroClock;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The live sink: hands what leaves rooms to the {@link Lane}s and tells the event bus what became of it.
 *
 * <p>It keeps no state, waits at no barrier and never blocks, so that neither a slow Lambda nor a checkpoint holds up
 * the rooms. What is lost with the process is lost: after a restart it would be too old to be heard. (Flink's own
 * AsyncSinkBase does all three.) An operator and not a Sink, because a Sink is flushed at every barrier.
 */
public final class BroadcastTicksOperator extends AbstractStreamOperator<Void>
        implements OneInputStreamOperator<RoomOutput, Void> {

    private static final long serialVersionUID = 1L;

    private final JobOptions options;
    private final JobPorts ports;
    private final MicroClock clock;

    private transient Broadcaster broadcaster;
    private transient EventPublisher publisher;
    private transient StatusReporter statuses;
    private transient Lane[] lanes;

    public BroadcastTicksOperator(JobOptions options, JobPorts ports, MicroClock clock) {
        this.options = Objects.requireNonNull(options);
        this.ports = Objects.requireNonNull(ports);
        this.clock = Objects.requireNonNull(clock);
        this.chainingStrategy = ChainingStrategy.ALWAYS;
    }

    @Override
    public void open() throws Exception {
        super.open();
        broadcaster = ports.openBroadcaster();
        publisher = ports.openEventPublisher();
        statuses = new StatusReporter(publisher, options, clock, getMetricGroup());
        LaneSettings settings = LaneSettings.from(options, clock);
        LaneMeter meter = new LaneMeter(getMetricGroup(), clock);
        lanes = new Lane[options.get(JobOptions.LANES)];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new Lane(broadcaster, statuses, settings, meter);
        }
        getMetricGroup().gauge(JobMetrics.TICKS_WAITING, this::ticksWaiting);
    }

    @Override
    public void processElement(StreamRecord<RoomOutput> element) {
        RoomOutput output = element.getValue();
        statuses.processing(output.getRoom(), output.getSequencedList());
        statuses.failed(output.getRoom(), output.getFailedList());
        if (output.hasTick() || output.getPostsCount() > 0 || output.getDisconnectsCount() > 0) {
            lanes[LaneChoice.of(output.getRoom(), lanes.length)].offer(output);
        }
    }

    /** Where all input has ended for good, waits for what is under way, but not longer than it may take. */
    @Override
    public void finish() throws Exception {
        super.finish();
        CompletableFuture<?>[] drained = new CompletableFuture<?>[lanes.length];
        for (int i = 0; i < lanes.length; i++) {
            drained[i] = lanes[i].drained();
        }
        try {
            CompletableFuture.allOf(drained)
                    .thenCompose(ignored -> statuses.drained())
                    .get(options.rooms().playoutDeadlineMs(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("the job ends before all ticks and events are out");
        }
    }

    @Override
    public void close() throws Exception {
        try {
            super.close();
        } finally {
            try {
                JobPorts.close(broadcaster);
            } finally {
                JobPorts.close(publisher);
            }
        }
    }

    private int ticksWaiting() {
        int waiting = 0;
        for (Lane lane : lanes) {
            waiting += lane.waitingTicks();
        }
        return waiting;
    }
}
