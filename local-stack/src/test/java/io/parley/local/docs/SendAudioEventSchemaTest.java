package io.parley.local.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.core.chunk.Codec;
import io.parley.core.event.SendAudioEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** {@code docs/events/send-audio-event.schema.json} describes the events of the bus. */
class SendAudioEventSchemaTest {

    private final DescribedEvents described = new DescribedEvents();

    @Test
    void itsExamplesAreValid() {
        assertThat(described.schema().path("examples")).isNotEmpty();
        for (JsonNode example : described.schema().path("examples")) {
            assertThat(described.problems(example)).isEmpty();
        }
        assertThat(Schemas.brokenReferences(described.schema())).isEmpty();
    }

    @Test
    void aReasonBelongsToAFailureAndOnlyToIt() {
        ObjectNode event = described.schema().path("examples").path(0).deepCopy();
        ObjectNode detail = (ObjectNode) event.path("detail");

        detail.put("status", "FAILED");
        assertThat(described.problems(event)).isNotEmpty();
        detail.put("reason", "late");
        assertThat(described.problems(event)).isEmpty();
        detail.put("status", "COMPLETED");
        assertThat(described.problems(event)).isNotEmpty();
    }

    @Test
    void whatIsNotDescribedIsNoticed() {
        ObjectNode event = described.schema().path("examples").path(0).deepCopy();
        ((ObjectNode) event.path("detail").path("message")).put("data", "audio");

        assertThat(described.problems(event)).hasSize(1).first().asString().contains("data");
    }

    @Test
    void itKnowsEveryStatusAndCodec() {
        JsonNode detail = described.schema().at("/$defs/detail/properties");

        assertThat(texts(detail.at("/status/enum")))
                .containsExactlyElementsOf(Arrays.stream(SendAudioEvent.Status.values())
                        .map(Enum::name)
                        .toList());
        assertThat(texts(detail.at("/message/properties/format/enum")))
                .contains("")
                .containsAll(Arrays.stream(Codec.values())
                        .map(codec -> codec.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
