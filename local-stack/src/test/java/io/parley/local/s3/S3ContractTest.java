package io.parley.local.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.parley.local.contract.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** What S3 does for whoever stores and reads objects; the pages named are of the Amazon S3 user guide and reference. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class S3ContractTest {

    static final byte[] HELLO = "hello, room".getBytes(StandardCharsets.UTF_8);

    Endpoint endpoint;
    S3Client s3;
    String bucket;

    abstract Endpoint open();

    @BeforeAll
    void connect() {
        endpoint = open();
        s3 = endpoint.client(S3Client.builder().httpClient(UrlConnectionHttpClient.create()));
    }

    @AfterAll
    void disconnect() {
        if (endpoint != null) {
            s3.close();
            endpoint.close();
        }
    }

    @BeforeEach
    void createBucket() {
        bucket = "contract-" + UUID.randomUUID();
        s3.createBucket(request -> request.bucket(bucket));
    }

    @Test
    void returnsAnObjectAsItWasPut() {
        PutObjectResponse put = s3.putObject(
                request -> request.bucket(bucket)
                        .key("room/1")
                        .contentType("audio/ogg")
                        .cacheControl("no-store")
                        .metadata(Map.of("speaker", "alice")),
                RequestBody.fromBytes(HELLO));

        var got = s3.getObjectAsBytes(request -> request.bucket(bucket).key("room/1"));
        assertThat(got.asByteArray()).isEqualTo(HELLO);
        assertThat(got.response().contentType()).isEqualTo("audio/ogg");
        assertThat(got.response().cacheControl()).isEqualTo("no-store");
        assertThat(got.response().metadata()).isEqualTo(Map.of("speaker", "alice"));
        assertThat(got.response().eTag()).isEqualTo(put.eTag()).isEqualTo("\"c096032c4f32480bb9b80548de5f5aaa\"");
    }

    @Test
    void describesAnObjectWithoutItsBytes() {
        put("room/1", HELLO);

        HeadObjectResponse head =
                s3.headObject(request -> request.bucket(bucket).key("room/1"));

        assertThat(head.contentLength()).isEqualTo(HELLO.length);
        assertThat(head.contentType()).isEqualTo("application/octet-stream");
        assertThat(head.acceptRanges()).isEqualTo("bytes");
        assertThat(head.lastModified()).isNotNull();
    }

    @Test
    void holdsAKeyBesideOneThatContinuesItAfterASlash() {
        put("room/1", "chunk".getBytes(StandardCharsets.UTF_8));
        put("room/1/x", "deeper".getBytes(StandardCharsets.UTF_8));

        assertThat(text("room/1")).isEqualTo("chunk");
        assertThat(text("room/1/x")).isEqualTo("deeper");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "a..b",
                "%",
                "%2e%2e%2f",
                "with space+plus",
                "q?a=b&c#d",
                "r\u00f6\u00f6m/\u65e5\u672c/\ud83d\ude00",
                "a:b@c,d;e",
                "trailing/",
                "<&>'\"",
                "back\\slash",
                "-_.!~*'()"
            })
    void takesAnyCharacterInAKey(String key) {
        put(key, HELLO);

        assertThat(text(key)).isEqualTo("hello, room");
        assertThat(keys()).containsExactly(key);
        s3.deleteObject(request -> request.bucket(bucket).key(key));
        assertThat(keys()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../outside", "a/../b", "/absolute", "a//b", "./here", "../"})
    void takesAKeyThatLooksLikeAPathForTheNameItIs(String key) {
        put(key, HELLO);

        assertThat(text(key)).isEqualTo("hello, room");
        assertThat(keys()).containsExactly(key);
    }

    @Test
    void keepsAnEmptyObject() {
        put("empty", new byte[0]);

        assertThat(s3.getObjectAsBytes(request -> request.bucket(bucket).key("empty"))
                        .asByteArray())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CRC32", "CRC32_C", "SHA1", "SHA256"})
    void returnsTheChecksumToWhoAsksForIt(String algorithm) {
        s3.putObject(
                request -> request.bucket(bucket).key("summed").checksumAlgorithm(ChecksumAlgorithm.valueOf(algorithm)),
                RequestBody.fromBytes("123456789".getBytes(StandardCharsets.UTF_8)));

        HeadObjectResponse head =
                s3.headObject(request -> request.bucket(bucket).key("summed").checksumMode("ENABLED"));

        assertThat(
                        switch (algorithm) {
                            case "CRC32" -> head.checksumCRC32();
                            case "CRC32_C" -> head.checksumCRC32C();
                            case "SHA1" -> head.checksumSHA1();
                            default -> head.checksumSHA256();
                        })
                .isEqualTo(
                        switch (algorithm) {
                            case "CRC32" -> "y/Q5Jg==";
                            case "CRC32_C" -> "4waSgw==";
                            case "SHA1" -> "98O8HYCOBHMq32eZZczDTKeuNEE=";
                            default -> "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=";
                        });
    }

    @Test
    void keepsAndNamesTheEncryptionThatWasAskedFor() {
        String arn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
        PutObjectResponse put = s3.putObject(
                request -> request.bucket(bucket)
                        .key("secret")
                        .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                        .ssekmsKeyId(arn)
                        .bucketKeyEnabled(true),
                RequestBody.fromBytes(HELLO));
        assertThat(put.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
        assertThat(put.ssekmsKeyId()).isEqualTo(arn);
        assertThat(put.bucketKeyEnabled()).isTrue();

        GetObjectResponse got = s3.getObjectAsBytes(
                        request -> request.bucket(bucket).key("secret"))
                .response();
        assertThat(got.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
        assertThat(got.ssekmsKeyId()).isEqualTo(arn);
        assertThat(got.bucketKeyEnabled()).isTrue();
    }

    @Test
    void replacesAnObjectUnlessToldNotTo() {
        put("k", "first".getBytes(StandardCharsets.UTF_8));
        put("k", "second".getBytes(StandardCharsets.UTF_8));

        assertError(
                412,
                "PreconditionFailed",
                () -> s3.putObject(
                        request -> request.bucket(bucket).key("k").ifNoneMatch("*"), RequestBody.fromString("third")));
        assertThat(text("k")).isEqualTo("second");

        s3.putObject(request -> request.bucket(bucket).key("new").ifNoneMatch("*"), RequestBody.fromString("third"));
        assertThat(text("new")).isEqualTo("third");
    }

    @Test
    void replacesOnlyTheVersionThatIsNamed() {
        put("k", HELLO);
        String etag = s3.headObject(request -> request.bucket(bucket).key("k")).eTag();

        s3.putObject(request -> request.bucket(bucket).key("k").ifMatch(etag), RequestBody.fromString("second"));
        assertError(
                412,
                "PreconditionFailed",
                () -> s3.putObject(
                        request -> request.bucket(bucket).key("k").ifMatch(etag), RequestBody.fromString("third")));
        assertError(
                404,
                "NoSuchKey",
                () -> s3.putObject(
                        request -> request.bucket(bucket).key("none").ifMatch(etag), RequestBody.fromString("x")));
        assertThat(text("k")).isEqualTo("second");
    }

    @Test
    void returnsTheRangeThatIsAskedFor() {
        put("k", "0123456789".getBytes(StandardCharsets.UTF_8));

        var middle =
                s3.getObjectAsBytes(request -> request.bucket(bucket).key("k").range("bytes=2-4"));
        assertThat(middle.asUtf8String()).isEqualTo("234");
        assertThat(middle.response().contentRange()).isEqualTo("bytes 2-4/10");
        assertThat(middle.response().sdkHttpResponse().statusCode()).isEqualTo(206);
        assertThat(range("bytes=7-")).isEqualTo("789");
        assertThat(range("bytes=-2")).isEqualTo("89");
        assertThat(range("bytes=8-100")).isEqualTo("89");
        assertError(416, "InvalidRange", () -> range("bytes=10-"));
    }

    @Test
    void answersConditionalReads() {
        put("k", HELLO);
        String etag = s3.headObject(request -> request.bucket(bucket).key("k")).eTag();

        assertThat(s3.getObjectAsBytes(request ->
                                request.bucket(bucket).key("k").ifMatch(etag).ifNoneMatch("\"other\""))
                        .asByteArray())
                .isEqualTo(HELLO);
        assertThat(failure(() -> s3.getObjectAsBytes(
                                request -> request.bucket(bucket).key("k").ifNoneMatch(etag)))
                        .statusCode())
                .isEqualTo(304);
        assertError(
                412,
                "PreconditionFailed",
                () -> s3.getObjectAsBytes(
                        request -> request.bucket(bucket).key("k").ifMatch("\"other\"")));
    }

    @Test
    void listsInTheOrderOfUtf8Bytes() {
        for (String key : List.of("\ud83d\ude00", "\uffee", "b", "B", "a/b", "a", "a-b", "\u00e9")) {
            put(key, HELLO);
        }

        assertThat(keys()).containsExactly("B", "a", "a-b", "a/b", "b", "\u00e9", "\uffee", "\ud83d\ude00");
    }

    @Test
    void listsPageByPage() {
        List<String> all = IntStream.range(0, 7).mapToObj(i -> "p/" + i).toList();
        all.forEach(key -> put(key, HELLO));
        put("q", HELLO);

        List<String> seen = new ArrayList<>();
        List<Integer> pages = new ArrayList<>();
        for (ListObjectsV2Response page : s3.listObjectsV2Paginator(
                request -> request.bucket(bucket).prefix("p/").maxKeys(3))) {
            pages.add(page.keyCount());
            page.contents().forEach(object -> seen.add(object.key()));
        }

        assertThat(seen).isEqualTo(all);
        assertThat(pages).containsExactly(3, 3, 1);
        assertThat(s3.listObjectsV2(request -> request.bucket(bucket).startAfter("p/5"))
                        .contents())
                .extracting(S3Object::key)
                .containsExactly("p/6", "q");
    }

    @Test
    void rollsKeysUpToTheDelimiter() {
        for (String key : List.of("r/1/a", "r/1/b", "r/2", "r/3/a", "r/4", "s/1")) {
            put(key, HELLO);
        }

        ListObjectsV2Response page =
                s3.listObjectsV2(request -> request.bucket(bucket).prefix("r/").delimiter("/"));

        assertThat(page.contents()).extracting(S3Object::key).containsExactly("r/2", "r/4");
        assertThat(page.commonPrefixes()).extracting(CommonPrefix::prefix).containsExactly("r/1/", "r/3/");
        assertThat(page.keyCount()).isEqualTo(4);
        assertThat(page.isTruncated()).isFalse();
    }

    @Test
    void continuesAfterACommonPrefix() {
        for (String key : List.of("a/1", "a/2", "b", "c/1", "c/2", "d")) {
            put(key, HELLO);
        }

        List<String> seen = new ArrayList<>();
        for (ListObjectsV2Response page : s3.listObjectsV2Paginator(
                request -> request.bucket(bucket).delimiter("/").maxKeys(1))) {
            page.commonPrefixes().forEach(prefix -> seen.add(prefix.prefix()));
            page.contents().forEach(object -> seen.add(object.key()));
        }

        assertThat(seen).containsExactly("a/", "b", "c/", "d");
    }

    @Test
    void tellsSizeAndEtagInListings() {
        put("k", HELLO);

        S3Object listed =
                s3.listObjectsV2(request -> request.bucket(bucket)).contents().get(0);

        assertThat(listed.size()).isEqualTo(HELLO.length);
        assertThat(listed.eTag()).isEqualTo("\"c096032c4f32480bb9b80548de5f5aaa\"");
        assertThat(listed.storageClassAsString()).isEqualTo("STANDARD");
    }

    @Test
    void deletesOneOrManyWhetherTheyAreThereOrNot() {
        List.of("a", "b", "c").forEach(key -> put(key, HELLO));

        s3.deleteObject(request -> request.bucket(bucket).key("a"));
        s3.deleteObject(request -> request.bucket(bucket).key("a"));
        var deleted = s3.deleteObjects(request -> request.bucket(bucket)
                .delete(Delete.builder()
                        .objects(
                                ObjectIdentifier.builder().key("b").build(),
                                ObjectIdentifier.builder().key("never").build())
                        .build()));

        assertThat(deleted.deleted()).hasSize(2);
        assertThat(deleted.errors()).isEmpty();
        assertThat(keys()).containsExactly("c");
    }

    @Test
    void copiesAnObjectWithItsMetadataOrWithOthers() {
        s3.putObject(
                request -> request.bucket(bucket).key("from/\u00e9 1").metadata(Map.of("speaker", "alice")),
                RequestBody.fromBytes(HELLO));

        s3.copyObject(request -> request.sourceBucket(bucket)
                .sourceKey("from/\u00e9 1")
                .destinationBucket(bucket)
                .destinationKey("to"));
        s3.copyObject(request -> request.sourceBucket(bucket)
                .sourceKey("from/\u00e9 1")
                .destinationBucket(bucket)
                .destinationKey("renamed")
                .metadataDirective(MetadataDirective.REPLACE)
                .metadata(Map.of("speaker", "bob")));

        assertThat(text("to")).isEqualTo("hello, room");
        assertThat(s3.headObject(request -> request.bucket(bucket).key("to")).metadata())
                .isEqualTo(Map.of("speaker", "alice"));
        assertThat(s3.headObject(request -> request.bucket(bucket).key("renamed"))
                        .metadata())
                .isEqualTo(Map.of("speaker", "bob"));
    }

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> text("nothing")).isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> s3.headObject(request -> request.bucket(bucket).key("nothing")))
                .isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> s3.listObjectsV2(request -> request.bucket("no-such-" + bucket.substring(9))))
                .isInstanceOf(NoSuchBucketException.class);
        assertThatThrownBy(() -> s3.headBucket(request -> request.bucket("no-such-" + bucket.substring(9))))
                .isInstanceOf(NoSuchBucketException.class);
        assertError(
                404,
                "NoSuchBucket",
                () -> s3.putObject(
                        request ->
                                request.bucket("no-such-" + bucket.substring(9)).key("k"),
                        RequestBody.fromBytes(HELLO)));
    }

    @Test
    void createsFindsAndDeletesBuckets() {
        assertThat(s3.listBuckets().buckets())
                .anySatisfy(listed -> assertThat(listed.name()).isEqualTo(bucket));
        assertThat(s3.getBucketLocation(request -> request.bucket(bucket)).locationConstraintAsString())
                .isEqualTo("eu-central-1");
        assertThat(s3.headBucket(request -> request.bucket(bucket)).bucketRegion())
                .isEqualTo("eu-central-1");
        assertError(409, "BucketAlreadyOwnedByYou", () -> s3.createBucket(request -> request.bucket(bucket)));

        put("k", HELLO);
        assertError(409, "BucketNotEmpty", () -> s3.deleteBucket(request -> request.bucket(bucket)));
        s3.deleteObject(request -> request.bucket(bucket).key("k"));
        s3.deleteBucket(request -> request.bucket(bucket));

        assertThatThrownBy(() -> s3.headBucket(request -> request.bucket(bucket)))
                .isInstanceOf(NoSuchBucketException.class);
    }

    void put(String key, byte[] bytes) {
        s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(bytes));
    }

    String text(String key) {
        return s3.getObjectAsBytes(request -> request.bucket(bucket).key(key)).asUtf8String();
    }

    List<String> keys() {
        return s3.listObjectsV2(request -> request.bucket(bucket)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    void assertError(int status, String code, Runnable call) {
        S3Exception failure = failure(call);
        assertThat(failure).as("expected " + code).isNotNull();
        assertThat(failure.awsErrorDetails().errorCode()).isEqualTo(code);
        assertThat(failure.statusCode()).isEqualTo(status);
    }

    private S3Exception failure(Runnable call) {
        return catchThrowableOfType(S3Exception.class, call::run);
    }

    private String range(String range) {
        return s3.getObjectAsBytes(request -> request.bucket(bucket).key("k").range(range))
                .asUtf8String();
    }
}
