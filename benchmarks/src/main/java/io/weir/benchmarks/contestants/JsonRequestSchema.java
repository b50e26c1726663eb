package io.weir.benchmarks.contestants;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;

/** JSON to an object, by Jackson. */
final class JsonRequestSchema extends AbstractDeserializationSchema<JsonRequest> {

    private static final long serialVersionUID = 1;

    private static final ObjectReader READER = new ObjectMapper().readerFor(JsonRequest.class);

    @Override
    public JsonRequest deserialize(byte[] message) throws IOException {
        return READER.readValue(message);
    }
}
