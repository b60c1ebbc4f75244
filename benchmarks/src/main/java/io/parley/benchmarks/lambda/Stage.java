package io.parley.benchmarks.lambda;

import io.parley.benchmarks.ingest.IngestStand;
import io.parley.benchmarks.ingest.Speaker;
import io.parley.benchmarks.ingest.StandProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The endpoints in a process of their own, both deployed jars, and what is invoked of them. Not safe for threads. */
final class Stage implements AutoCloseable {

    private final StandProcess stand;
    private final DeployedJar audio;
    private final DeployedJar broadcast;
    private final List<Subject> subjects = new ArrayList<>();

    private Stage(StandProcess stand, DeployedJar audio, DeployedJar broadcast) {
        this.stand = stand;
        this.audio = audio;
        this.broadcast = broadcast;
    }

    /**
     * A speaker is in a room, and so many listeners in another one each. Throws {@link IllegalStateException} where a jar is
     * not built.
     */
    static Stage open(Path root, List<Integer> listeners, Clock clock) throws IOException {
        DeployedJar audio = DeployedJar.of(root, "ingest-lambdas");
        DeployedJar broadcast = DeployedJar.of(root, "broadcast-lambda");
        Stage stage = new Stage(StandProcess.start(), audio, broadcast);
        Map<String, String> environment = IngestStand.environment(stage.stand.url());
        stage.subjects.add(Subject.audio(audio, environment, Speaker.join("c0", environment, clock)));
        for (int count : listeners) {
            String room = "room-of-" + count;
            for (int i = 0; i < count; i++) {
                Speaker.join(room, room + "-" + i, environment, clock);
            }
            stage.subjects.add(Subject.broadcast(broadcast, environment, room, count, clock));
        }
        return stage;
    }

    static boolean isBuilt(Path root) {
        return DeployedJar.isBuilt(root, "ingest-lambdas") && DeployedJar.isBuilt(root, "broadcast-lambda");
    }

    List<Subject> subjects() {
        return subjects;
    }

    String sizes() {
        return String.format(Locale.ROOT, "audio %.1f MB, broadcast %.1f MB", audio.megabytes(), broadcast.megabytes());
    }

    @Override
    public void close() throws IOException {
        stand.close();
        audio.close();
        broadcast.close();
    }
}
