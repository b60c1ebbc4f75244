package io.parley.local.s3;

import java.util.Map;

/**
 * What is kept of an object beside its bytes.
 *
 * @param etag in quotes, as headers carry it
 * @param headers those that every GET and HEAD returns as they were put: content type, user metadata, encryption
 * @param checksums those that the sender gave, by header name; returned only to who asks for them
 */
record ObjectHeader(
        String key,
        long size,
        String etag,
        long lastModifiedMs,
        Map<String, String> headers,
        Map<String, String> checksums) {

    static final String ENCRYPTION_PREFIX = "x-amz-server-side-encryption";
    static final String STORAGE_CLASS = "x-amz-storage-class";

    String storageClass() {
        return headers.getOrDefault(STORAGE_CLASS, "STANDARD");
    }
}
