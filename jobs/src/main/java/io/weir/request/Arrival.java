package io.weir.request;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/** When a request arrived: by that its host is resolved. */
final class Arrival {

    private Arrival() {}

    /**
     * The record's timestamp, epoch milliseconds. That of a letter is its record's, and a replayed
     * record arrives when it is replayed.
     */
    static long millisOf(ReadRecord record) {
        byte[] replayed = beside(LetterHeader.REPLAYED_FROM, LetterHeader.HOSTS_AS_OF, record);
        byte[] ofLetter = beside(LetterHeader.TOPIC, LetterHeader.TIMESTAMP, record);
        byte[] millis = replayed == null ? ofLetter : replayed;
        String text = millis == null ? "" : new String(millis, US_ASCII);
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : record.timestampMillis();
    }

    /** A header that means something only beside another one. */
    private static byte @Nullable [] beside(String other, String key, ReadRecord record) {
        return KafkaHeader.last(record.headers(), other) == null
                ? null
                : KafkaHeader.last(record.headers(), key);
    }
}
