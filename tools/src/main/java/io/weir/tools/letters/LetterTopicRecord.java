package io.weir.tools.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.request.LetterHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record in a topic of letters: a letter, or the mark of one that was replayed.
 *
 * @param ownHeaders what stands before Weir's headers
 * @param weirs Weir's headers by name, from the last {@code weir.topic} on: so no header that a
 *     client sent can be taken for one of them
 * @param origin which letter it is, or is about
 */
record LetterTopicRecord(
        ConsumerRecord<byte[], byte[]> record,
        List<Header> ownHeaders,
        Map<String, String> weirs,
        RecordPosition origin) {

    private static final byte[] NO_BYTES = {};

    /** Null if Weir did not write it. */
    static @Nullable LetterTopicRecord of(ConsumerRecord<byte[], byte[]> record) {
        List<Header> own = new ArrayList<>();
        Map<String, String> weirs = new HashMap<>();
        List<Header> headers = List.of(record.headers().toArray());
        int first = firstOfWeir(headers);
        for (int i = 0; i < headers.size(); i++) {
            Header header = headers.get(i);
            if (i < first) {
                own.add(header);
            } else if (header.value() != null) {
                weirs.put(header.key(), new String(header.value(), UTF_8));
            }
        }
        RecordPosition origin = origin(weirs);
        return origin == null ? null : new LetterTopicRecord(record, own, weirs, origin);
    }

    private static int firstOfWeir(List<Header> headers) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            if (headers.get(i).key().equals(LetterHeader.TOPIC)) {
                return i;
            }
        }
        return headers.size();
    }

    private static @Nullable RecordPosition origin(Map<String, String> weirs) {
        String topic = weirs.get(LetterHeader.TOPIC);
        Long partition = number(weirs.get(LetterHeader.PARTITION));
        Long offset = number(weirs.get(LetterHeader.OFFSET));
        return topic == null
                        || partition == null
                        || partition != partition.intValue()
                        || offset == null
                ? null
                : new RecordPosition(topic, partition.intValue(), offset);
    }

    boolean isMark() {
        return weirs.containsKey(LetterHeader.REPLAYED);
    }

    @Nullable String reason() {
        return weirs.get(LetterHeader.REASON);
    }

    Letter letter() {
        Long timestamp = number(weirs.get(LetterHeader.TIMESTAMP));
        return new Letter(
                record.partition(),
                origin,
                timestamp == null ? -1 : timestamp,
                reason(),
                weirs.get(LetterHeader.MESSAGE),
                number(weirs.get(LetterHeader.LENGTH)),
                hasHiddenAddresses(),
                ownHeaders,
                record.key(),
                record.value() == null ? NO_BYTES : record.value());
    }

    /** Now, or when the record was rejected before. */
    private boolean hasHiddenAddresses() {
        return weirs.containsKey(LetterHeader.ADDRESSES_HIDDEN)
                || ownHeaders.stream()
                        .anyMatch(header -> header.key().equals(LetterHeader.ADDRESSES_HIDDEN));
    }

    private static @Nullable Long number(@Nullable String text) {
        return text != null && text.matches("-?[0-9]{1,18}") ? Long.valueOf(text) : null;
    }
}
