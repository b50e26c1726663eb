package io.weir.request;

import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;

/**
 * Flink's description of {@link HttpRequest}: with {@link HttpRequestSerializer}, since reading a
 * record's components one by one costs more than everything else that is done with a request.
 */
final class HttpRequestTypeInfo extends GenericTypeInfo<HttpRequest> {

    private static final long serialVersionUID = 1;

    private HttpRequestTypeInfo() {
        super(HttpRequest.class);
    }

    @Override
    public TypeSerializer<HttpRequest> createSerializer(SerializerConfig config) {
        return HttpRequestSerializer.INSTANCE;
    }

    /** Has Flink find it wherever something holds a request. */
    public static final class Factory extends TypeInfoFactory<HttpRequest> {

        @Override
        public TypeInformation<HttpRequest> createTypeInfo(
                Type type, Map<String, TypeInformation<?>> genericParameters) {
            return new HttpRequestTypeInfo();
        }
    }
}
