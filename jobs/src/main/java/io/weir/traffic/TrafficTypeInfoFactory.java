package io.weir.traffic;

import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Has Flink use {@link TrafficSerializer} wherever a record holds {@link Traffic}. */
public final class TrafficTypeInfoFactory extends TypeInfoFactory<Traffic> {

    @Override
    public TypeInformation<Traffic> createTypeInfo(
            Type type, Map<String, TypeInformation<?>> genericParameters) {
        return new TrafficTypeInfo();
    }
}
