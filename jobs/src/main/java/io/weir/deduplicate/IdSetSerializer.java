package io.weir.deduplicate;

import io.weir.serialize.SerializedTypeInfo;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Serializer of {@link IdSet} in state; every value begins with its format. */
public final class IdSetSerializer extends TypeSerializerSingleton<IdSet> {

    public static final IdSetSerializer INSTANCE = new IdSetSerializer();

    private static final long serialVersionUID = 1;

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public IdSet createInstance() {
        return new IdSet();
    }

    @Override
    public IdSet copy(IdSet from) {
        return from.copy();
    }

    @Override
    public IdSet copy(IdSet from, IdSet reuse) {
        return from.copy();
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(IdSet ids, DataOutputView out) throws IOException {
        ids.write(out);
    }

    @Override
    public IdSet deserialize(DataInputView in) throws IOException {
        return IdSet.read(in);
    }

    @Override
    public IdSet deserialize(IdSet reuse, DataInputView in) throws IOException {
        return IdSet.read(in);
    }

    @Override
    public void copy(DataInputView in, DataOutputView out) throws IOException {
        serialize(deserialize(in), out);
    }

    @Override
    public TypeSerializerSnapshot<IdSet> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Has Flink find the serializer wherever something holds a set. */
    public static final class Types extends TypeInfoFactory<IdSet> {

        @Override
        public TypeInformation<IdSet> createTypeInfo(
                Type type, Map<String, TypeInformation<?>> genericParameters) {
            return new SerializedTypeInfo<>(IdSet.class, INSTANCE);
        }
    }

    /** What a savepoint says of the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<IdSet> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
