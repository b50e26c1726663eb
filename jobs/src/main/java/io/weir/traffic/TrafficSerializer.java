package io.weir.traffic;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
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

    /** What a savepoint says of the serializer; the values say their format themselves. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Traffic> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
