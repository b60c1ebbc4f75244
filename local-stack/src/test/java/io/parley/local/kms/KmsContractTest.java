package io.parley.local.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.parley.local.contract.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AliasListEntry;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.KeyListEntry;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KmsException;

/** What KMS does for whoever encrypts envelopes; the pages named are of the AWS KMS API reference. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KmsContractTest {

    static final SdkBytes SECRET = SdkBytes.fromUtf8String("a data key, or any other secret");
    static final Map<String, String> CONTEXT = Map.of("room", "lobby", "purpose", "chunk");

    Endpoint endpoint;
    KmsClient kms;
    KeyMetadata key;

    abstract Endpoint open();

    @BeforeAll
    void connect() {
        endpoint = open();
        kms = endpoint.client(KmsClient.builder().httpClient(UrlConnectionHttpClient.create()));
    }

    @AfterAll
    void disconnect() {
        if (endpoint != null) {
            kms.close();
            endpoint.close();
        }
    }

    @BeforeEach
    void createKey() {
        key = kms.createKey(request -> request.description("of a test")).keyMetadata();
    }

    @Test
    void describesTheKeyThatItCreated() {
        KeyMetadata described =
                kms.describeKey(request -> request.keyId(key.keyId())).keyMetadata();

        assertThat(described.arn()).isEqualTo(key.arn()).endsWith(":key/" + key.keyId());
        assertThat(described.description()).isEqualTo("of a test");
        assertThat(described.keyState()).isEqualTo(KeyState.ENABLED);
        assertThat(described.enabled()).isTrue();
        assertThat(described.keySpecAsString()).isEqualTo("SYMMETRIC_DEFAULT");
        assertThat(described.creationDate()).isNotNull();
        assertThat(kms.listKeysPaginator(request -> request.limit(2)).keys())
                .extracting(KeyListEntry::keyId)
                .contains(key.keyId())
                .doesNotHaveDuplicates();
    }

    @Test
    void decryptsADataKeyToThePlaintextThatItGaveOut() {
        GenerateDataKeyResponse dataKey = kms.generateDataKey(request ->
                request.keyId(key.keyId()).keySpec(DataKeySpec.AES_256).encryptionContext(CONTEXT));

        assertThat(dataKey.plaintext().asByteArray()).hasSize(32);
        assertThat(dataKey.keyId()).isEqualTo(key.arn());
        assertThat(kms.decrypt(request ->
                                request.ciphertextBlob(dataKey.ciphertextBlob()).encryptionContext(CONTEXT))
                        .plaintext())
                .isEqualTo(dataKey.plaintext());
    }

    @Test
    void makesDataKeysOfTheSizeThatIsAskedFor() {
        assertThat(kms.generateDataKey(request -> request.keyId(key.keyId()).keySpec(DataKeySpec.AES_128))
                        .plaintext()
                        .asByteArray())
                .hasSize(16);
        assertThat(kms.generateDataKey(request -> request.keyId(key.keyId()).numberOfBytes(64))
                        .plaintext()
                        .asByteArray())
                .hasSize(64);

        var hidden = kms.generateDataKeyWithoutPlaintext(
                request -> request.keyId(key.keyId()).keySpec(DataKeySpec.AES_256));
        assertThat(kms.decrypt(request -> request.ciphertextBlob(hidden.ciphertextBlob()))
                        .plaintext()
                        .asByteArray())
                .hasSize(32);
    }

    @Test
    void asksForOneSizeOfADataKey() {
        assertError("ValidationException", () -> kms.generateDataKey(request -> request.keyId(key.keyId())));
        assertError(
                "ValidationException",
                () -> kms.generateDataKey(request ->
                        request.keyId(key.keyId()).keySpec(DataKeySpec.AES_256).numberOfBytes(32)));
        assertError(
                "ValidationException",
                () -> kms.generateDataKey(request -> request.keyId(key.keyId()).numberOfBytes(1025)));
    }

    @Test
    void decryptsWhatItEncrypted() {
        SdkBytes blob = encrypt(key.keyId());

        var decrypted = kms.decrypt(request -> request.ciphertextBlob(blob).encryptionContext(CONTEXT));

        assertThat(decrypted.plaintext()).isEqualTo(SECRET);
        assertThat(decrypted.keyId()).isEqualTo(key.arn());
        assertThat(encrypt(key.keyId())).isNotEqualTo(blob);
    }

    @Test
    void encryptsOneTo4096Bytes() {
        for (int length : new int[] {0, 4097}) {
            assertError(
                    "ValidationException",
                    () -> kms.encrypt(
                            request -> request.keyId(key.keyId()).plaintext(SdkBytes.fromByteArray(new byte[length]))));
        }
        assertThat(kms.encrypt(request -> request.keyId(key.keyId()).plaintext(SdkBytes.fromByteArray(new byte[4096])))
                        .ciphertextBlob()
                        .asByteArray())
                .hasSizeGreaterThan(4096);
    }

    @Test
    void failsInAnotherEncryptionContext() {
        SdkBytes blob = encrypt(key.keyId());

        for (Map<String, String> other : List.of(
                Map.<String, String>of(),
                Map.of("room", "lobby"),
                Map.of("room", "Lobby", "purpose", "chunk"),
                Map.of("room", "lobby", "purpose", "chunk", "more", ""))) {
            assertError(
                    "InvalidCiphertextException",
                    () -> kms.decrypt(request -> request.ciphertextBlob(blob).encryptionContext(other)));
        }
    }

    @Test
    void failsOnBytesThatItDidNotEncrypt() {
        byte[] blob = encrypt(key.keyId()).asByteArray();
        blob[blob.length - 1] ^= 1;

        assertError(
                "InvalidCiphertextException",
                () -> kms.decrypt(request ->
                        request.ciphertextBlob(SdkBytes.fromByteArray(blob)).encryptionContext(CONTEXT)));
    }

    @Test
    void findsAKeyByIdArnAliasAndAliasArn() {
        String alias = "alias/contract/" + UUID.randomUUID();
        kms.createAlias(request -> request.aliasName(alias).targetKeyId(key.keyId()));
        AliasListEntry listed = kms.listAliases(request -> request.keyId(key.keyId())).aliases().stream()
                .filter(entry -> entry.aliasName().equals(alias))
                .findAny()
                .orElseThrow();
        assertThat(listed.targetKeyId()).isEqualTo(key.keyId());
        assertThat(listed.aliasArn()).isEqualTo(key.arn().replace("key/" + key.keyId(), alias));

        for (String name : new String[] {key.keyId(), key.arn(), alias, listed.aliasArn()}) {
            assertThat(kms.decrypt(request ->
                                    request.ciphertextBlob(encrypt(name)).encryptionContext(CONTEXT))
                            .keyId())
                    .as(name)
                    .isEqualTo(key.arn());
        }
    }

    @Test
    void givesAnAliasToOneKeyOnly() {
        String alias = "alias/contract/" + UUID.randomUUID();
        kms.createAlias(request -> request.aliasName(alias).targetKeyId(key.keyId()));

        assertError(
                "AlreadyExistsException",
                () -> kms.createAlias(request -> request.aliasName(alias).targetKeyId(key.keyId())));
        assertError(
                "NotAuthorizedException",
                () -> kms.createAlias(
                        request -> request.aliasName("alias/aws/s3").targetKeyId(key.keyId())));
        kms.deleteAlias(request -> request.aliasName(alias));
        assertError("NotFoundException", () -> encrypt(alias));
    }

    @Test
    void namesWhatIsMissing() {
        String missing = UUID.randomUUID().toString();

        assertError("NotFoundException", () -> kms.describeKey(request -> request.keyId(missing)));
        assertError("NotFoundException", () -> encrypt(missing));
        assertError("NotFoundException", () -> encrypt("alias/missing"));
        assertError(
                "NotFoundException",
                () -> kms.createAlias(
                        request -> request.aliasName("alias/x" + missing).targetKeyId(missing)));
    }

    @Test
    void disablesEnablesAndSchedulesTheDeletionOfAKey() {
        kms.disableKey(request -> request.keyId(key.keyId()));
        assertThat(state()).isEqualTo(KeyState.DISABLED);
        kms.enableKey(request -> request.keyId(key.keyId()));
        assertThat(state()).isEqualTo(KeyState.ENABLED);
        kms.scheduleKeyDeletion(request -> request.keyId(key.keyId()).pendingWindowInDays(7));
        assertThat(state()).isEqualTo(KeyState.PENDING_DELETION);
        kms.cancelKeyDeletion(request -> request.keyId(key.keyId()));
        assertThat(state()).isEqualTo(KeyState.DISABLED);
    }

    @Test
    void remembersRotation() {
        assertThat(kms.getKeyRotationStatus(request -> request.keyId(key.keyId()))
                        .keyRotationEnabled())
                .isFalse();

        kms.enableKeyRotation(request -> request.keyId(key.keyId()).rotationPeriodInDays(180));

        assertThat(kms.getKeyRotationStatus(request -> request.keyId(key.keyId()))
                        .keyRotationEnabled())
                .isTrue();
    }

    @Test
    void encryptsAnewUnderAnotherKeyAndContext() {
        KeyMetadata other = kms.createKey().keyMetadata();

        SdkBytes moved = kms.reEncrypt(request -> request.ciphertextBlob(encrypt(key.keyId()))
                        .sourceEncryptionContext(CONTEXT)
                        .destinationKeyId(other.keyId())
                        .destinationEncryptionContext(Map.of("room", "hall")))
                .ciphertextBlob();

        var decrypted = kms.decrypt(request -> request.ciphertextBlob(moved).encryptionContext(Map.of("room", "hall")));
        assertThat(decrypted.plaintext()).isEqualTo(SECRET);
        assertThat(decrypted.keyId()).isEqualTo(other.arn());
    }

    private KeyState state() {
        return kms.describeKey(request -> request.keyId(key.keyId()))
                .keyMetadata()
                .keyState();
    }

    SdkBytes encrypt(String name) {
        return kms.encrypt(request -> request.keyId(name).plaintext(SECRET).encryptionContext(CONTEXT))
                .ciphertextBlob();
    }

    void assertError(String code, Runnable call) {
        KmsException failure = catchThrowableOfType(KmsException.class, call::run);
        assertThat(failure).as("expected " + code).isNotNull();
        assertThat(failure.awsErrorDetails().errorCode()).isEqualTo(code);
    }
}
