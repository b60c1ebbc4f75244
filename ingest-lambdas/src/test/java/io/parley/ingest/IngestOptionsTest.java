package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.core.options.Option;
import io.parley.core.options.OptionException;
import io.parley.core.options.RoomPolicy;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestOptionsTest {

    @Test
    void hasDefaults() {
        IngestOptions options = IngestOptions.from(Map.of("TOKEN_ISSUER", "https://issuer.example/pool"));

        assertThat(options.archiveMode()).isEqualTo(ArchiveMode.CHUNK);
        assertThat(options.eventGranularity()).isEqualTo(EventGranularity.UTTERANCE);
        assertThat(options.roomPolicy()).isEqualTo(RoomPolicy.TICKET);
        assertThat(options.eventSource()).isEqualTo("voice-chat");
        assertThat(options.eventDetailType()).isEqualTo("SendAudioEvent");
        assertThat(options.allowedOrigins()).isEmpty();
        assertThat(options.servesSeedClients()).isFalse();
        assertThat(options.seedRoom()).isEqualTo("lobby");
        assertThat(options.seedBytesPerSecond()).isEqualTo(48_000);
        assertThat(options.maxConnections()).isEqualTo(4);
        assertThat(options.maxMessagesPerSecond()).isEqualTo(60);
        assertThat(options.abuseSuspendMinutes()).isEqualTo(10);
        assertThat(options.jwksUrl()).hasToString("https://issuer.example/pool/.well-known/jwks.json");
    }

    @Test
    void takesAnotherPlaceForTheKeys() {
        assertThat(IngestOptions.from(Map.of("JWKS_URL", "http://127.0.0.1:1/keys"))
                        .jwksUrl())
                .hasToString("http://127.0.0.1:1/keys");
    }

    @ParameterizedTest
    @CsvSource({
        "ARCHIVE_MODE, everything",
        "EVENT_GRANULARITY, frame",
        "ROOM_POLICY, closed",
        "SEED_CLIENTS, maybe",
        "SEED_ROOM, the lobby",
        "SEED_BYTES_PER_SECOND, 100",
        "ALLOWED_ORIGINS, https://play.example/page",
        "ALLOWED_ORIGINS, *",
        "ALLOWED_ORIGINS, ''",
        "MAX_CONNECTIONS, 0",
        "MAX_CONNECTIONS, 49",
        "MAX_CONNECTIONS, many",
        "MAX_MESSAGES_PER_SECOND, 0",
        "ABUSE_SUSPEND_MINUTES, -1",
    })
    void stopsTheStartForAValueThatItDoesNotKnow(String key, String value) {
        assertThatThrownBy(() -> IngestOptions.from(Map.of(key, value)))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining(key);
    }

    @Test
    void namesTheSettingThatIsMissing() {
        assertThatThrownBy(() -> IngestOptions.from(Map.of()).voiceStream())
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("VOICE_STREAM");
        assertThatThrownBy(() ->
                        IngestOptions.from(Map.of("CALLBACK_URL", "wss://x")).callbackUrl())
                .hasMessageContaining("CALLBACK_URL");
    }

    @Test
    void asksForTheKeysOfTicketsOnlyWhereTicketsAreAskedFor() {
        Map<String, String> open = Map.of(
                "ROOM_POLICY", "open",
                "AWS_REGION", "eu-central-1",
                "TOKEN_ISSUER", "http://127.0.0.1:1/pool",
                "TOKEN_CLIENT_ID", "game");
        Map<String, String> ticket = Map.of("AWS_REGION", "eu-central-1", "TICKET_AUDIENCE", "parley");
        assertThat(new IngestParts(open, Clock.systemUTC()).admittance()).isNotNull();
        assertThatThrownBy(() -> new IngestParts(ticket, Clock.systemUTC()).admittance())
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("TICKET_JWKS");
    }

    @Test
    void describesEachSettingOnce() {
        assertThat(IngestOptions.ALL).extracting(Option::key).doesNotHaveDuplicates();
        assertThat(IngestOptions.ALL)
                .allSatisfy(option -> assertThat(option.description()).endsWith("."));
    }
}
