package io.parley.aws;

import io.parley.core.pace.Recent;
import io.parley.core.port.DataKeys;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsAsyncClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyRequest;

/**
 * Data keys of KMS: one for each process and five minutes, however much is sealed.
 *
 * <p>The next key is asked for when the present one is four minutes old, by one call for all who seal, and nobody waits
 * for it while the present one holds. When the first key cannot be had, all who ask within the next second get the same
 * failure. Nothing is asked for before the first use, and a key's age is that of the clock: so a process image that is
 * taken after start (SnapStart) holds no key, and one that slept wakes to none.
 *
 * <p>Every call carries the encryption context {@code parley:purpose=audio}, which key policies can ask for and which
 * KMS's log shows.
 */
public final class KmsDataKeys implements DataKeys {

    /** What every data key is wrapped with, and has to be unwrapped with. */
    public static final Map<String, String> ENCRYPTION_CONTEXT = Map.of("parley:purpose", "audio");

    static final long VALID_MS = Duration.ofMinutes(5).toMillis();
    static final long REFRESH_AFTER_MS = Duration.ofMinutes(4).toMillis();
    static final long RETRY_AFTER_MS = Duration.ofSeconds(1).toMillis();
    static final int MAX_UNWRAPPED = 1_000;

    private final KmsAsyncClient kms;
    private final String keyId;
    private final Clock clock;

    // Guarded by this, but for the fast read of current.
    private volatile Issue current;
    private Issue next;
    private final LinkedHashMap<ByteBuffer, CompletableFuture<byte[]>> unwrapped = new Recent<>(MAX_UNWRAPPED);

    /** @param keyId id, ARN or alias of the symmetric key that wraps */
    public KmsDataKeys(KmsAsyncClient kms, String keyId, Clock clock) {
        this.kms = Objects.requireNonNull(kms);
        this.keyId = Objects.requireNonNull(keyId);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public CompletionStage<DataKey> current() {
        long nowMs = clock.millis();
        Issue issue = current;
        if (issue != null && nowMs - issue.askedAtMs < REFRESH_AFTER_MS && issue.isKey()) {
            return issue.key;
        }
        return currentOrNext(nowMs);
    }

    private synchronized CompletableFuture<DataKey> currentOrNext(long nowMs) {
        if (next != null && next.isKey()) {
            current = next;
            next = null;
        }
        boolean holds = current != null && nowMs - current.askedAtMs < VALID_MS;
        boolean ask = !holds || nowMs - current.askedAtMs >= REFRESH_AFTER_MS;
        if (ask && (next == null || next.hasFailed() && nowMs - next.askedAtMs >= RETRY_AFTER_MS)) {
            next = new Issue(nowMs, generate());
        }
        return holds ? current.key : next.key;
    }

    private CompletableFuture<DataKey> generate() {
        GenerateDataKeyRequest request = GenerateDataKeyRequest.builder()
                .keyId(keyId)
                .keySpec(DataKeySpec.AES_256)
                .encryptionContext(ENCRYPTION_CONTEXT)
                .build();
        return kms.generateDataKey(request).handle((answer, failure) -> {
            if (failure != null) {
                throw ServiceFailure.translate("kms", failure);
            }
            return new DataKey(
                    answer.plaintext().asByteArrayUnsafe(),
                    answer.ciphertextBlob().asByteArrayUnsafe());
        });
    }

    @Override
    public CompletionStage<byte[]> unwrap(byte[] wrapped) {
        ByteBuffer name = ByteBuffer.wrap(wrapped.clone());
        CompletableFuture<byte[]> plaintext;
        synchronized (this) {
            CompletableFuture<byte[]> known = unwrapped.get(name);
            if (known != null) {
                return known;
            }
            plaintext = decrypt(wrapped);
            unwrapped.put(name, plaintext);
        }
        // A refusal is not remembered; outside the lock, since the call may be done already.
        plaintext.whenComplete((bytes, failure) -> {
            if (failure != null) {
                synchronized (this) {
                    unwrapped.remove(name, plaintext);
                }
            }
        });
        return plaintext;
    }

    private CompletableFuture<byte[]> decrypt(byte[] wrapped) {
        DecryptRequest request = DecryptRequest.builder()
                .ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                .encryptionContext(ENCRYPTION_CONTEXT)
                .build();
        return kms.decrypt(request).handle((answer, failure) -> {
            if (failure != null) {
                throw ServiceFailure.translate("kms", failure);
            }
            return answer.plaintext().asByteArrayUnsafe();
        });
    }

    /** A key that was asked for, and when. Its age counts from the question, so that it is never under-estimated. */
    private static final class Issue {
        private final long askedAtMs;
        private final CompletableFuture<DataKey> key;

        Issue(long askedAtMs, CompletableFuture<DataKey> key) {
            this.askedAtMs = askedAtMs;
            this.key = key;
        }

        boolean isKey() {
            return key.isDone() && !key.isCompletedExceptionally();
        }

        boolean hasFailed() {
            return key.isCompletedExceptionally();
        }
    }
}
