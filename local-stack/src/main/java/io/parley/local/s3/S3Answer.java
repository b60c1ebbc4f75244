package io.parley.local.s3;

import io.parley.local.edge.AwsException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What S3 answers: status, headers and the body, empty where there is none. */
record S3Answer(int status, Map<String, String> headers, byte[] body) {

    private static final byte[] NOTHING = new byte[0];

    static S3Answer empty(int status) {
        return new S3Answer(status, Map.of(), NOTHING);
    }

    static S3Answer headers(int status, Map<String, String> headers) {
        return new S3Answer(status, headers, NOTHING);
    }

    static S3Answer xml(int status, XmlDocument document) {
        return new S3Answer(status, Map.of("Content-Type", "application/xml"), document.bytes());
    }

    S3Answer with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new S3Answer(status, all, body);
    }

    /** The error document; the answers to HEAD and a 304 have no body ("REST Error Responses"). */
    static S3Answer error(AwsException error, String method, String resource, String requestId) {
        if (error.status() == 304 || "HEAD".equals(method)) {
            return empty(error.status());
        }
        return xml(
                error.status(),
                new XmlDocument("Error", "")
                        .element("Code", error.code())
                        .element("Message", error.getMessage())
                        .element("Resource", resource)
                        .element("RequestId", requestId));
    }
}
