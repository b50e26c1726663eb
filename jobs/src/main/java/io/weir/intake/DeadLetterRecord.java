package io.weir.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.request.HiddenAddresses;
import io.weir.request.KafkaHeader;
import io.weir.request.KafkaRecord;
import io.weir.request.LetterHeader;
import io.weir.request.RequestDecoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way to a topic of dead letters or late requests: its raw bytes, its key, its own
 * headers, and after them those of {@link LetterHeader}.
 */
final class DeadLetterRecord {

    private static final int KEPT_BYTES = 64 * 1024;

    private DeadLetterRecord() {}

    /**
     * The letter of a record.
     *
     * @param hideAddresses whether addresses are taken out of its value
     */
    static ProducerRecord<byte[], byte[]> to(
            String topic, KafkaRecord record, boolean hideAddresses) {
        boolean isCut = record.value().length > RequestDecoder.MAX_BYTES;
        byte[] value = isCut ? Arrays.copyOf(record.value(), KEPT_BYTES) : record.value();
        if (hideAddresses) {
            value = HiddenAddresses.in(value, record);
        }
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(topic, null, timestamp(record), key(record), value);
        addOwnHeaders(letter, record);
        add(letter, LetterHeader.TOPIC, record.topic());
        add(letter, LetterHeader.PARTITION, Integer.toString(record.partition()));
        add(letter, LetterHeader.OFFSET, Long.toString(record.offset()));
        add(letter, LetterHeader.TIMESTAMP, Long.toString(record.timestampMillis()));
        if (isCut) {
            add(letter, LetterHeader.LENGTH, Integer.toString(record.value().length));
            add(letter, LetterHeader.SHA256, sha256(record.value()));
        }
        if (hideAddresses) {
            add(letter, LetterHeader.ADDRESSES_HIDDEN, "true");
        }
        return letter;
    }

    /**
     * Null, for the time of writing, where the record has none, and where it is of the future: the
     * letters' topic may refuse what the record's own took, and the job would fail again and again.
     */
    private static @Nullable Long timestamp(KafkaRecord record) {
        long millis = record.timestampMillis();
        return millis < 0 || millis > System.currentTimeMillis() ? null : millis;
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
            add(letter, LetterHeader.HEADERS_LEFT_OUT, Integer.toString(leftOut));
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
