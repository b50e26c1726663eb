package io.weir.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.request.KafkaHeader;
import io.weir.request.KafkaRecord;
import io.weir.request.LetterHeaders;
import io.weir.request.RequestDecoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way to a topic of dead letters or late requests: its raw bytes, its key, its own
 * headers, and where it came from.
 *
 * <table>
 * <caption>Headers, all text</caption>
 * <tr><td>weir.topic, weir.partition, weir.offset</td><td>which record it was; a letter may come
 * twice, and these identify it</td></tr>
 * <tr><td>weir.timestamp</td><td>its timestamp, epoch milliseconds</td></tr>
 * <tr><td>weir.headers-left-out</td><td>how many of its own headers had no room in 64 KiB</td></tr>
 * <tr><td>weir.length, weir.sha256</td><td>of the whole value, where it was larger than 1 MiB and
 * only its first 64 KiB are kept</td></tr>
 * </table>
 */
final class DeadLetterRecord {

    private static final int KEPT_BYTES = 64 * 1024;

    private DeadLetterRecord() {}

    static ProducerRecord<byte[], byte[]> to(String topic, KafkaRecord record) {
        boolean isCut = record.value().length > RequestDecoder.MAX_BYTES;
        byte[] value = isCut ? Arrays.copyOf(record.value(), KEPT_BYTES) : record.value();
        Long timestamp = record.timestampMillis() < 0 ? null : record.timestampMillis();
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(topic, null, timestamp, key(record), value);
        addOwnHeaders(letter, record);
        add(letter, LetterHeaders.TOPIC, record.topic());
        add(letter, LetterHeaders.PARTITION, Integer.toString(record.partition()));
        add(letter, LetterHeaders.OFFSET, Long.toString(record.offset()));
        add(letter, "weir.timestamp", Long.toString(record.timestampMillis()));
        if (isCut) {
            add(letter, "weir.length", Integer.toString(record.value().length));
            add(letter, "weir.sha256", sha256(record.value()));
        }
        return letter;
    }

    /** Also null where the key alone would fill the letter. */
    private static byte @Nullable [] key(KafkaRecord record) {
        byte[] key = record.key();
        return key == null || key.length > KEPT_BYTES ? null : key;
    }

    /** Keeps a letter below what its topic takes, however large the record's headers are. */
    private static void addOwnHeaders(ProducerRecord<byte[], byte[]> letter, KafkaRecord record) {
        int room = KEPT_BYTES;
        int leftOut = 0;
        for (KafkaHeader header : record.headers()) {
            int size = header.key().getBytes(UTF_8).length + header.value().length;
            if (size <= room) {
                room -= size;
                letter.headers().add(header.key(), header.value());
            } else {
                leftOut++;
            }
        }
        if (leftOut > 0) {
            add(letter, "weir.headers-left-out", Integer.toString(leftOut));
        }
    }

    static void add(ProducerRecord<byte[], byte[]> letter, String key, String value) {
        letter.headers().add(key, value.getBytes(UTF_8));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
