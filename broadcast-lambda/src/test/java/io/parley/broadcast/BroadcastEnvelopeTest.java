package io.parley.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class BroadcastEnvelopeTest {

    private static BroadcastRequest read(String payload) throws IOException {
        return BroadcastEnvelope.read(new ByteArrayInputStream(payload.getBytes(StandardCharsets.UTF_8)));
    }

    private static String base64(BroadcastRequest request) {
        return Base64.getEncoder().encodeToString(request.toByteArray());
    }

    @Test
    void readsTheRequestAndIgnoresWhatItDoesNotKnow() throws IOException {
        BroadcastRequest request = BroadcastRequest.newBuilder()
                .setVersion(1)
                .setDeliverBeforeMs(77)
                .build();

        assertThat(read("{\"later\":{\"a\":[1]},\"request\":\"" + base64(request) + "\"}"))
                .isEqualTo(request);
    }

    @Test
    void refusesWhatIsNoRequest() {
        assertThatThrownBy(() -> read("[]")).isInstanceOf(IOException.class).hasMessageContaining("object");
        assertThatThrownBy(() -> read("{}")).isInstanceOf(IOException.class).hasMessageContaining("\"request\"");
        assertThatThrownBy(() -> read("{\"request\":7}")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("{\"request\":\"*\"}")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("{\"request\":\"////\"}")).isInstanceOf(IOException.class);
    }

    @Test
    void refusesAVersionThatItDoesNotKnow() {
        String newer = base64(BroadcastRequest.newBuilder().setVersion(2).build());

        assertThatThrownBy(() -> read("{\"request\":\"" + newer + "\"}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 2, known is 1");
    }

    @Test
    void writesTheAnswer() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BroadcastEnvelope.write(
                BroadcastAnswer.newBuilder().setVersion(1).setExpired(true).build(), out);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"answer\":\"CAEQAQ==\"}");
    }
}
