package io.weir.traffic;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/** Flink's description of {@link Traffic}: a value of one piece that is never a key. */
final class TrafficTypeInfo extends TypeInformation<Traffic> {

    private static final long serialVersionUID = 1;

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
    public Class<Traffic> getTypeClass() {
        return Traffic.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<Traffic> createSerializer(SerializerConfig config) {
        return TrafficSerializer.INSTANCE;
    }

    @Override
    public String toString() {
        return "Traffic";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TrafficTypeInfo;
    }

    @Override
    public int hashCode() {
        return TrafficTypeInfo.class.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof TrafficTypeInfo;
    }
}
