package io.parley.job.type;

import com.google.protobuf.Message;
import java.util.Objects;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * Tells Flink how to carry one generated protobuf message: by its own wire format, never by Kryo. Immutable.
 *
 * @param <T> the message
 */
public final class ProtobufTypeInformation<T extends Message> extends TypeInformation<T> {

    private static final long serialVersionUID = 1L;

    private final Class<T> type;

    private ProtobufTypeInformation(Class<T> type) {
        this.type = Objects.requireNonNull(type);
    }

    public static <T extends Message> ProtobufTypeInformation<T> forMessage(Class<T> type) {
        return new ProtobufTypeInformation<>(type);
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return new ProtobufSerializer<>(type);
    }

    @Override
    @SuppressWarnings("deprecation") // still abstract in Flink 1.20
    public TypeSerializer<T> createSerializer(ExecutionConfig config) {
        return new ProtobufSerializer<>(type);
    }

    @Override
    public Class<T> getTypeClass() {
        return type;
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof ProtobufTypeInformation;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProtobufTypeInformation && ((ProtobufTypeInformation<?>) other).type == type;
    }

    @Override
    public int hashCode() {
        return type.hashCode();
    }

    @Override
    public String toString() {
        return "Protobuf<" + type.getSimpleName() + '>';
    }
}
