package io.weir.breakdown;

import io.weir.serialize.SerializedTypeInfo;
import io.weir.serialize.VariableLength;
import io.weir.serialize.WholeValueSerializer;
import io.weir.view.ViewKey;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Serializer of {@link BreakdownPartial}, on the wire only. */
public final class BreakdownPartialSerializer extends WholeValueSerializer<BreakdownPartial> {

    public static final BreakdownPartialSerializer INSTANCE = new BreakdownPartialSerializer();

    private static final long serialVersionUID = 1;

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public BreakdownPartial copy(BreakdownPartial from) {
        return from;
    }

    @Override
    public void serialize(BreakdownPartial partial, DataOutputView out) throws IOException {
        out.writeInt(partial.siteId());
        out.writeInt(partial.viewId());
        out.writeLong(partial.hourMillis());
        VariableLength.write(partial.topEntries(), out);
        VariableLength.write(partial.byKey().size(), out);
        for (Map.Entry<ViewKey, Counts> entry : partial.byKey().entrySet()) {
            KeyText.write(entry.getKey(), out);
            entry.getValue().write(out);
        }
    }

    @Override
    public BreakdownPartial deserialize(DataInputView in) throws IOException {
        int siteId = in.readInt();
        int viewId = in.readInt();
        long hourMillis = in.readLong();
        int topEntries = (int) VariableLength.read(in);
        int size = (int) VariableLength.read(in);
        Map<ViewKey, Counts> byKey = new HashMap<>(size * 2);
        for (int i = 0; i < size; i++) {
            byKey.put(KeyText.read(in), Counts.read(in));
        }
        return new BreakdownPartial(siteId, viewId, hourMillis, topEntries, byKey);
    }

    @Override
    public TypeSerializerSnapshot<BreakdownPartial> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Has Flink find the serializer. */
    public static final class Types extends TypeInfoFactory<BreakdownPartial> {

        @Override
        public TypeInformation<BreakdownPartial> createTypeInfo(
                Type type, Map<String, TypeInformation<?>> genericParameters) {
            return new SerializedTypeInfo<>(BreakdownPartial.class, INSTANCE);
        }
    }

    /** Asked for by Flink, and never written. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<BreakdownPartial> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
