package io.parley.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.kinesisanalytics.runtime.KinesisAnalyticsRuntime;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.Option;
import io.parley.core.options.OptionException;
import io.parley.core.options.RoomOptions;
import io.parley.core.options.SystemOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobOptionsTest {

    @Test
    void readsTheJsonOfManagedFlink(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("properties.json");
        Files.writeString(
                file,
                "[{\"PropertyGroupId\":\"parley.source\",\"PropertyMap\":"
                        + "{\"stream.name\":\"voice\",\"stream.reader\":\"polling\"}},"
                        + "{\"PropertyGroupId\":\"parley.aws\",\"PropertyMap\":{\"aws.region\":\"eu-central-1\"}},"
                        + "{\"PropertyGroupId\":\"parley.rooms\",\"PropertyMap\":{\"room.tick-period-ms\":\"200\"}},"
                        + "{\"PropertyGroupId\":\"parley.broadcast\",\"PropertyMap\":"
                        + "{\"broadcast.function\":\"broadcast\"}},"
                        + "{\"PropertyGroupId\":\"parley.events\",\"PropertyMap\":{\"EVENT_BUS_NAME\":\"bus\"}},"
                        + "{\"PropertyGroupId\":\"kinesis.analytics.flink.run.options\",\"PropertyMap\":{\"a\":\"b\"}}]");
        JobOptions options = JobOptions.of(KinesisAnalyticsRuntime.getApplicationProperties(file.toString()));

        assertThat(options.get(JobOptions.STREAM_NAME)).isEqualTo("voice");
        assertThat(options.get(JobOptions.STREAM_READER)).isEqualTo(JobOptions.StreamReader.POLLING);
        assertThat(options.rooms().tickPeriodMs()).isEqualTo(200);
        assertThat(options.get(JobOptions.LANES)).isEqualTo(16);
        assertThat(options.get(JobOptions.MAX_PARALLELISM)).isEqualTo(128);
        assertThat(options.get(JobOptions.CHECKPOINT_INTERVAL)).isEqualTo(10_000);
        assertThat(options.archiveMode()).isEqualTo(ArchiveMode.CHUNK);
        assertThat(options.get(SystemOptions.EVENT_BUS_NAME)).isEqualTo("bus");
        assertThat(options.get(SystemOptions.EVENT_SOURCE))
                .as("as ingest has it")
                .isEqualTo("voice-chat");
    }

    @Test
    void refusesAGroupThatItDoesNotKnow() {
        Settings settings = new Settings().with("parley.sauce", "a", "b");
        assertThatThrownBy(settings::options)
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("[parley.sauce]")
                .hasMessageContaining("parley.source");
    }

    @Test
    void refusesAKeyThatBelongsToAnotherGroup() {
        Settings settings = new Settings().with("parley.source", "broadcast.lanes", "16");
        assertThatThrownBy(settings::options)
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("parley.source")
                .hasMessageContaining("broadcast.lanes");
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatThrownBy(new Settings().with(JobOptions.LANES, 0)::options)
                .isInstanceOf(OptionException.class)
                .hasMessage("broadcast.lanes is 0, but must be within 1 and 256");
    }

    @Test
    void refusesToStartWithoutWhatIsRequired() {
        Settings settings = new Settings();
        settings.groups().put("parley.source", new Properties());
        assertThatThrownBy(settings::options)
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("stream.name is not set");
    }

    @Test
    void refusesACallTimeoutThatOutlivesTheTick() {
        assertThatThrownBy(new Settings().with(JobOptions.CALL_TIMEOUT, 1_000)::options)
                .hasMessage("broadcast.call-timeout-ms is 1000, but must be under room.playout-deadline-ms, "
                        + "which is 1000");
        new Settings()
                .with(JobOptions.CALL_TIMEOUT, 1_000)
                .with(RoomOptions.PLAYOUT_DEADLINE, 1_001)
                .options();
    }

    @Test
    void refusesWhatContradictsItself() {
        List<Settings> contradictions = List.of(
                new Settings().with(JobOptions.STREAM_READER, "efo").with(JobOptions.CONSUMER_REGISTRATION, "none"),
                new Settings().with(JobOptions.ACCESS_KEY_ID, "AKIA"),
                new Settings().with(SystemOptions.ARCHIVE_MODE, "segment"),
                new Settings().with(SystemOptions.ARCHIVE_MODE, "both").with(JobOptions.AUDIO_BUCKET, "bucket"),
                new Settings().with(JobOptions.PARALLELISM, 200));
        for (Settings settings : contradictions) {
            assertThatThrownBy(settings::options).isInstanceOf(OptionException.class);
        }
    }

    /** Lazy registration makes a job that was stopped with a savepoint deaf for ever. */
    @Test
    void hasNoLazyRegistration() {
        assertThatThrownBy(new Settings().with(JobOptions.CONSUMER_REGISTRATION, "lazy")::options)
                .hasMessage("stream.consumer-registration is 'lazy', but must be one of none, eager");
    }

    @Test
    void hasEachKeyInOneGroupOnly() {
        Set<String> keys = new HashSet<>();
        JobOptions.GROUPS
                .values()
                .forEach(group -> group.stream()
                        .map(Option::key)
                        .forEach(key -> assertThat(keys.add(key)).as(key).isTrue()));
    }

    @Test
    void travelsWithTheJobGraph() throws Exception {
        JobOptions sent = new Settings().with(JobOptions.LANES, 3).options();
        JobOptions received = InstantiationUtil.clone(sent);
        assertThat(received.get(JobOptions.LANES)).isEqualTo(3);
        assertThat(received.rooms().tickPeriodMs()).isEqualTo(100);
    }
}
