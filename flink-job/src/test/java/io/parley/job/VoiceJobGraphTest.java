package io.parley.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.options.SystemOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class VoiceJobGraphTest {

    private static final int PARALLELISM = 3;

    private final StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();

    @Test
    void keysRoomsOnceAndFeedsBothSinksForwardAtEqualParallelism() {
        Map<String, StreamEdge> edges = edgesByTarget(graph("both"));

        assertThat(edges.get("validate-records").getPartitioner().toString()).isEqualTo("FORWARD");
        assertThat(edges.get("order-rooms").getPartitioner().toString()).isEqualTo("HASH");
        for (String sink : List.of("broadcast-ticks", "take-ticks", "tick-log: Writer", "tick-log: Committer")) {
            assertThat(edges.get(sink).getPartitioner().toString()).as(sink).isEqualTo("FORWARD");
        }
        assertThat(graph("both").getStreamNodes())
                .allSatisfy(node -> assertThat(node.getParallelism()).isEqualTo(PARALLELISM));
    }

    @Test
    void chainsTheLiveSinkToTheRoomsAndKeepsTheLogApart() {
        JobGraph jobGraph = graph("both").getJobGraph();
        List<String> chains = new ArrayList<>();
        for (JobVertex vertex : jobGraph.getVerticesSortedTopologicallyFromSources()) {
            chains.add(vertex.getName());
        }

        assertThat(chains).hasSizeGreaterThanOrEqualTo(3);
        assertThat(chains.get(0)).contains("voice-stream", "validate-records");
        assertThat(chains.get(1))
                .contains("order-rooms", "broadcast-ticks", "take-ticks")
                .doesNotContain("tick-log");
        assertThat(chains.subList(2, chains.size()))
                .allSatisfy(chain -> assertThat(chain).contains("tick-log"));
    }

    @Test
    void hasNoLogWhereSegmentsAreNotKept() {
        assertThat(names(graph("chunk"))).noneMatch(name -> name.contains("tick-log"));
    }

    @Test
    void givesEveryOperatorAUidAndAKebabCaseName() {
        for (StreamNode node : graph("both").getStreamNodes()) {
            assertThat(node.getOperatorName()).matches("(Source: )?[a-z]+(-[a-z]+)*(: Writer|: Committer)?");
            assertThat(node.getTransformationUID()).as(node.getOperatorName()).isNotBlank();
        }
    }

    @Test
    void setsMaxParallelismAndShortBuffersEverywhere() {
        StreamGraph graph = graph("both");
        assertThat(graph.getStreamNodes())
                .allSatisfy(node -> assertThat(node.getBufferTimeout()).isEqualTo(2));
        assertThat(graph.getJobGraph().getVertices())
                .allSatisfy(vertex -> assertThat(vertex.getMaxParallelism()).isEqualTo(128));
    }

    @Test
    void refusesGenericTypesAndReusesObjects() {
        graph("both");
        assertThat(environment.getConfig().isObjectReuseEnabled()).isTrue();
        assertThat(environment.getConfig().getAutoWatermarkInterval()).isZero();
        assertThatThrownBy(() -> TypeInformation.of(Object.class)
                        .createSerializer(environment.getConfig().getSerializerConfig()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Generic types have been disabled");
    }

    private StreamGraph graph(String archiveMode) {
        JobOptions options = new Settings()
                .with(SystemOptions.ARCHIVE_MODE, archiveMode)
                .with(JobOptions.AUDIO_BUCKET, "bucket")
                .with(JobOptions.AUDIO_KEY_ID, "key")
                .with(JobOptions.PARALLELISM, PARALLELISM)
                .options();
        VoiceJob.define(environment, options);
        return environment.getStreamGraph();
    }

    private static Map<String, StreamEdge> edgesByTarget(StreamGraph graph) {
        Map<String, StreamEdge> edges = new HashMap<>();
        for (StreamNode node : graph.getStreamNodes()) {
            for (StreamEdge edge : node.getInEdges()) {
                edges.put(node.getOperatorName(), edge);
            }
        }
        return edges;
    }

    private static List<String> names(StreamGraph graph) {
        return graph.getStreamNodes().stream().map(StreamNode::getOperatorName).collect(Collectors.toList());
    }
}
