package io.parley.local.deployed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The code of deployed functions, as Lambda has it under {@code /var/task}, with the jar in {@code lib} ("Deploy Java Lambda
 * functions with .zip or JAR file archives"); there it would be unpacked, which takes minutes on a slow disk. Lambda gives
 * no access to what it took over, so it is the object of the code bucket that has the digest which Lambda says its code
 * has.
 */
final class DeployedCode {

    private final S3Client s3;
    private final String bucket;
    private final Path folder;
    private final Map<String, Path> fetched = new HashMap<>();

    DeployedCode(S3Client s3, String bucket, Path folder) {
        this.s3 = s3;
        this.bucket = bucket;
        this.folder = folder;
    }

    /** Its task root, which functions of the same code share. */
    Path of(FunctionConfiguration function) throws Exception {
        Path known = fetched.get(function.codeSha256());
        if (known != null) {
            return known;
        }
        for (S3Object object : s3.listObjectsV2(list -> list.bucket(bucket)).contents()) {
            if (object.size().equals(function.codeSize())) {
                byte[] bytes = s3.getObjectAsBytes(get -> get.bucket(bucket).key(object.key()))
                        .asByteArray();
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                if (Base64.getEncoder().encodeToString(digest).equals(function.codeSha256())) {
                    Path root = folder.resolve("task-" + fetched.size());
                    Files.write(Files.createDirectories(root.resolve("lib")).resolve(object.key()), bytes);
                    fetched.put(function.codeSha256(), root);
                    return root;
                }
            }
        }
        throw new AssertionError("no object of " + bucket + " is the code of " + function.functionArn());
    }
}
