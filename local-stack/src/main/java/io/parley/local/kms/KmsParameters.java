package io.parley.local.kms;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.edge.AwsException;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/** A call's parameters, each checked as it is taken; what is wrong becomes a ValidationException that names it. */
record KmsParameters(JsonNode tree) {

    KmsParameters {
        if (!tree.isObject()) {
            throw new AwsException(400, "SerializationException", "the body is not an object");
        }
    }

    boolean has(String name) {
        return tree.hasNonNull(name);
    }

    String text(String name) {
        String value = text(name, null);
        if (value == null || value.isEmpty()) {
            throw AwsException.validation(name + " is missing");
        }
        return value;
    }

    String text(String name, String otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        if (!tree.get(name).isTextual()) {
            throw new AwsException(400, "SerializationException", name + " is not a string");
        }
        return tree.get(name).textValue();
    }

    int integer(String name, int min, int max, int otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        JsonNode value = tree.get(name);
        if (!value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            throw AwsException.validation(name + " has to be between " + min + " and " + max + ": " + value);
        }
        return value.intValue();
    }

    /** Base64 in JSON. */
    byte[] bytes(String name, int min, int max) {
        byte[] bytes;
        try {
            bytes = has(name) ? tree.get(name).binaryValue() : null;
        } catch (IOException e) {
            throw new AwsException(400, "SerializationException", name + " is not base64");
        }
        if (bytes == null) {
            throw AwsException.validation(name + " is missing");
        }
        if (bytes.length < min || bytes.length > max) {
            throw AwsException.validation(name + " has to be of " + min + " to " + max + " bytes: " + bytes.length);
        }
        return bytes;
    }

    SortedMap<String, String> encryptionContext(String name) {
        SortedMap<String, String> context = new TreeMap<>();
        if (!has(name)) {
            return context;
        }
        tree.get(name).fields().forEachRemaining(entry -> {
            if (!entry.getValue().isTextual()) {
                throw new AwsException(400, "SerializationException", name + " holds more than strings");
            }
            context.put(entry.getKey(), entry.getValue().textValue());
        });
        return context;
    }

    /** Throws unless the parameter is left out or is the only value served here. */
    void require(String name, String served) {
        if (has(name) && !tree.get(name).asText().equals(served)) {
            throw new AwsException(
                    400,
                    "UnsupportedOperationException",
                    name + ": the local KMS serves " + served + " only, not " + tree.get(name));
        }
    }

    /** A dry run that would have succeeded ends in this error ("Testing your permissions"). */
    void endDryRun() {
        if (tree.path("DryRun").asBoolean()) {
            throw new AwsException(
                    412, "DryRunOperationException", "The request would have succeeded, but the DryRun option is set.");
        }
    }
}
