package io.parley.job.source;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.FailureLog;
import io.parley.core.error.ParleyException;
import io.parley.core.record.StreamRecords;
import io.parley.core.wire.StreamRecord;
import io.parley.job.ExportedMetrics;
import io.parley.job.JobMetrics;
import io.parley.job.MicroClock;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.slf4j.LoggerFactory;

/**
 * Lets checked records through and puts all others aside: no record stops the job, whatever is in it. Each is counted
 * by its reason; a burst of them is logged once.
 */
public final class ValidateRecordsFunction extends ProcessFunction<ShardRecord, StreamRecord> {

    private static final long serialVersionUID = 1L;

    public static final OutputTag<RejectedRecord> REJECTED =
            new OutputTag<>("rejected", TypeInformation.of(RejectedRecord.class));

    private final MicroClock clock;

    private transient FailureLog log;
    private transient Counter accepted;
    private transient Counter rejected;
    private transient MetricGroup metrics;
    private transient Map<ErrorCode, Counter> byReason;

    public ValidateRecordsFunction(MicroClock clock) {
        this.clock = clock;
    }

    @Override
    public void open(OpenContext context) {
        log = new FailureLog(clock::nowMs, LoggerFactory.getLogger(ValidateRecordsFunction.class)::warn);
        metrics = getRuntimeContext().getMetricGroup();
        accepted = metrics.counter(JobMetrics.RECORDS_ACCEPTED);
        rejected = metrics.counter(JobMetrics.RECORDS_REJECTED);
        new ExportedMetrics(metrics).rate(JobMetrics.RECORDS_REJECTED_RATE, rejected);
        byReason = new EnumMap<>(ErrorCode.class);
    }

    @Override
    public void processElement(ShardRecord record, Context context, Collector<StreamRecord> out) {
        StreamRecord parsed;
        try {
            parsed = StreamRecords.parse(record.bytes);
        } catch (ParleyException e) {
            reject(record, e.code(), e, context);
            return;
        } catch (RuntimeException e) {
            reject(record, ErrorCode.RECORD_MALFORMED, e, context);
            return;
        }
        accepted.inc();
        out.collect(parsed);
    }

    private void reject(ShardRecord record, ErrorCode reason, RuntimeException cause, Context context) {
        rejected.inc();
        byReason.computeIfAbsent(
                        reason,
                        code -> metrics.addGroup(JobMetrics.REJECTED_BY_REASON, code.code())
                                .counter(JobMetrics.RECORDS_REJECTED))
                .inc();
        RejectedRecord aside = new RejectedRecord(reason.code(), record);
        log.failed(aside + " (" + cause.getMessage() + ")", cause instanceof ParleyException ? null : cause);
        context.output(REJECTED, aside);
    }
}
