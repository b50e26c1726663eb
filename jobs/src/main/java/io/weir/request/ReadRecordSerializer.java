package io.weir.request;

import io.weir.serialize.SerializedTypeInfo;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@link ReadRecord}s within their task: Flink asks for a serializer of every type, and uses
 * it when operators are not chained. Then this one fails the job before anything is counted.
 */
public final class ReadRecordSerializer extends TypeSerializerSingleton<ReadRecord> {

    static final ReadRecordSerializer INSTANCE = new ReadRecordSerializer();

    private static final long serialVersionUID = 1;

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public ReadRecord createInstance() {
        return new ReadRecord();
    }

    @Override
    public ReadRecord copy(ReadRecord from) {
        throw leaving();
    }

    @Override
    public ReadRecord copy(ReadRecord from, @Nullable ReadRecord reuse) {
        throw leaving();
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(ReadRecord record, DataOutputView out) {
        throw leaving();
    }

    @Override
    public ReadRecord deserialize(DataInputView in) {
        throw leaving();
    }

    @Override
    public ReadRecord deserialize(@Nullable ReadRecord reuse, DataInputView in) {
        throw leaving();
    }

    @Override
    public void copy(DataInputView in, DataOutputView out) {
        throw leaving();
    }

    private static UnsupportedOperationException leaving() {
        return new UnsupportedOperationException(
                "a record that is read was to leave its task: whatever reads it has to be chained"
                        + " to the source, with objects reused");
    }

    @Override
    public TypeSerializerSnapshot<ReadRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Has Flink find the serializer. */
    public static final class Types extends TypeInfoFactory<ReadRecord> {

        @Override
        public TypeInformation<ReadRecord> createTypeInfo(
                Type type, Map<String, TypeInformation<?>> genericParameters) {
            return new SerializedTypeInfo<>(ReadRecord.class, INSTANCE);
        }
    }

    /** Never in a savepoint: no state holds such records. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ReadRecord> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
