package io.parley.aws;

import io.parley.core.port.ObjectStore;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.BytesWrapper;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** Objects of one S3 bucket. */
public final class S3ObjectStore implements ObjectStore {

    /** How often a conditional put is repeated when another on the same key was under way. */
    private static final int MAX_CONFLICTS = 3;

    private final S3AsyncClient s3;
    private final String bucket;
    private final String kmsKeyId;

    /** @param kmsKeyId for SSE-KMS with a bucket key, or null for the bucket's own default */
    public S3ObjectStore(S3AsyncClient s3, String bucket, String kmsKeyId) {
        this.s3 = Objects.requireNonNull(s3);
        this.bucket = Objects.requireNonNull(bucket);
        this.kmsKeyId = kmsKeyId;
    }

    @Override
    public CompletionStage<Void> put(String key, byte[] bytes) {
        return s3.putObject(request(key).build(), AsyncRequestBody.fromBytesUnsafe(bytes))
                .handle((answer, failure) -> {
                    if (failure != null) {
                        throw ServiceFailure.translate("s3", failure);
                    }
                    return null;
                });
    }

    /**
     * Amazon S3 user guide, "How to prevent object overwrites with conditional writes": 412 taken, 409 try again. After
     * a lost answer the second attempt may find the object of the first, and say that it was taken.
     */
    @Override
    public CompletionStage<Boolean> putIfAbsent(String key, byte[] bytes) {
        return putIfAbsent(key, bytes, MAX_CONFLICTS);
    }

    private CompletableFuture<Boolean> putIfAbsent(String key, byte[] bytes, int conflictsLeft) {
        return s3.putObject(request(key).ifNoneMatch("*").build(), AsyncRequestBody.fromBytesUnsafe(bytes))
                .handle((answer, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(true);
                    }
                    int status = status(failure);
                    if (status == 412) {
                        return CompletableFuture.completedFuture(false);
                    }
                    if (status == 409 && conflictsLeft > 0) {
                        return putIfAbsent(key, bytes, conflictsLeft - 1);
                    }
                    return CompletableFuture.<Boolean>failedFuture(ServiceFailure.translate("s3", failure));
                })
                .thenCompose(outcome -> outcome);
    }

    @Override
    public CompletionStage<byte[]> get(String key) {
        return s3.getObject(request -> request.bucket(bucket).key(key), AsyncResponseTransformer.toBytes())
                .thenApply(BytesWrapper::asByteArrayUnsafe)
                .exceptionally(failure -> {
                    if (ServiceFailure.cause(failure) instanceof NoSuchKeyException) {
                        throw new NoSuchElementException("no object " + key + " in " + bucket);
                    }
                    throw ServiceFailure.translate("s3", failure);
                });
    }

    @Override
    public CompletionStage<List<String>> list(String prefix) {
        // S3 lists in UTF-8 order and the publisher asks for page after page, so that the order holds.
        ConcurrentLinkedQueue<String> keys = new ConcurrentLinkedQueue<>();
        ListObjectsV2Request request =
                ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).build();
        return s3.listObjectsV2Paginator(request)
                .contents()
                .map(S3Object::key)
                .subscribe(keys::add)
                .handle((done, failure) -> {
                    if (failure != null) {
                        throw ServiceFailure.translate("s3", failure);
                    }
                    return keys.stream().collect(Collectors.toUnmodifiableList());
                });
    }

    private PutObjectRequest.Builder request(String key) {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(bucket).key(key).contentType("application/octet-stream");
        if (kmsKeyId != null) {
            request.serverSideEncryption(ServerSideEncryption.AWS_KMS)
                    .ssekmsKeyId(kmsKeyId)
                    .bucketKeyEnabled(true);
        }
        return request;
    }

    private static int status(Throwable failure) {
        Throwable cause = ServiceFailure.cause(failure);
        return cause instanceof S3Exception ? ((S3Exception) cause).statusCode() : 0;
    }
}
