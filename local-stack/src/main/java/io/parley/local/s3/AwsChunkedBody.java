package io.parley.local.s3;

import io.parley.local.edge.AwsException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A body in the {@code aws-chunked} coding: the bytes it carries, and the headers that trail it (names in lower case).
 *
 * <p>Each chunk is {@code hex-size[;chunk-signature=..]CRLF bytes CRLF}; one of size 0 ends them and the trailing
 * headers follow ("Authenticating Requests: chunked upload", "Uploading objects with trailing checksums"). Signatures
 * of chunks and trailers are skipped: the edge verifies none.
 */
record AwsChunkedBody(byte[] bytes, Map<String, String> trailers) {

    static AwsChunkedBody decode(byte[] coded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(coded.length);
        int position = 0;
        while (true) {
            int lineEnd = endOfLine(coded, position);
            int size = chunkSize(new String(coded, position, lineEnd - position, StandardCharsets.US_ASCII));
            position = lineEnd + 2;
            if (size == 0) {
                return new AwsChunkedBody(bytes.toByteArray(), trailers(coded, position));
            }
            if (size > coded.length - position - 2 || coded[position + size] != '\r') {
                throw incomplete();
            }
            bytes.write(coded, position, size);
            position += size + 2;
        }
    }

    private static int chunkSize(String line) {
        int extension = line.indexOf(';');
        try {
            int size = Integer.parseInt(extension < 0 ? line : line.substring(0, extension), 16);
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            // Answered below, like a negative size.
        }
        throw incomplete();
    }

    private static Map<String, String> trailers(byte[] coded, int start) {
        Map<String, String> trailers = new HashMap<>();
        int position = start;
        while (position < coded.length) {
            int lineEnd = endOfLine(coded, position);
            String line = new String(coded, position, lineEnd - position, StandardCharsets.US_ASCII);
            int colon = line.indexOf(':');
            if (colon > 0) {
                trailers.put(
                        line.substring(0, colon).trim().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).trim());
            }
            position = lineEnd + 2;
        }
        return trailers;
    }

    private static int endOfLine(byte[] coded, int start) {
        for (int i = start; i + 1 < coded.length; i++) {
            if (coded[i] == '\r' && coded[i + 1] == '\n') {
                return i;
            }
        }
        throw incomplete();
    }

    private static AwsException incomplete() {
        return new AwsException(400, "IncompleteBody", "The body is not a whole aws-chunked one.");
    }
}
