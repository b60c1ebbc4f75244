package io.parley.benchmarks.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.ingest.AudioHandler;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a chunk costs in calls to AWS with ARCHIVE_MODE=segment, counted at the endpoints. */
class RemoteCallsTest {

    private final Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private IngestStand stand;

    @BeforeEach
    void open() throws Exception {
        stand = new IngestStand(Clock.systemUTC());
    }

    @AfterEach
    void close() throws Exception {
        stand.close();
    }

    @Test
    void aChunkInTheMiddleOfSpeechIsOneCallWhileTheMembershipIsRemembered() {
        Map<String, String> environment = IngestStand.environment(stand.url());
        Speaker speaker = Speaker.join("c0", environment, clock);
        // By this clock no membership is ever a second old.
        AudioHandler handler = new AudioHandler(environment, clock);
        assertThat(handler.handleRequest(speaker.event(), null).getStatusCode()).isEqualTo(200);
        long before = stand.requests();
        long putsBefore = stand.requests("kinesis");

        for (int i = 0; i < 30; i++) {
            assertThat(handler.handleRequest(speaker.event(), null).getStatusCode())
                    .isEqualTo(200);
        }

        assertThat(stand.requests("kinesis") - putsBefore).isEqualTo(30);
        assertThat(stand.requests() - before).isEqualTo(30);
    }

    @Test
    void theFirstChunkReadsTheMembershipAndIsPutOnce() {
        Map<String, String> environment = IngestStand.environment(stand.url());
        Speaker speaker = Speaker.join("c0", environment, clock);
        long readsBefore = stand.requests("dynamodb");

        new AudioHandler(environment, clock).handleRequest(speaker.event(), null);

        assertThat(stand.requests("dynamodb") - readsBefore).isEqualTo(2);
        assertThat(stand.requests("kinesis")).isEqualTo(1);
    }
}
