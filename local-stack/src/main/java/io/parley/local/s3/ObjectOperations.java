package io.parley.local.s3;

import io.parley.local.edge.AwsException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The calls about one object. Blocks on the disk. */
final class ObjectOperations {

    private static final Set<String> ENCRYPTIONS = Set.of("AES256", "aws:kms", "aws:kms:dsse");
    private static final Set<String> KEPT = Set.of(
            "cache-control",
            "content-disposition",
            "content-language",
            "content-type",
            "expires",
            "x-amz-storage-class");
    private static final Set<String> PRIVATE_ACLS = Set.of("private", "bucket-owner-full-control");
    private static final int MAX_METADATA_BYTES = 2048;

    private final BucketFolder buckets;
    private final Clock clock;

    ObjectOperations(BucketFolder buckets, Clock clock) {
        this.buckets = buckets;
        this.clock = clock;
    }

    S3Answer answer(S3Call call) throws IOException {
        Bucket bucket = buckets.get(call.bucket());
        switch (call.method()) {
            case "PUT":
                return call.headers().containsKey("x-amz-copy-source") ? copy(call, bucket) : put(call, bucket);
            case "GET":
                return get(call, bucket, true);
            case "HEAD":
                return get(call, bucket, false);
            case "DELETE":
                if (call.headers().containsKey("If-Match")) {
                    throw S3Service.notImplemented("a conditional DELETE");
                }
                bucket.delete(call.key());
                return S3Answer.empty(204);
            default:
                throw S3Service.notImplemented(call.method() + " on an object");
        }
    }

    private S3Answer put(S3Call call, Bucket bucket) throws IOException {
        Payload payload = Payload.of(call);
        ObjectHeader header = new ObjectHeader(
                call.key(),
                payload.bytes().length,
                payload.etag(),
                clock.millis(),
                keptHeaders(call),
                payload.checksums());
        bucket.put(header, payload.bytes(), WriteCondition.of(call));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ETag", header.etag());
        headers.putAll(header.checksums());
        if (!header.checksums().isEmpty()) {
            headers.put("x-amz-checksum-type", "FULL_OBJECT");
        }
        return S3Answer.headers(200, headers).with(encryption(header));
    }

    private S3Answer get(S3Call call, Bucket bucket, boolean withBody) throws IOException {
        try (ObjectFile file = bucket.open(call.key())) {
            ObjectHeader object = file.header();
            try {
                ReadCondition.check(call, object);
            } catch (AwsException e) {
                if (e.status() == 304) {
                    return S3Answer.headers(304, validators(object));
                }
                throw e;
            }
            ByteRange range = ByteRange.of(call.header("Range", null), object.size());
            Map<String, String> headers = validators(object);
            headers.putAll(object.headers());
            headers.put("Accept-Ranges", "bytes");
            if (range != null) {
                headers.put("Content-Range", "bytes " + range.first() + "-" + range.last() + "/" + object.size());
            } else if ("ENABLED".equalsIgnoreCase(call.header("x-amz-checksum-mode", ""))
                    && !object.checksums().isEmpty()) {
                headers.putAll(object.checksums());
                headers.put("x-amz-checksum-type", "FULL_OBJECT");
            }
            overrideHeaders(call, headers);
            long first = range == null ? 0 : range.first();
            int length = range == null ? Math.toIntExact(object.size()) : range.length();
            headers.put("Content-Length", String.valueOf(length));
            return new S3Answer(range == null ? 200 : 206, headers, withBody ? file.read(first, length) : new byte[0]);
        }
    }

