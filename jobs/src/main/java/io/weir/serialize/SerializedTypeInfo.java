package io.weir.serialize;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;

/**
 * Flink's description of a type that has a serializer of its own: a value of one piece that is
 * never a key, with that serializer in place of Kryo.
 */
public final class SerializedTypeInfo<T> extends GenericTypeInfo<T> {

    private static final long serialVersionUID = 1;

    private final TypeSerializer<T> serializer;

    public SerializedTypeInfo(Class<T> type, TypeSerializer<T> serializer) {
        super(type);
        this.serializer = serializer;
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return serializer;
    }
}
