package io.weir.request;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A header of a Kafka record; the value is empty where Kafka has none. */
public record KafkaHeader(String key, byte[] value) {

    /**
     * The last one with this key: those before it are the record's own, whatever they are called.
     */
    static byte @Nullable [] last(List<KafkaHeader> headers, String key) {
        byte[] value = null;
        for (KafkaHeader header : headers) {
            if (header.key().equals(key)) {
                value = header.value();
            }
        }
        return value;
    }
}
