package io.parley.local.s3;

import io.parley.local.edge.AwsException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The bytes that a call uploads, decoded from their transfer coding and checked against whatever the sender said about
 * them: {@code x-amz-content-sha256}, {@code x-amz-decoded-content-length}, {@code Content-MD5} and the checksums,
 * in headers or trailers.
 *
 * @param checksums those that the sender gave, by header name, in base64; all of them true
 */
record Payload(byte[] bytes, byte[] md5, Map<String, String> checksums) {

    static Payload of(S3Call call) {
        byte[] bytes = call.body();
        Map<String, String> trailers = Map.of();
        String coding = call.header("x-amz-content-sha256", "");
        if (coding.startsWith("STREAMING-")) {
            AwsChunkedBody chunked = AwsChunkedBody.decode(bytes);
            checkLength(call, chunked.bytes());
            checkTrailer(call, chunked.trailers());
            bytes = chunked.bytes();
            trailers = chunked.trailers();
        } else if (coding.length() == 64) {
            checkSha256(coding, bytes);
        }
        byte[] md5 = ChecksumAlgorithm.digest("MD5", bytes);
        checkMd5(call, md5);
        return new Payload(bytes, md5, checkedSums(call, trailers, bytes));
    }

    String etag() {
        return '"' + HexFormat.of().formatHex(md5) + '"';
    }

    private static void checkLength(S3Call call, byte[] bytes) {
        String length = call.header("x-amz-decoded-content-length", null);
        if (length == null) {
            throw new AwsException(411, "MissingContentLength", "x-amz-decoded-content-length is missing.");
        }
        if (!length.equals(String.valueOf(bytes.length))) {
            throw new AwsException(
                    400,
                    "IncompleteBody",
                    "x-amz-decoded-content-length says " + length + ", the body carries " + bytes.length + " bytes.");
        }
    }

    private static void checkTrailer(S3Call call, Map<String, String> trailers) {
        String declared = call.header("x-amz-trailer", null);
        if (declared != null
                && !Arrays.stream(declared.split(",")).map(String::trim).allMatch(trailers::containsKey)) {
            throw new AwsException(400, "MalformedTrailerError", "The trailer " + declared + " did not follow.");
        }
    }

    private static void checkSha256(String expected, byte[] bytes) {
        if (!expected.equalsIgnoreCase(HexFormat.of().formatHex(ChecksumAlgorithm.digest("SHA-256", bytes)))) {
            throw new AwsException(
                    400,
                    "XAmzContentSHA256Mismatch",
                    "The provided 'x-amz-content-sha256' header does not match what was computed.");
        }
    }

    private static void checkMd5(S3Call call, byte[] md5) {
        String expected = call.header("Content-MD5", null);
        if (expected != null && !MessageDigest.isEqual(md5, base64(expected, 16, "InvalidDigest", "Content-MD5"))) {
            throw new AwsException(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
        }
    }

    private static Map<String, String> checkedSums(S3Call call, Map<String, String> trailers, byte[] bytes) {
        Map<String, String> checked = new LinkedHashMap<>();
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            String expected = call.header(algorithm.header(), trailers.get(algorithm.header()));
            if (expected == null) {
                continue;
            }
            byte[] actual = algorithm.raw(bytes);
            if (!MessageDigest.isEqual(actual, base64(expected, actual.length, "InvalidRequest", algorithm.header()))) {
                throw new AwsException(
                        400, "BadDigest", "The " + algorithm + " you specified did not match the calculated checksum.");
            }
            checked.put(algorithm.header(), expected);
        }
        return checked;
    }

    private static byte[] base64(String value, int length, String code, String header) {
        try {
            byte[] decoded = Base64.getDecoder().decode(value);
            if (decoded.length == length) {
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            // Answered below, like a value of another length.
        }
        throw new AwsException(400, code, "The value of the " + header + " header is invalid.");
    }
}
