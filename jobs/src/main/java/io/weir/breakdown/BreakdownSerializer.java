package io.weir.breakdown;

import io.weir.serialize.SerializedTypeInfo;
import io.weir.serialize.WholeValueSerializer;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Serializer of {@link Breakdown} in state. Every value begins with its format, so that a later
 * version reads what this one has written.
 */
public final class BreakdownSerializer extends WholeValueSerializer<Breakdown> {

    public static final BreakdownSerializer INSTANCE = new BreakdownSerializer();

    private static final long serialVersionUID = 1;

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public Breakdown copy(Breakdown from) {
        return from.copy();
    }

    @Override
    public void serialize(Breakdown breakdown, DataOutputView out) throws IOException {
        breakdown.write(out);
    }

    @Override
    public Breakdown deserialize(DataInputView in) throws IOException {
        return Breakdown.read(in);
    }

    @Override
    public TypeSerializerSnapshot<Breakdown> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Has Flink find the serializer. */
    public static final class Types extends TypeInfoFactory<Breakdown> {

        @Override
        public TypeInformation<Breakdown> createTypeInfo(
                Type type, Map<String, TypeInformation<?>> genericParameters) {
            return new SerializedTypeInfo<>(Breakdown.class, INSTANCE);
        }
    }

    /** What a savepoint says of the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Breakdown> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
