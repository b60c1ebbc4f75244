package io.parley.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.DataKeys.DataKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kms.KmsAsyncClient;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;

class KmsDataKeysTest {

    private final FakeKms kms = new FakeKms();
    private final MovableClock clock = new MovableClock();
    private final KmsDataKeys keys = new KmsDataKeys(kms, "alias/audio", clock);

    @Test
    void asksForNothingBeforeTheFirstUse() {
        assertThat(kms.generations).isEmpty();
    }

    @Test
    void asksOnceForAllWhoWait() {
        CompletableFuture<DataKey> one = current();
        CompletableFuture<DataKey> other = current();
        kms.answerGeneration(0, 1);

        assertThat(kms.generations).hasSize(1);
        assertThat(one.join()).isSameAs(other.join()).isSameAs(current().join());
        assertThat(kms.requests.get(0).keyId()).isEqualTo("alias/audio");
        assertThat(kms.requests.get(0).encryptionContext()).containsEntry("parley:purpose", "audio");
    }

    @Test
    void usesTheOldKeyWhileTheNextIsFetched() {
        DataKey first = firstKey();
        clock.advance(KmsDataKeys.REFRESH_AFTER_MS);

        assertThat(current().join()).isSameAs(first);
        assertThat(current().join()).isSameAs(first);
        assertThat(kms.generations).hasSize(2);
        kms.answerGeneration(1, 2);

        assertThat(current().join().wrapped()).containsExactly(2);
        assertThat(kms.generations).hasSize(2);
    }

    @Test
    void neverUsesAKeyThatIsFiveMinutesOld() {
        firstKey();
        clock.advance(KmsDataKeys.VALID_MS);

        CompletableFuture<DataKey> second = current();
        assertThat(second).isNotDone();
        kms.answerGeneration(1, 2);
        assertThat(second.join().wrapped()).containsExactly(2);
    }

    @Test
    void doesNotTakeAKeyThatWasFetchedLongAgoAndNeverUsed() {
        firstKey();
        clock.advance(KmsDataKeys.REFRESH_AFTER_MS);
        current();
        kms.answerGeneration(1, 2);
        clock.advance(KmsDataKeys.VALID_MS);

        assertThat(current()).isNotDone();
        assertThat(kms.generations).hasSize(3);
    }

    @Test
    void keepsTheKeyThatHoldsWhenTheNextCannotBeHad() {
        DataKey first = firstKey();
        clock.advance(KmsDataKeys.REFRESH_AFTER_MS);
        current();
        kms.failGeneration(1);

        assertThat(current().join()).isSameAs(first);
        assertThat(kms.generations).hasSize(2);
        clock.advance(KmsDataKeys.RETRY_AFTER_MS);
        assertThat(current().join()).isSameAs(first);
        assertThat(kms.generations).hasSize(3);
    }

    @Test
    void remembersAFailureForASecondOnly() {
        CompletableFuture<DataKey> one = current();
        kms.failGeneration(0);

        assertUnavailable(one);
        assertUnavailable(current());
        assertThat(kms.generations).hasSize(1);
        clock.advance(KmsDataKeys.RETRY_AFTER_MS);
        CompletableFuture<DataKey> later = current();
        kms.answerGeneration(1, 2);
        assertThat(later.join().wrapped()).containsExactly(2);
    }

    @Test
    void unwrapsAKeyOnce() {
        byte[] plaintext = keys.unwrap(new byte[] {7}).toCompletableFuture().join();

        assertThat(keys.unwrap(new byte[] {7}).toCompletableFuture().join()).isSameAs(plaintext);
        assertThat(kms.decryptions).isEqualTo(1);
        assertThat(keys.unwrap(new byte[] {8}).toCompletableFuture().join()).isNotSameAs(plaintext);
        assertThat(kms.decryptions).isEqualTo(2);
    }

    @Test
    void doesNotRememberARefusalToUnwrap() {
        kms.refuseDecryption = true;
        assertUnavailable(keys.unwrap(new byte[] {7}).toCompletableFuture());
        kms.refuseDecryption = false;

        assertThat(keys.unwrap(new byte[] {7}).toCompletableFuture().join()).hasSize(32);
    }

    private DataKey firstKey() {
        CompletableFuture<DataKey> first = current();
        kms.answerGeneration(0, 1);
        return first.join();
    }

    private CompletableFuture<DataKey> current() {
        return keys.current().toCompletableFuture();
    }

    private static void assertUnavailable(CompletableFuture<?> future) {
        assertThatThrownBy(future::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    /** Answers generations when it is told to, decryptions at once. */
    private static final class FakeKms implements KmsAsyncClient {
        private final List<GenerateDataKeyRequest> requests = new ArrayList<>();
        private final List<CompletableFuture<GenerateDataKeyResponse>> generations = new ArrayList<>();
        private boolean refuseDecryption;
        private int decryptions;

        void answerGeneration(int index, int wrapped) {
            generations
                    .get(index)
                    .complete(GenerateDataKeyResponse.builder()
                            .plaintext(SdkBytes.fromByteArray(new byte[32]))
                            .ciphertextBlob(SdkBytes.fromByteArray(new byte[] {(byte) wrapped}))
                            .build());
        }

        void failGeneration(int index) {
            generations.get(index).completeExceptionally(SdkClientException.create("no route"));
        }

        @Override
        public CompletableFuture<GenerateDataKeyResponse> generateDataKey(GenerateDataKeyRequest request) {
            requests.add(request);
            generations.add(new CompletableFuture<>());
            return generations.get(generations.size() - 1);
        }

        @Override
        public CompletableFuture<DecryptResponse> decrypt(DecryptRequest request) {
            decryptions++;
            assertThat(request.encryptionContext()).containsEntry("parley:purpose", "audio");
            return refuseDecryption
                    ? CompletableFuture.failedFuture(SdkClientException.create("no route"))
                    : CompletableFuture.completedFuture(DecryptResponse.builder()
                            .plaintext(SdkBytes.fromByteArray(new byte[32]))
                            .build());
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
