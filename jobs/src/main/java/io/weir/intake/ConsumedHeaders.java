package io.weir.intake;

import io.weir.request.KafkaHeader;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The headers of the record that is being read, made when they are first asked for: few records
 * are, and their names are Strings that Kafka makes then.
 */
final class ConsumedHeaders extends AbstractList<KafkaHeader> {

    private static final byte[] NO_BYTES = {};

    private Headers consumed = new RecordHeaders();
    private @Nullable List<KafkaHeader> headers;

    /** Now these are another record's. */
    void set(Headers newConsumed) {
        consumed = newConsumed;
        headers = null;
    }

    @Override
    public KafkaHeader get(int index) {
        return headers().get(index);
    }

    @Override
    public int size() {
        return headers().size();
    }

    private List<KafkaHeader> headers() {
        if (headers == null) {
            headers = new ArrayList<>();
            for (Header header : consumed) {
                byte[] value = header.value();
                headers.add(new KafkaHeader(header.key(), value == null ? NO_BYTES : value));
            }
        }
        return headers;
    }
}
