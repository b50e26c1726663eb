package io.weir.deduplicate;

import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;

/** Flink's description of {@link IdSet}: with {@link IdSetSerializer} in place of Kryo. */
final class IdSetTypeInfo extends GenericTypeInfo<IdSet> {

    private static final long serialVersionUID = 1;

    private IdSetTypeInfo() {
        super(IdSet.class);
    }

    @Override
    public TypeSerializer<IdSet> createSerializer(SerializerConfig config) {
        return IdSetSerializer.INSTANCE;
    }

    /** Has Flink find it. */
    public static final class Factory extends TypeInfoFactory<IdSet> {

        @Override
        public TypeInformation<IdSet> createTypeInfo(
                Type type, Map<String, TypeInformation<?>> genericParameters) {
            return new IdSetTypeInfo();
        }
    }
}
