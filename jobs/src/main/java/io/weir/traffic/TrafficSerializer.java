package io.weir.traffic;

import io.weir.serialize.SerializedTypeInfo;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Serializer of {@link Traffic} on the wire and in state. Every value begins with its format, so
 * that a later version reads what this one has written.
 */
public final class TrafficSerializer extends TypeSerializerSingleton<Traffic> {

    public static final TrafficSerializer INSTANCE = new TrafficSerializer();

    private static final long serialVersionUID = 1;

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public Traffic createInstance() {
        return new Traffic();
    }

    @Override
    public Traffic copy(Traffic from) {
        return from.copy();
    }

    @Override
    public Traffic copy(Traffic from, Traffic reuse) {
        return from.copy();
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(Traffic traffic, DataOutputView target) throws IOException {
        traffic.write(target);
    }

    @Override
    public Traffic deserialize(DataInputView source) throws IOException {
        return Traffic.read(source);
    }

    @Override
    public Traffic deserialize(Traffic reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<Traffic> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Has Flink find the serializer wherever something holds traffic. */
    public static final class Types extends TypeInfoFactory<Traffic> {

        @Override
        public TypeInformation<Traffic> createTypeInfo(
                Type type, Map<String, TypeInformation<?>> genericParameters) {
            return new SerializedTypeInfo<>(Traffic.class, INSTANCE);
        }
    }

    /** What a savepoint says of the serializer: the newest format that its values may have. */
    public static final class Snapshot implements TypeSerializerSnapshot<Traffic> {

        private static final int VERSION = 1;

        private byte format = Traffic.FORMAT;

        @Override
        public int getCurrentVersion() {
            return VERSION;
        }

        @Override
        public void writeSnapshot(DataOutputView out) throws IOException {
            out.writeByte(format);
        }

        @Override
        public void readSnapshot(int version, DataInputView in, ClassLoader classLoader)
                throws IOException {
            if (version != VERSION) {
                throw new IOException(
                        "a snapshot of version " + version + " of Traffic's serializer");
            }
            format = in.readByte();
        }

        @Override
        public TypeSerializer<Traffic> restoreSerializer() {
            return INSTANCE;
        }

        @Override
        public TypeSerializerSchemaCompatibility<Traffic> resolveSchemaCompatibility(
                TypeSerializerSnapshot<Traffic> stored) {
            return stored instanceof Snapshot snapshot && snapshot.format <= Traffic.FORMAT
                    ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                    : TypeSerializerSchemaCompatibility.incompatible();
        }
    }
}
