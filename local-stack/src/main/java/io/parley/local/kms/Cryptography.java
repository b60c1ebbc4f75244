package io.parley.local.kms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import java.security.SecureRandom;

/** The cryptographic calls. Microseconds of work, on the caller's thread. */
final class Cryptography {

    private static final String SYMMETRIC = "SYMMETRIC_DEFAULT";
    private static final int MAX_PLAINTEXT = 4096;
    private static final int MAX_CIPHERTEXT = 6144;

    private final KeyRing keys;
    private final SecureRandom random;

    Cryptography(KeyRing keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    ObjectNode encrypt(KmsParameters call) {
        KmsKey key = usable(call.text("KeyId"));
        call.require("EncryptionAlgorithm", SYMMETRIC);
        byte[] plaintext = call.bytes("Plaintext", 1, MAX_PLAINTEXT);
        byte[] blob = CiphertextBlob.encrypt(key, plaintext, call.encryptionContext("EncryptionContext"), random)
                .bytes();
        call.endDryRun();
        return EdgeRequest.object()
                .put("KeyId", key.arn())
                .put("CiphertextBlob", blob)
                .put("EncryptionAlgorithm", SYMMETRIC);
    }

    ObjectNode decrypt(KmsParameters call) {
        call.require("EncryptionAlgorithm", SYMMETRIC);
        refuseRecipient(call);
        CiphertextBlob blob = CiphertextBlob.parse(call.bytes("CiphertextBlob", 1, MAX_CIPHERTEXT));
        KmsKey key = keyOf(blob, call.text("KeyId", null));
        byte[] plaintext = blob.decrypt(key, call.encryptionContext("EncryptionContext"));
        call.endDryRun();
        return EdgeRequest.object()
                .put("KeyId", key.arn())
                .put("Plaintext", plaintext)
                .put("EncryptionAlgorithm", SYMMETRIC);
    }

    ObjectNode reEncrypt(KmsParameters call) {
        call.require("SourceEncryptionAlgorithm", SYMMETRIC);
        call.require("DestinationEncryptionAlgorithm", SYMMETRIC);
        CiphertextBlob blob = CiphertextBlob.parse(call.bytes("CiphertextBlob", 1, MAX_CIPHERTEXT));
        KmsKey source = keyOf(blob, call.text("SourceKeyId", null));
        KmsKey target = usable(call.text("DestinationKeyId"));
        byte[] plaintext = blob.decrypt(source, call.encryptionContext("SourceEncryptionContext"));
        byte[] result = CiphertextBlob.encrypt(
                        target, plaintext, call.encryptionContext("DestinationEncryptionContext"), random)
                .bytes();
        call.endDryRun();
        return EdgeRequest.object()
                .put("CiphertextBlob", result)
                .put("SourceKeyId", source.arn())
                .put("KeyId", target.arn())
                .put("SourceEncryptionAlgorithm", SYMMETRIC)
                .put("DestinationEncryptionAlgorithm", SYMMETRIC);
    }

    ObjectNode generateDataKey(KmsParameters call, boolean withPlaintext) {
        KmsKey key = usable(call.text("KeyId"));
        refuseRecipient(call);
        byte[] dataKey = new byte[dataKeyBytes(call)];
        random.nextBytes(dataKey);
        byte[] blob = CiphertextBlob.encrypt(key, dataKey, call.encryptionContext("EncryptionContext"), random)
                .bytes();
        call.endDryRun();
        ObjectNode answer = EdgeRequest.object().put("KeyId", key.arn()).put("CiphertextBlob", blob);
        return withPlaintext ? answer.put("Plaintext", dataKey) : answer;
    }

    private static int dataKeyBytes(KmsParameters call) {
        if (call.has("KeySpec") == call.has("NumberOfBytes")) {
            throw AwsException.validation("Please specify either number of bytes or key spec.");
        }
        if (call.has("NumberOfBytes")) {
            return call.integer("NumberOfBytes", 1, 1024, 0);
        }
        switch (call.text("KeySpec")) {
            case "AES_256":
                return 32;
            case "AES_128":
                return 16;
            default:
                throw AwsException.validation("KeySpec has to be AES_256 or AES_128: " + call.text("KeySpec"));
        }
    }

    private KmsKey usable(String name) {
        KmsKey key = keys.find(name);
        key.requireUsable();
        return key;
    }

    /** @param expected the key that the caller says it is, or null */
    private KmsKey keyOf(CiphertextBlob blob, String expected) {
        KmsKey key;
        try {
            key = keys.findKey(blob.keyId().toString());
        } catch (AwsException e) {
            throw CiphertextBlob.invalid();
        }
        if (expected != null && !keys.find(expected).id().equals(key.id())) {
            throw new AwsException(
                    400,
                    "IncorrectKeyException",
                    "The key ID in the request does not identify a CMK that can perform this operation.");
        }
        key.requireUsable();
        return key;
    }

    private static void refuseRecipient(KmsParameters call) {
        if (call.has("Recipient")) {
            throw new AwsException(400, "UnsupportedOperationException", "The local KMS attests no enclaves.");
        }
    }
}