    /** Within this service, at once and whole; the copy keeps what is not given anew. */
    private S3Answer copy(S3Call call, Bucket target) throws IOException {
        for (String condition : call.headers().keySet()) {
            if (condition.toLowerCase(Locale.ROOT).startsWith("x-amz-copy-source-")) {
                throw S3Service.notImplemented(condition);
            }
        }
        String source = call.header("x-amz-copy-source", "");
        if (source.contains("?versionId=")) {
            throw S3Service.notImplemented("a copy of a version");
        }
        String name = S3Call.decode(source.startsWith("/") ? source.substring(1) : source);
        int slash = name.indexOf('/');
        if (slash <= 0 || slash == name.length() - 1) {
            throw new AwsException(400, "InvalidArgument", "The copy source is not bucket/key: " + source);
        }
        ObjectHeader copied;
        try (ObjectFile file = buckets.get(name.substring(0, slash)).open(name.substring(slash + 1))) {
            ObjectHeader from = file.header();
            boolean replaces = "REPLACE".equalsIgnoreCase(call.header("x-amz-metadata-directive", "COPY"));
            Map<String, String> headers = new LinkedHashMap<>(keptHeaders(call));
            if (!replaces) {
                from.headers().forEach((header, value) -> {
                    if (!header.startsWith(ObjectHeader.ENCRYPTION_PREFIX)
                            && !header.equals(ObjectHeader.STORAGE_CLASS)) {
                        headers.put(header, value);
                    }
                });
            }
            copied = new ObjectHeader(call.key(), from.size(), from.etag(), clock.millis(), headers, from.checksums());
            target.put(copied, file.read(0, Math.toIntExact(from.size())), WriteCondition.of(call));
        }
        return S3Answer.xml(
                        200,
                        new XmlDocument("CopyObjectResult")
                                .element("LastModified", Instant.ofEpochMilli(copied.lastModifiedMs()))
                                .element("ETag", copied.etag()))
                .with(encryption(copied));
    }

    private static Map<String, String> keptHeaders(S3Call call) {
        Map<String, String> kept = new LinkedHashMap<>();
        kept.put("content-type", "binary/octet-stream");
        int metadataBytes = 0;
        for (Map.Entry<String, String> header : call.headers().entrySet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            String value = header.getValue();
            if (name.startsWith("x-amz-meta-")) {
                metadataBytes += name.length() - "x-amz-meta-".length() + value.length();
                kept.put(name, value);
            } else if (name.equals("content-encoding")) {
                String coding = value.replaceFirst("^aws-chunked(,\\s*)?", "");
                if (!coding.isEmpty()) {
                    kept.put(name, coding);
                }
            } else if (KEPT.contains(name) || name.startsWith(ObjectHeader.ENCRYPTION_PREFIX)) {
                kept.put(name, value);
            }
            refuseWhatIsNotServed(name, value);
        }
        if (metadataBytes > MAX_METADATA_BYTES) {
            throw new AwsException(
                    400,
                    "MetadataTooLarge",
                    "Your metadata headers exceed the maximum allowed metadata size of " + MAX_METADATA_BYTES);
        }
        return kept;
    }

    private static void refuseWhatIsNotServed(String name, String value) {
        if (name.equals(ObjectHeader.ENCRYPTION_PREFIX) && !ENCRYPTIONS.contains(value)) {
            throw new AwsException(
                    400,
                    "InvalidEncryptionAlgorithmError",
                    "The encryption method specified is not supported: " + value);
        }
        if (name.startsWith(ObjectHeader.ENCRYPTION_PREFIX + "-customer-")
                || name.equals("x-amz-tagging")
                || name.startsWith("x-amz-object-lock-")
                || name.startsWith("x-amz-grant-")
                || name.equals("x-amz-acl") && !PRIVATE_ACLS.contains(value)) {
            throw S3Service.notImplemented(name);
        }
    }

    private static Map<String, String> encryption(ObjectHeader object) {
        Map<String, String> headers = new LinkedHashMap<>();
        object.headers().forEach((name, value) -> {
            if (name.startsWith(ObjectHeader.ENCRYPTION_PREFIX)) {
                headers.put(name, value);
            }
        });
        return headers;
    }

    private static Map<String, String> validators(ObjectHeader object) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ETag", object.etag());
        headers.put(
                "Last-Modified",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.ofEpochMilli(object.lastModifiedMs()).atOffset(ZoneOffset.UTC)));
        return headers;
    }

    private static void overrideHeaders(S3Call call, Map<String, String> headers) {
        call.query().forEach((name, value) -> {
            if (name.startsWith("response-") && KEPT.contains(name.substring("response-".length()))) {
                headers.put(name.substring("response-".length()), value);
            }
        });
    }
}
