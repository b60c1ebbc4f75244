package io.parley.local.ssm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;

/**
 * One version of a parameter.
 *
 * @param type String, StringList or SecureString
 */
record Parameter(String name, String type, String value, String dataType, long version, Instant modified) {

    /**
     * As the API answers it.
     *
     * @param selector what was asked for behind the name, such as {@code :3}, or an empty string
     * @param decrypt whether a SecureString's value is answered in the clear
     */
    ObjectNode describe(String region, String selector, boolean decrypt) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("Name", name);
        node.put("Type", type);
        node.put("Value", type.equals("SecureString") && !decrypt ? concealed() : value);
        node.put("Version", version);
        if (!selector.isEmpty()) {
            node.put("Selector", selector);
        }
        node.put("LastModifiedDate", modified.toEpochMilli() / 1000.0);
        node.put("ARN", "arn:aws:ssm:" + region + ":000000000000:parameter" + (name.startsWith("/") ? "" : "/") + name);
        node.put("DataType", dataType);
        return node;
    }

    /** Stands where AWS answers the ciphertext: not the value, so that a forgotten WithDecryption is noticed. */
    private String concealed() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
