package io.parley.core.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RoomOptionsTest {

    @Test
    void anUnknownSettingStopsTheStart() {
        assertThatThrownBy(() -> RoomOptions.of(Map.of("room.tick-period", "100")))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("room.tick-period");
    }

    @Test
    void aNumberOutOfRangeIsNamedWithBothBounds() {
        assertThatThrownBy(() -> RoomOptions.of(Map.of("room.loudest", "65")))
                .hasMessage("room.loudest is 65, but must be within 1 and 64");
        assertThatThrownBy(() -> RoomOptions.of(Map.of("room.loudest", "many")))
                .hasMessage("room.loudest is 'many', but must be a whole number");
    }

    @Test
    void theTickPeriodIsAMultipleOfTheChunk() {
        assertThatThrownBy(() -> RoomOptions.of(Map.of("room.tick-period-ms", "150")))
                .hasMessageContaining("must be a multiple of room.chunk-ms, which is 100");
        assertThat(RoomOptions.of(Map.of("room.tick-period-ms", "120", "room.chunk-ms", "60"))
                        .tickPeriodMs())
                .isEqualTo(120);
    }

    @Test
    void theHoldEndsBeforeThePlayoutDeadline() {
        assertThatThrownBy(() -> RoomOptions.of(Map.of("room.max-hold-ms", "1000")))
                .hasMessageContaining("must be under room.playout-deadline-ms, which is 1000");
        assertThatThrownBy(() -> RoomOptions.of(Map.of("room.min-hold-ms", "300")))
                .hasMessageContaining("must not be over room.max-hold-ms, which is 200");
    }

    @Test
    void aChoiceIsWrittenInLowerCase() {
        OptionValues values = OptionValues.lenient(Map.of("ARCHIVE_MODE", "segment", "EVENT_GRANULARITY", "all"));

        assertThat(values.get(SystemOptions.ARCHIVE_MODE)).isEqualTo(ArchiveMode.SEGMENT);
        assertThat(values.get(SystemOptions.SEED_CLIENTS)).isEqualTo(SystemOptions.OnOff.OFF);
        assertThatThrownBy(() -> values.get(SystemOptions.EVENT_GRANULARITY))
                .hasMessage("EVENT_GRANULARITY is 'all', but must be one of utterance, chunk, none");
    }

    @Test
    void aRequiredSettingThatIsMissingSaysWhatItIsFor() {
        Option<String> bucket = Option.required("AUDIO_BUCKET", "Name of the bucket.");

        assertThatThrownBy(() -> OptionValues.lenient(Map.of()).get(bucket))
                .hasMessage("AUDIO_BUCKET is not set: Name of the bucket.");
    }
}
