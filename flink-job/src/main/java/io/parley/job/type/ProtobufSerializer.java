package io.parley.job.type;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Internal;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a message as its length (i32) and its bytes. Messages are immutable, so nothing is ever copied on the heap,
 * and one serializer serves all threads. What an older version of the message wrote is read by protobuf's own rules.
 */
public final class ProtobufSerializer<T extends Message> extends TypeSerializer<T> {

    private static final long serialVersionUID = 1L;

    private final Class<T> type;
    private transient T empty;
    private transient Parser<T> parser;

    public ProtobufSerializer(Class<T> type) {
        this.type = Objects.requireNonNull(type);
    }

    Class<T> type() {
        return type;
    }

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public TypeSerializer<T> duplicate() {
        return this;
    }

    @Override
    public T createInstance() {
        if (empty == null) {
            empty = Internal.getDefaultInstance(type);
        }
        return empty;
    }

    @Override
    public T copy(T from) {
        return from;
    }

    @Override
    public T copy(T from, T reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(T message, DataOutputView target) throws IOException {
        byte[] bytes = message.toByteArray();
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    @Override
    public T deserialize(DataInputView source) throws IOException {
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        // Nobody else has the array, so what the message has of bytes may be a view on it.
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
        input.enableAliasing(true);
        T message = parser().parseFrom(input);
        input.checkLastTagWas(0);
        return message;
    }

    @Override
    public T deserialize(T reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        // Not target.write(source, length): that of DataOutputSerializer does not grow its buffer.
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    @Override
    public TypeSerializerSnapshot<T> snapshotConfiguration() {
        return new ProtobufSerializerSnapshot<>(type);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProtobufSerializer && ((ProtobufSerializer<?>) other).type == type;
    }

    @Override
    public int hashCode() {
        return type.hashCode();
    }

    @SuppressWarnings("unchecked") // getParserForType of a T gives a Parser of T
    private Parser<T> parser() {
        if (parser == null) {
            parser = (Parser<T>) createInstance().getParserForType();
        }
        return parser;
    }
}
