package io.parley.local.s3;

import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One call of S3's REST protocol in path style, taken out of the HTTP request so that any thread may work on it.
 *
 * <p>Bucket and key are as the path names them once percent-decoded, so that {@code ..} in a key is three of its
 * characters and no direction; the key is empty in calls about a bucket, both are in calls about the account.
 */
record S3Call(
        String method,
        String bucket,
        String key,
        Map<String, String> query,
        Map<String, String> headers,
        byte[] body,
        String requestId) {

    private static final int MAX_KEY_BYTES = 1024;
    private static final Pattern SCOPE_REGION = Pattern.compile("Credential=[^/]+/\\d{8}/([^/]+)/s3/aws4_request");

    static S3Call of(EdgeRequest request) {
        String path = request.http().path();
        String name = path == null || path.isEmpty() ? "" : path.substring(1);
        int slash = name.indexOf('/');
        String bucket = decode(slash < 0 ? name : name.substring(0, slash));
        String key = slash < 0 ? "" : decode(name.substring(slash + 1));
        if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
            throw new AwsException(400, "KeyTooLongError", "Your key is longer than " + MAX_KEY_BYTES + " bytes.");
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        request.http().headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
        return new S3Call(
                request.http().method().name(),
                bucket,
                key,
                parseQuery(request.http().query()),
                headers,
                request.body().getBytes(),
                request.requestId());
    }

    String header(String name, String otherwise) {
        return headers.getOrDefault(name, otherwise);
    }

    String parameter(String name, String otherwise) {
        return query.getOrDefault(name, otherwise);
    }

    boolean asks(String subresource) {
        return query.containsKey(subresource);
    }

    /** The region that the caller signed for; us-east-1 where the call is not signed. */
    String region() {
        Matcher scope = SCOPE_REGION.matcher(header("Authorization", ""));
        return scope.find() ? scope.group(1) : "us-east-1";
    }

    private static Map<String, String> parseQuery(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            parameters.put(decode(name.replace('+', ' ')), decode(value.replace('+', ' ')));
        }
        return parameters;
    }

    /** Percent-decoded as strict UTF-8; S3 takes no other names. */
    static String decode(String encoded) {
        byte[] source = encoded.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(source.length);
        for (int i = 0; i < source.length; i++) {
            if (source[i] != '%') {
                decoded.put(source[i]);
                continue;
            }
            int high = i + 2 < source.length ? Character.digit(source[i + 1], 16) : -1;
            int low = i + 2 < source.length ? Character.digit(source[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw invalidUri();
            }
            decoded.put((byte) (high << 4 | low));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
        } catch (CharacterCodingException e) {
            throw invalidUri();
        }
    }

    private static AwsException invalidUri() {
        return new AwsException(400, "InvalidURI", "Couldn't parse the specified URI.");
    }
}
