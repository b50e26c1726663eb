package io.weir.traffic;

import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;

/**
 * Flink's description of {@link Traffic}: a value of one piece that is never a key, with {@link
 * TrafficSerializer} in place of Kryo.
 */
final class TrafficTypeInfo extends GenericTypeInfo<Traffic> {

    private static final long serialVersionUID = 1;

    private TrafficTypeInfo() {
        super(Traffic.class);
    }

    @Override
    public TypeSerializer<Traffic> createSerializer(SerializerConfig config) {
        return TrafficSerializer.INSTANCE;
    }

    /** Has Flink find it wherever a record holds traffic. */
    public static final class Factory extends TypeInfoFactory<Traffic> {

        @Override
        public TypeInformation<Traffic> createTypeInfo(
                Type type, Map<String, TypeInformation<?>> genericParameters) {
            return new TrafficTypeInfo();
        }
    }
}
