package io.parley.job.log;

import org.apache.flink.api.connector.sink2.Committer.CommitRequest;

/** A request of which the committer may only take the committable: all else would restart the job or lose it. */
final class FakeCommitRequest implements CommitRequest<StagedSegment> {

    private final StagedSegment segment;

    FakeCommitRequest(StagedSegment segment) {
        this.segment = segment;
    }

    @Override
    public StagedSegment getCommittable() {
        return segment;
    }

    @Override
    public int getNumberOfRetries() {
        return 0;
    }

    @Override
    public void signalFailedWithKnownReason(Throwable reason) {
        throw new AssertionError(reason);
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable reason) {
        throw new AssertionError(reason);
    }

    @Override
    public void retryLater() {
        throw new AssertionError("Flink retries ten times at once, then restarts the job");
    }

    @Override
    public void updateAndRetryLater(StagedSegment changed) {
        throw new AssertionError("Flink retries ten times at once, then restarts the job");
    }

    @Override
    public void signalAlreadyCommitted() {}
}
