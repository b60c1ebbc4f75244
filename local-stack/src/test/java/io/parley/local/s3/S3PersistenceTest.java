package io.parley.local.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.local.contract.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

class S3PersistenceTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T10:15:30.123Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void findsBucketsAndObjectsAgainAfterARestart() {
        run(s3 -> {
            s3.createBucket(request -> request.bucket("audio"));
            s3.putObject(
                    request -> request.bucket("audio")
                            .key("../room/\u65e5\u672c")
                            .contentType("audio/ogg")
                            .metadata(Map.of("speaker", "alice")),
                    RequestBody.fromString("kept"));
            s3.putObject(request -> request.bucket("audio").key("gone"), RequestBody.fromString("x"));
            s3.deleteObject(request -> request.bucket("audio").key("gone"));
        });

        run(s3 -> {
            assertThat(s3.listObjectsV2(request -> request.bucket("audio")).contents())
                    .extracting(S3Object::key)
                    .containsExactly("../room/\u65e5\u672c");
            var got = s3.getObjectAsBytes(request -> request.bucket("audio").key("../room/\u65e5\u672c"));
            assertThat(got.asUtf8String()).isEqualTo("kept");
            assertThat(got.response().contentType()).isEqualTo("audio/ogg");
            assertThat(got.response().metadata()).isEqualTo(Map.of("speaker", "alice"));
            assertThat(got.response().lastModified()).isEqualTo("2026-11-23T10:15:30Z");
            assertThat(s3.getBucketLocation(request -> request.bucket("audio")).locationConstraintAsString())
                    .isEqualTo("eu-central-1");
        });
    }

    @Test
    void forgetsWritesThatWereNotFinished() throws IOException {
        run(s3 -> s3.createBucket(request -> request.bucket("audio")));
        Path half = Files.writeString(folder.resolve("s3/audio/incoming/half"), "PS31");
        Path broken = folder.resolve("s3/audio/objects/ab/broken");
        Files.createDirectories(broken.getParent());
        Files.writeString(broken, "PS31");

        run(s3 -> assertThat(
                        s3.listObjectsV2(request -> request.bucket("audio")).contents())
                .isEmpty());

        assertThat(half).doesNotExist();
    }

    @Test
    void writesNothingOutsideItsFolder() throws IOException {
        run(s3 -> {
            s3.createBucket(request -> request.bucket("audio"));
            for (String key : List.of("../../escaped", "..", "/etc/escaped", "%2e%2e/escaped", "a/../../../escaped")) {
                s3.putObject(request -> request.bucket("audio").key(key), RequestBody.fromString("escaped?"));
            }
        });

        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> folder.relativize(file).toString()))
                    .hasSize(6)
                    .allMatch(name -> name.matches("s3/audio/(bucket.json|objects/[0-9a-f]{2}/[0-9a-f]{62})"));
        }
    }

    @Test
    void deletesItsTemporaryFolder() {
        S3Service[] service = new S3Service[1];
        try (Endpoint endpoint = Endpoint.local(vertx -> {
            service[0] = new S3Service(vertx, null, CLOCK);
            service[0].createBucket("audio", "eu-central-1");
            service[0].createBucket("audio", "eu-central-1");
            return List.of(service[0]);
        })) {
            S3Client s3 = client(endpoint);
            s3.putObject(request -> request.bucket("audio").key("k"), RequestBody.fromString("x"));
            assertThat(service[0].folder()).isDirectoryRecursivelyContaining("glob:**/objects/*/*");
            service[0].close();
            assertThat(service[0].folder()).doesNotExist();
        }
    }

    private interface Session {
        void use(S3Client s3);
    }

    private void run(Session session) {
        try (Endpoint endpoint = Endpoint.local(vertx -> List.of(new S3Service(vertx, folder.resolve("s3"), CLOCK)));
                S3Client s3 = client(endpoint)) {
            session.use(s3);
        }
    }

    private static S3Client client(Endpoint endpoint) {
        return endpoint.client(S3Client.builder().httpClient(UrlConnectionHttpClient.create()));
    }
}
