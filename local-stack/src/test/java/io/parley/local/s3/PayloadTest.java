package io.parley.local.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PayloadTest {

    private static final String DIGITS = "123456789";

    @Test
    void computesTheCheckValuesOfTheAlgorithms() {
        byte[] digits = DIGITS.getBytes(StandardCharsets.US_ASCII);

        assertThat(ChecksumAlgorithm.CRC32.raw(digits)).asHexString().isEqualTo("CBF43926");
        assertThat(ChecksumAlgorithm.CRC32C.raw(digits)).asHexString().isEqualTo("E3069283");
        assertThat(ChecksumAlgorithm.CRC64NVME.raw(digits)).asHexString().isEqualTo("AE8B14860A799888");
    }

    @Test
    void takesSignedChunksApart() {
        Payload payload = Payload.of(call(
                "4;chunk-signature=aa\r\n1234\r\n5;chunk-signature=bb\r\n56789\r\n0;chunk-signature=cc\r\n\r\n",
                Map.of(
                        "x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                        "x-amz-decoded-content-length", "9")));

        assertThat(new String(payload.bytes(), StandardCharsets.US_ASCII)).isEqualTo(DIGITS);
        assertThat(payload.etag()).isEqualTo("\"25f9e794323b453885f5181f1b624d0b\"");
    }

    @Test
    void takesTheChecksumFromTheTrailer() {
        Payload payload = Payload.of(call(
                "9\r\n123456789\r\n0\r\nx-amz-checksum-crc64nvme:rosUhgp5mIg=\r\n\r\n",
                Map.of(
                        "x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                        "x-amz-trailer", "x-amz-checksum-crc64nvme",
                        "x-amz-decoded-content-length", "9")));

        assertThat(payload.checksums()).isEqualTo(Map.of("x-amz-checksum-crc64nvme", "rosUhgp5mIg="));
    }

    @Test
    void refusesAFalseChecksumInTheTrailer() {
        assertThatThrownBy(() -> Payload.of(call(
                        "9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
                        Map.of(
                                "x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                                "x-amz-trailer", "x-amz-checksum-crc32",
                                "x-amz-decoded-content-length", "9"))))
                .hasMessageContaining("CRC32")
                .extracting("code")
                .isEqualTo("BadDigest");
    }

    @Test
    void refusesATrailerThatWasAnnouncedAndDidNotCome() {
        assertThatThrownBy(() -> Payload.of(call(
                        "9\r\n123456789\r\n0\r\n\r\n",
                        Map.of(
                                "x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                                "x-amz-trailer", "x-amz-checksum-crc32",
                                "x-amz-decoded-content-length", "9"))))
                .extracting("code")
                .isEqualTo("MalformedTrailerError");
    }

    @Test
    void refusesChunksThatEndEarlyOrLieAboutTheirSize() {
        for (String coded : new String[] {
            "",
            "9\r\n1234",
            "9\r\n123456789",
            "9\r\n123456789\r\n",
            "5\r\n123456789\r\n0\r\n\r\n",
            "-1\r\n\r\n",
            "7fffffff\r\n123456789\r\n0\r\n\r\n",
            "x\r\n",
            "8\r\n12345678\r\n0\r\n\r\n"
        }) {
            assertThatThrownBy(() -> Payload.of(call(
                            coded,
                            Map.of(
                                    "x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                                    "x-amz-decoded-content-length", "9"))))
                    .as(coded)
                    .extracting("code")
                    .isEqualTo("IncompleteBody");
        }
    }

    @Test
    void refusesABodyThatIsNotWhatWasSigned() {
        assertThatThrownBy(() -> Payload.of(call(DIGITS, Map.of("x-amz-content-sha256", "0".repeat(64)))))
                .extracting("code")
                .isEqualTo("XAmzContentSHA256Mismatch");
    }

    @Test
    void refusesAnUnreadableMd5() {
        assertThatThrownBy(() -> Payload.of(call(DIGITS, Map.of("Content-MD5", "not base64"))))
                .extracting("code")
                .isEqualTo("InvalidDigest");
    }

    private static S3Call call(String body, Map<String, String> headers) {
        Map<String, String> ignoringCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ignoringCase.putAll(headers);
        return new S3Call(
                "PUT", "bucket", "key", Map.of(), ignoringCase, body.getBytes(StandardCharsets.US_ASCII), "request");
    }
}
