package io.parley.local.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.local.contract.Endpoint;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** With the sentences that moto does not hold to; each says where AWS documents it or what moto does instead. */
class LocalS3ContractTest extends S3ContractTest {

    @TempDir
    static Path folder;

    private S3AsyncClient async;

    @BeforeAll
    void connectAsynchronously() {
        async = endpoint.client(S3AsyncClient.builder().httpClient(NettyNioAsyncHttpClient.create()));
    }

    @AfterAll
    void disconnectAsynchronously() {
        async.close();
    }

    @Override
    Endpoint open() {
        return Endpoint.local(vertx -> List.of(new S3Service(vertx, folder, Clock.systemUTC())));
    }

    /** moto's server answers 100 Continue in a way that the SDK's netty client takes for the final answer. */
    @Test
    void takesALargeBodyFromAnAsynchronousClientThatWaitsForContinue() {
        byte[] bytes = new byte[3_000_001];
        new Random(7).nextBytes(bytes);

        PutObjectResponse put = async.putObject(
                        request -> request.bucket(bucket).key("large"), AsyncRequestBody.fromBytes(bytes))
                .join();

        assertThat(put.checksumCRC32()).isNotNull();
        assertThat(async.getObject(request -> request.bucket(bucket).key("large"), AsyncResponseTransformer.toBytes())
                        .join()
                        .asByteArray())
                .isEqualTo(bytes);
    }

    /** PutObject, Content-MD5; moto does not compare. */
    @Test
    void refusesABodyThatIsNotWhatItsMd5Says() {
        assertError(
                400,
                "BadDigest",
                () -> s3.putObject(
                        request -> request.bucket(bucket).key("k").contentMD5("1B2M2Y8AsgTpgAmY7PhCfg=="),
                        RequestBody.fromBytes(HELLO)));
        assertThat(keys()).isEmpty();
    }

    /** "Checking object integrity": a false checksum is BadDigest; moto stores the object. */
    @Test
    void refusesABodyThatIsNotWhatItsChecksumSays() {
        assertError(
                400,
                "BadDigest",
                () -> s3.putObject(
                        request -> request.bucket(bucket)
                                .key("k")
                                .checksumSHA256("FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
                        RequestBody.fromBytes(HELLO)));
        assertThat(keys()).isEmpty();
    }

    /**
     * "Conditional writes": one winner, 412 for the others (AWS may also answer 409 while two are under way). moto may
     * let several win.
     */
    @Test
    void letsOneOfManyConcurrentConditionalWritesWin() {
        for (int round = 0; round < 20; round++) {
            String key = "contested/" + round;
            List<CompletableFuture<Integer>> attempts = new ArrayList<>();
            for (int writer = 0; writer < 16; writer++) {
                String text = "writer " + writer;
                attempts.add(async.putObject(
                                request -> request.bucket(bucket).key(key).ifNoneMatch("*"),
                                AsyncRequestBody.fromString(text))
                        .handle((put, failure) -> failure == null ? 200 : 412));
            }
            List<Integer> winners = IntStream.range(0, attempts.size())
                    .filter(writer -> attempts.get(writer).join() == 200)
                    .boxed()
                    .toList();

            assertThat(winners).hasSize(1);
            assertThat(text(key)).isEqualTo("writer " + winners.get(0));
        }
    }

    /** ListObjects: NextMarker may be given back as marker; moto makes it up from digests. */
    @Test
    void listsByMarker() {
        for (String key : List.of("a/1", "a/2", "b", "c")) {
            put(key, HELLO);
        }

        var first =
                s3.listObjects(request -> request.bucket(bucket).delimiter("/").maxKeys(1));
        var second =
                s3.listObjects(request -> request.bucket(bucket).delimiter("/").marker(first.nextMarker()));

        assertThat(first.nextMarker()).isEqualTo("a/");
        assertThat(second.commonPrefixes()).isEmpty();
        assertThat(second.contents()).extracting(object -> object.key()).containsExactly("b", "c");
    }

    /** Only the local endpoint says so: AWS serves these. */
    @Test
    void refusesWhatItDoesNotServe() {
        assertError(
                501,
                "NotImplemented",
                () -> s3.createMultipartUpload(request -> request.bucket(bucket).key("k")));
        assertError(501, "NotImplemented", () -> s3.getBucketPolicy(request -> request.bucket(bucket)));
        assertError(
                501,
                "NotImplemented",
                () -> s3.putObject(
                        request -> request.bucket(bucket).key("k").tagging("a=b"), RequestBody.fromBytes(HELLO)));
    }
}
