package io.parley.local.deployed;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The code of deployed functions, unpacked as Lambda has it at {@code /var/task}. Lambda gives no access to what it took
 * over, so it is the object of the code bucket that has the digest which Lambda says its code has.
 */
final class DeployedCode {

    private final S3Client s3;
    private final String bucket;
    private final Path folder;
    private final Map<String, Path> unpacked = new HashMap<>();

    DeployedCode(S3Client s3, String bucket, Path folder) {
        this.s3 = s3;
        this.bucket = bucket;
        this.folder = folder;
    }

    /** The folder of its code, which functions of the same code share. */
    Path of(FunctionConfiguration function) throws Exception {
        Path known = unpacked.get(function.codeSha256());
        if (known != null) {
            return known;
        }
        for (S3Object object : s3.listObjectsV2(list -> list.bucket(bucket)).contents()) {
            if (object.size().equals(function.codeSize())) {
                byte[] bytes = s3.getObjectAsBytes(get -> get.bucket(bucket).key(object.key()))
                        .asByteArray();
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                if (Base64.getEncoder().encodeToString(digest).equals(function.codeSha256())) {
                    Path code = folder.resolve(object.key());
                    unpack(bytes, code);
                    unpacked.put(function.codeSha256(), code);
                    return code;
                }
            }
        }
        throw new AssertionError("no object of " + bucket + " is the code of " + function.functionArn());
    }

    private static void unpack(byte[] jar, Path folder) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = folder.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(zip, target);
                }
            }
        }
    }
}
