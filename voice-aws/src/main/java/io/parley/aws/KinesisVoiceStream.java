package io.parley.aws;

import io.parley.core.port.VoiceStream;
import io.parley.core.wire.StreamRecord;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;

/**
 * The voice stream in Kinesis: one PutRecord for each record, since to collect several would make the first one wait.
 *
 * <p>A put that is tried again after a lost answer may be in the stream twice; the job drops what it has seen.
 */
public final class KinesisVoiceStream implements VoiceStream {

    private final KinesisAsyncClient kinesis;
    private final String stream;

    public KinesisVoiceStream(KinesisAsyncClient kinesis, String stream) {
        this.kinesis = Objects.requireNonNull(kinesis);
        this.stream = Objects.requireNonNull(stream);
    }

    @Override
    public CompletionStage<Void> put(StreamRecord record) {
        CompletableFuture<PutRecordResponse> put = kinesis.putRecord(PutRecordRequest.builder()
                .streamName(stream)
                .partitionKey(record.getRoom())
                .data(SdkBytes.fromByteArrayUnsafe(record.toByteArray()))
                .build());
        return put.handle((answer, failure) -> {
            if (failure != null) {
                throw ServiceFailure.translate("kinesis", failure);
            }
            return null;
        });
    }
}
