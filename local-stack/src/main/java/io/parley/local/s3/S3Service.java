package io.parley.local.s3;

import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Amazon S3 at the edge port: buckets and objects on disk, in path style.
 *
 * <p>Serves CreateBucket, DeleteBucket, HeadBucket, ListBuckets, GetBucketLocation, PutObject, GetObject, HeadObject,
 * CopyObject, DeleteObject, DeleteObjects, ListObjectsV2 and ListObjects as the Amazon S3 API Reference describes them,
 * presigned or not. Everything else, multipart uploads and versions among it, is refused with {@code NotImplemented}.
 *
 * <p>Objects are kept as they were put: server-side encryption is remembered and named in the answers, and not done.
 * Whoever stores what nobody may read has to encrypt it before.
 *
 * <p>The disk is read and written on threads of this service's own, so that a Lambda handler that occupies one of
 * Vert.x's worker threads never waits for one.
 */
public final class S3Service implements EdgeService, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(S3Service.class);
    private static final int THREADS = 8;

    /** Query parameters that make a call another operation, one that is not served here. */
    private static final Set<String> NOT_SERVED = Set.of(
            "abac",
            "accelerate",
            "acl",
            "analytics",
            "attributes",
            "cors",
            "encryption",
            "intelligent-tiering",
            "inventory",
            "legal-hold",
            "lifecycle",
            "logging",
            "metadataConfiguration",
            "metadataTable",
            "metrics",
            "notification",
            "object-lock",
            "ownershipControls",
            "partNumber",
            "policy",
            "policyStatus",
            "publicAccessBlock",
            "renameObject",
            "replication",
            "requestPayment",
            "restore",
            "retention",
            "select",
            "session",
            "tagging",
            "torrent",
            "uploadId",
            "uploads",
            "versionId",
            "versioning",
            "versions",
            "website");

    private final WorkerExecutor disk;
    private final BucketFolder buckets;
    private final BucketOperations bucketOperations;
    private final ObjectOperations objectOperations;
    private final Path folder;
    private final boolean temporary;

    /**
     * Opens the buckets that the folder holds; blocks while it does.
     *
     * @param folder where objects survive a restart; null for a temporary folder, deleted by {@link #close}
     */
    public S3Service(Vertx vertx, Path folder, Clock clock) {
        this.temporary = folder == null;
        this.folder = temporary ? temporaryFolder() : folder;
        disk = vertx.createSharedWorkerExecutor("s3-disk", THREADS);
        buckets = new BucketFolder(this.folder, clock);
        bucketOperations = new BucketOperations(buckets);
        objectOperations = new ObjectOperations(buckets, clock);
    }

    /** Creates the bucket unless it is there already. Blocks on the disk. */
    public void createBucket(String name, String region) {
        try {
            buckets.create(name, region);
        } catch (AwsException e) {
            if (!e.code().equals("BucketAlreadyOwnedByYou")) {
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("bucket " + name + " could not be created", e);
        }
    }

    /** Where the objects are. */
    public Path folder() {
        return folder;
    }

    @Override
    public String signingName() {
        return "s3";
    }

    @Override
    public void handle(EdgeRequest request) {
        S3Call call;
        try {
            call = S3Call.of(request);
        } catch (AwsException e) {
            fail(request, e);
            return;
        }
        disk.executeBlocking(() -> answer(call), false)
                .otherwise(e -> failure(e, request))
                .onSuccess(answer -> send(request, answer));
    }

    @Override
    public void fail(EdgeRequest request, AwsException error) {
        send(request, failure(error, request));
    }

    /** Ends the threads, and deletes the objects if their folder was a temporary one. */
    @Override
    public void close() {
        disk.close();
        if (temporary) {
            try {
                BucketFolder.deleteTree(folder);
            } catch (IOException e) {
                LOG.warn("the temporary S3 folder {} was not deleted: {}", folder, e.toString());
            }
        }
    }

    static AwsException notImplemented(String what) {
        return new AwsException(501, "NotImplemented", "The local S3 does not serve this: " + what);
    }

    private S3Answer answer(S3Call call) throws IOException {
        for (String parameter : call.query().keySet()) {
            if (NOT_SERVED.contains(parameter)) {
                throw notImplemented(call.method() + " with ?" + parameter);
            }
        }
        if (!call.key().isEmpty()) {
            return objectOperations.answer(call);
        }
        if (!call.bucket().isEmpty()) {
            return bucketOperations.answer(call);
        }
        if (call.method().equals("GET")) {
            return bucketOperations.listBuckets();
        }
        throw notImplemented(call.method() + " /");
    }

    private static S3Answer failure(Throwable failure, EdgeRequest request) {
        AwsException error;
        if (failure instanceof AwsException) {
            error = (AwsException) failure;
        } else {
            LOG.warn("s3 {} {} failed", request.http().method(), request.http().path(), failure);
            error = new AwsException(500, "InternalError", "We encountered an internal error. Please try again.");
        }
        return S3Answer.error(
                error, request.http().method().name(), request.http().path(), request.requestId());
    }

    private static void send(EdgeRequest request, S3Answer answer) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(answer.status()).putHeader("x-amz-request-id", request.requestId());
        answer.headers().forEach(response::putHeader);
        response.end(Buffer.buffer(answer.body()));
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("parley-s3-");
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary folder for S3 could not be made", e);
        }
    }
}
