package io.parley.local.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.local.contract.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AliasListEntry;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.NotFoundException;

class KmsPersistenceTest {

    private static final SdkBytes SECRET = SdkBytes.fromUtf8String("secret");
    private static final String ALIAS = "alias/parley-audio";

    @TempDir
    Path parent;

    private volatile Instant now = Instant.parse("2026-11-23T10:00:00Z");

    @Test
    void decryptsAfterARestartWhatWasEncryptedBefore() {
        AtomicReference<SdkBytes> blob = new AtomicReference<>();
        AtomicReference<String> arn = new AtomicReference<>();
        run((service, kms) -> {
            arn.set(service.createKey(ALIAS));
            blob.set(kms.encrypt(request -> request.keyId(ALIAS).plaintext(SECRET))
                    .ciphertextBlob());
        });

        run((service, kms) -> {
            assertThat(service.createKey(ALIAS)).isEqualTo(arn.get());
            assertThat(kms.decrypt(request -> request.ciphertextBlob(blob.get()))
                            .plaintext())
                    .isEqualTo(SECRET);
            assertThat(kms.listAliases().aliases())
                    .extracting(AliasListEntry::aliasName)
                    .containsExactly(ALIAS);
            kms.disableKey(request -> request.keyId(arn.get()));
        });

        run((service, kms) -> assertThat(kms.describeKey(request -> request.keyId(ALIAS))
                        .keyMetadata()
                        .keyState())
                .isEqualTo(KeyState.DISABLED));
    }

    @Test
    void letsOnlyTheOwnerReadTheKeys() throws IOException {
        run((service, kms) -> service.createKey(ALIAS));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(folder())) {
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void dropsTheMaterialOnceItsDeletionIsDue() throws IOException {
        run((service, kms) -> {
            String arn = service.createKey(ALIAS);
            kms.scheduleKeyDeletion(request -> request.keyId(arn).pendingWindowInDays(7));
            now = now.plus(Duration.ofDays(7));
            assertThatThrownBy(() -> kms.describeKey(request -> request.keyId(arn)))
                    .isInstanceOf(NotFoundException.class);
        });
        run((service, kms) -> assertThat(kms.listKeys().keys()).isEmpty());

        assertThat(folder()).isEmptyDirectory();
    }

    @Test
    void doesNotStartWithAKeyThatCannotBeRead() throws IOException {
        run((service, kms) -> service.createKey(ALIAS));
        try (Stream<Path> files = Files.list(folder())) {
            Files.writeString(files.findAny().orElseThrow(), "{");
        }

        assertThatThrownBy(() -> new KeyFolder(folder()).load())
                .hasMessageContaining("cannot be read")
                .hasStackTraceContaining("restore it, or move it away");
    }

    private interface Session {
        void use(KmsService service, KmsClient kms);
    }

    private void run(Session session) {
        AtomicReference<KmsService> service = new AtomicReference<>();
        try (Endpoint endpoint = Endpoint.local(vertx -> {
                    service.set(new KmsService(vertx, folder(), clock(), "eu-central-1", "123456789012"));
                    return List.of(service.get());
                });
                KmsClient kms = endpoint.client(KmsClient.builder().httpClient(UrlConnectionHttpClient.create()))) {
            session.use(service.get(), kms);
        }
    }

    private Path folder() {
        return parent.resolve("data/kms");
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }
}
