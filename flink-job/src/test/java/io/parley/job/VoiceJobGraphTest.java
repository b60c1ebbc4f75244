package io.parley.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.options.SystemOptions;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.RoomState;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tick;
import io.parley.core.wire.Tombstone;
import io.parley.job.source.RejectedRecord;
import io.parley.job.source.ShardRecord;
import io.parley.job.type.ProtobufSerializer;
import io.parley.job.type.ProtobufTypeInformation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.typeutils.runtime.PojoSerializer;
import org.apache.flink.api.java.typeutils.runtime.kryo.KryoSerializer;
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
    void keysByTheRoomOnceAndFeedsBothSinksForwardAtEqualParallelism() throws Exception {
        StreamGraph graph = graph("both");
        Map<String, List<String>> partitioners = partitionersByTarget(graph);

        assertThat(partitioners.remove("order-rooms")).containsExactly("HASH");
        assertThat(partitioners).containsOnlyKeys("validate-records", "broadcast-ticks", "take-ticks", "tick-log");
        assertThat(partitioners.values())
                .allSatisfy(inputs -> assertThat(inputs).containsExactly("FORWARD"));
        assertThat(keyOf(node(graph, "order-rooms"))).isEqualTo("the room");
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

        assertThat(chains).hasSize(3);
        assertThat(chains.get(0)).contains("voice-stream", "validate-records");
        assertThat(chains.get(1))
                .contains("order-rooms", "broadcast-ticks", "take-ticks")
                .doesNotContain("tick-log");
        assertThat(chains.get(2)).isEqualTo("tick-log");
    }

    @Test
    void hasNoLogWhereSegmentsAreNotKept() {
        assertThat(names(graph("chunk"))).noneMatch(name -> name.contains("tick-log"));
    }

    @Test
    void givesEveryOperatorAUidAndAKebabCaseName() {
        for (StreamNode node : graph("both").getStreamNodes()) {
            assertThat(node.getOperatorName()).matches("(Source: )?[a-z]+(-[a-z]+)*");
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

    @Test
    void carriesAndKeepsEverythingByOurOwnOrFlinksSerializersAndNothingByKryo() {
        StreamGraph graph = graph("both");
        for (StreamNode node : graph.getStreamNodes()) {
            List<TypeSerializer<?>> serializers = new ArrayList<>(Arrays.asList(node.getTypeSerializersIn()));
            serializers.add(node.getTypeSerializerOut());
            serializers.add(node.getStateKeySerializer());
            serializers.removeIf(Objects::isNull);
            assertThat(serializers).as(node.getOperatorName()).noneMatch(KryoSerializer.class::isInstance);
        }
        assertThat(List.of(ShardRecord.class, RejectedRecord.class))
                .allSatisfy(type -> assertThat(TypeInformation.of(type)
                                .createSerializer(environment.getConfig().getSerializerConfig()))
                        .isInstanceOf(PojoSerializer.class));
        assertThat(List.of(StreamRecord.class, RoomOutput.class, Tick.class, RoomState.class, Tombstone.class))
                .allSatisfy(type -> assertThat(ProtobufTypeInformation.forMessage(type)
                                .createSerializer(environment.getConfig().getSerializerConfig()))
                        .isInstanceOf(ProtobufSerializer.class));
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

    /** How each operator's inputs reach it. */
    private static Map<String, List<String>> partitionersByTarget(StreamGraph graph) {
        Map<String, List<String>> partitioners = new HashMap<>();
        for (StreamNode node : graph.getStreamNodes()) {
            for (StreamEdge edge : node.getInEdges()) {
                partitioners
                        .computeIfAbsent(node.getOperatorName(), name -> new ArrayList<>())
                        .add(edge.getPartitioner().toString());
            }
        }
        return partitioners;
    }

    private static StreamNode node(StreamGraph graph, String name) {
        return graph.getStreamNodes().stream()
                .filter(node -> node.getOperatorName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The key of a record whose room is called "the room". */
    @SuppressWarnings("unchecked")
    private static Object keyOf(StreamNode node) throws Exception {
        return ((KeySelector<StreamRecord, ?>) node.getStatePartitioners()[0])
                .getKey(StreamRecord.newBuilder()
                        .setRoom("the room")
                        .setParticipant("a participant")
                        .build());
    }

    private static List<String> names(StreamGraph graph) {
        return graph.getStreamNodes().stream().map(StreamNode::getOperatorName).collect(Collectors.toList());
    }
}
