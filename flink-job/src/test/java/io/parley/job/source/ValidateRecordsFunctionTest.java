package io.parley.job.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.core.wire.StreamRecord;
import io.parley.job.ManualClock;
import io.parley.job.Records;
import io.parley.job.type.ProtobufSerializer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ValidateRecordsFunctionTest {

    private static final long START = 1_790_000_000_000L;

    private OneInputStreamOperatorTestHarness<ShardRecord, StreamRecord> harness;

    @BeforeEach
    void open() throws Exception {
        harness = new OneInputStreamOperatorTestHarness<>(
                new ProcessOperator<>(new ValidateRecordsFunction(new ManualClock(START))));
        harness.setup(new ProtobufSerializer<>(StreamRecord.class));
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void letsGoodRecordsThrough() throws Exception {
        StreamRecord record = Records.audio("room", "ann", 0, START);
        process(record.toByteArray());

        assertThat(harness.extractOutputValues()).containsExactly(record);
        assertThat(rejected()).isEmpty();
    }

    @Test
    void putsBadRecordsAsideWithTheReasonAndTheirPlace() throws Exception {
        StreamRecord good = Records.audio("room", "ann", 0, START);
        process(new byte[] {(byte) 0xFF, 1, 2});
        process(good.toBuilder().setVersion(2).build().toByteArray());
        process(good.toBuilder().setRoom("no room").build().toByteArray());
        process(good.toBuilder().setChunk(ByteString.EMPTY).build().toByteArray());

        assertThat(harness.extractOutputValues()).isEmpty();
        assertThat(rejected())
                .extracting(record -> record.reason)
                .containsExactly("record_malformed", "record_version", "record_field", "chunk_truncated");
        assertThat(rejected()).first().satisfies(record -> {
            assertThat(record.bytes).isEqualTo(3);
            assertThat(record.shard).isEqualTo("shard-0");
            assertThat(record.shardSequenceNumber).isEqualTo("0");
        });
    }

    @Test
    void keepsNothingOfARecordThatFlinkUsesAgain() throws Exception {
        harness.getExecutionConfig().enableObjectReuse();
        StreamRecord first = Records.audio("room", "ann", 0, START);
        ShardRecord reused = new ShardRecord(first.toByteArray(), "shard-0", "0");
        harness.processElement(reused, 0);
        Arrays.fill(reused.bytes, (byte) 0xFF);
        reused.shard = "shard-1";
        reused.shardSequenceNumber = "1";
        harness.processElement(reused, 0);
        reused.bytes = Records.audio("room", "ann", 1, START).toByteArray();
        reused.shard = "shard-2";
        reused.shardSequenceNumber = "2";
        harness.processElement(reused, 0);

        assertThat(harness.extractOutputValues()).containsExactly(first, Records.audio("room", "ann", 1, START));
        assertThat(rejected()).singleElement().satisfies(record -> {
            assertThat(record.shard).isEqualTo("shard-1");
            assertThat(record.shardSequenceNumber).isEqualTo("1");
        });
    }

    @Test
    void isStoppedByNoBytesWhatever() throws Exception {
        Random random = new Random(20261123);
        byte[] good = Records.audio("room", "ann", 0, START).toByteArray();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            process(bytes);
        }
        assertThat(harness.extractOutputValues().size() + rejected().size()).isEqualTo(20_000);
    }

    private void process(byte[] bytes) throws Exception {
        harness.processElement(new ShardRecord(bytes, "shard-0", "0"), 0);
    }

    private List<RejectedRecord> rejected() {
        List<RejectedRecord> rejected = new ArrayList<>();
        if (harness.getSideOutput(ValidateRecordsFunction.REJECTED) != null) {
            harness.getSideOutput(ValidateRecordsFunction.REJECTED)
                    .forEach(element -> rejected.add(element.getValue()));
        }
        return rejected;
    }
}
