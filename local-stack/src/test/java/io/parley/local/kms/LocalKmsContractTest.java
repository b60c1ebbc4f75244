package io.parley.local.kms;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.local.contract.Endpoint;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.kms.KmsAsyncClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;

/** With the sentences that moto does not hold to; each says where AWS documents it or what moto does instead. */
class LocalKmsContractTest extends KmsContractTest {

    @Override
    Endpoint open() {
        return Endpoint.local(
                vertx -> List.of(new KmsService(vertx, null, Clock.systemUTC(), "eu-central-1", "123456789012")));
    }

    @Test
    void servesTheAsynchronousClient() {
        try (KmsAsyncClient async =
                endpoint.client(KmsAsyncClient.builder().httpClient(NettyNioAsyncHttpClient.create()))) {
            assertThat(async.generateDataKey(
                                    request -> request.keyId(key.keyId()).numberOfBytes(32))
                            .join()
                            .plaintext()
                            .asByteArray())
                    .hasSize(32);
        }
    }

    /** DescribeKey; moto leaves the usage out unless it was given. */
    @Test
    void describesWhatTheKeyIsFor() {
        KeyMetadata described =
                kms.describeKey(request -> request.keyId(key.keyId())).keyMetadata();

        assertThat(described.keyUsageAsString()).isEqualTo("ENCRYPT_DECRYPT");
        assertThat(described.encryptionAlgorithmsAsStrings()).containsExactly("SYMMETRIC_DEFAULT");
    }

    /** Decrypt, KeyId: IncorrectKeyException; moto answers AccessDeniedException. */
    @Test
    void decryptsUnderTheKeyThatIsNamedOnly() {
        SdkBytes blob = encrypt(key.keyId());
        KeyMetadata other = kms.createKey().keyMetadata();

        assertError(
                "IncorrectKeyException",
                () -> kms.decrypt(request ->
                        request.keyId(other.keyId()).ciphertextBlob(blob).encryptionContext(CONTEXT)));
        assertThat(kms.decrypt(request ->
                                request.keyId(key.arn()).ciphertextBlob(blob).encryptionContext(CONTEXT))
                        .plaintext())
                .isEqualTo(SECRET);
    }

    /** "Key states of AWS KMS keys"; moto uses disabled keys. */
    @Test
    void usesNoKeyThatIsDisabledOrPendingDeletion() {
        SdkBytes blob = encrypt(key.keyId());

        kms.disableKey(request -> request.keyId(key.keyId()));
        assertError("DisabledException", () -> encrypt(key.keyId()));
        assertError(
                "DisabledException",
                () -> kms.decrypt(request -> request.ciphertextBlob(blob).encryptionContext(CONTEXT)));
        kms.enableKey(request -> request.keyId(key.keyId()));
        assertThat(encrypt(key.keyId())).isNotNull();

        kms.scheduleKeyDeletion(request -> request.keyId(key.keyId()).pendingWindowInDays(7));
        assertError("KMSInvalidStateException", () -> encrypt(key.keyId()));
        assertError("KMSInvalidStateException", () -> kms.enableKey(request -> request.keyId(key.keyId())));
    }

    /** Decrypt: InvalidCiphertextException; moto answers AccessDeniedException where it finds no key id. */
    @Test
    void failsOnWhatIsNoCiphertext() {
        for (int length : new int[] {1, 28, 29, 44, 45, 200}) {
            byte[] noise = new byte[length];
            noise[0] = 1;
            assertError(
                    "InvalidCiphertextException",
                    () -> kms.decrypt(request -> request.ciphertextBlob(SdkBytes.fromByteArray(noise))));
        }
    }

    /** No byte of a blob can be changed, the key id that it names included; moto answers as above. */
    @Test
    void failsWhicheverByteOfTheBlobIsChanged() {
        byte[] blob = encrypt(key.keyId()).asByteArray();
        for (int i = 0; i < blob.length; i++) {
            byte[] changed = blob.clone();
            changed[i] ^= 1;
            assertError(
                    "InvalidCiphertextException",
                    () -> kms.decrypt(request -> request.ciphertextBlob(SdkBytes.fromByteArray(changed))
                            .encryptionContext(CONTEXT)));
        }
    }

    /** Only the local endpoint says so: asymmetric keys are AWS's and moto's. */
    @Test
    void refusesKeysThatItDoesNotServe() {
        assertError(
                "UnsupportedOperationException",
                () -> kms.createKey(request -> request.keySpec("RSA_2048").keyUsage("SIGN_VERIFY")));
        assertError(
                "UnknownOperationException",
                () -> kms.sign(
                        request -> request.keyId(key.keyId()).message(SECRET).signingAlgorithm("RSASSA_PSS_SHA_256")));
    }

    /** "Testing your permissions"; moto does not end it. */
    @Test
    void endsADryRunInItsOwnError() {
        assertError(
                "DryRunOperationException",
                () -> kms.encrypt(
                        request -> request.keyId(key.keyId()).plaintext(SECRET).dryRun(true)));
    }

    /** An ARN of another account or region names none of these keys; moto looks at the id alone. */
    @Test
    void knowsNoKeyOfAnotherAccount() {
        assertError("NotFoundException", () -> encrypt(key.arn().replace("123456789012", "111122223333")));
    }
}
