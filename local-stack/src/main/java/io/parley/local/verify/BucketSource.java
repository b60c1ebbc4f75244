package io.parley.local.verify;

import io.parley.core.envelope.Envelope;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.DataKeys;
import io.parley.core.port.ObjectStore;
import io.parley.core.verify.SegmentKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** The tick log in a bucket. An object that is missing or refused is a finding; a service that is away is none. */
final class BucketSource implements LogSource {

    /** What to look at where a bucket cannot be read; the reason follows. */
    static final String SETTINGS =
            "AWS_ENDPOINT_URL, AWS_REGION and AWS_PROFILE say where it is and who asks. The" + " reason: ";

    private static final int PARALLELISM = 16;
    private static final int TRIES = 4;

    private final ObjectStore store;
    private final DataKeys keys;
    private final String prefix;
    private final String room;
    private final Executor pause;

    /**
     * @param prefix of the keys to check; empty for the whole log
     * @param room the only one to list, or null
     * @param pause runs what it is given after the pause between two tries
     */
    BucketSource(ObjectStore store, DataKeys keys, String prefix, String room, Executor pause) {
        this.store = store;
        this.keys = keys;
        this.prefix = prefix;
        this.room = room;
        this.pause = pause;
    }

    @Override
    public void list(LogListing listing) {
        for (String listed : prefixes()) {
            try {
                store.list(listed).toCompletableFuture().join().forEach(listing::addKey);
            } catch (CompletionException e) {
                throw new SourceUnavailableException(
                        "the bucket cannot be listed. " + SETTINGS + LogVerification.reason(e), e.getCause());
            }
        }
    }

    /** Chunks lie in the same bucket, so that an empty prefix is none to list by. */
    private List<String> prefixes() {
        List<String> prefixes = new ArrayList<>();
        if (prefix.isEmpty()) {
            String log = room == null ? SegmentKey.PREFIX : SegmentKey.PREFIX + room + "/";
            prefixes.add(log);
            prefixes.add(LogListing.CONFLICTS + log);
        } else {
            prefixes.add(prefix);
            if (prefix.startsWith(SegmentKey.PREFIX)) {
                prefixes.add(LogListing.CONFLICTS + prefix);
            }
        }
        return prefixes;
    }

    @Override
    public CompletionStage<byte[]> open(LogObject object) {
        return open(object.name(), TRIES - 1);
    }

    private CompletionStage<byte[]> open(String key, int triesLeft) {
        return store.get(key).thenCompose(bytes -> unsealed(key, bytes)).exceptionallyCompose(failure -> {
            Throwable cause = LogVerification.cause(failure);
            if (!isAway(cause)) {
                return CompletableFuture.failedFuture(cause);
            }
            if (triesLeft > 0) {
                return CompletableFuture.runAsync(() -> {}, pause).thenCompose(ignored -> open(key, triesLeft - 1));
            }
            return CompletableFuture.failedFuture(new SourceUnavailableException(
                    "the log cannot be read on: " + cause.getMessage() + "; try again when S3 and KMS answer", cause));
        });
    }

    private CompletionStage<byte[]> unsealed(String key, byte[] bytes) {
        return keys.unwrap(Envelope.wrappedKey(bytes))
                // Not on the thread that reads the network.
                .thenApplyAsync(dataKey -> Envelope.open(key, bytes, wrapped -> dataKey));
    }

    private static boolean isAway(Throwable cause) {
        return cause instanceof ParleyException && ((ParleyException) cause).code() == ErrorCode.UNAVAILABLE;
    }

    @Override
    public int parallelism() {
        return PARALLELISM;
    }
}
