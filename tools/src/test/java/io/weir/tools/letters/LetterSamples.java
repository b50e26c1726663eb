package io.weir.tools.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Records of a topic of letters, as their headers are documented. */
final class LetterSamples {

    /** 2026-03-01T09:46:41Z. */
    static final long TIMESTAMP = 1_772_358_401_000L;

    private LetterSamples() {}

    static ConsumerRecord<byte[], byte[]> record(String value, Header... headers) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(
                        "http_requests.rejected", 2, 9, "k".getBytes(UTF_8), value.getBytes(UTF_8));
        for (Header header : headers) {
            record.headers().add(header);
        }
        return record;
    }

    static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    /** The headers of the letter of the record at offset 5000 of partition 3, after others. */
    static Header[] letterHeaders(Header... before) {
        List<Header> headers = new ArrayList<>(List.of(before));
        headers.add(header("weir.topic", "http_requests"));
        headers.add(header("weir.partition", "3"));
        headers.add(header("weir.offset", "5000"));
        headers.add(header("weir.timestamp", Long.toString(TIMESTAMP)));
        headers.add(header("weir.reason", "wrong_type"));
        headers.add(header("weir.message", "status_code is \"200\""));
        return headers.toArray(Header[]::new);
    }

    static Letter letter(String value, Header... ownHeaders) {
        return Objects.requireNonNull(
                        LetterTopicRecord.of(record(value, letterHeaders(ownHeaders))))
                .letter();
    }
}
