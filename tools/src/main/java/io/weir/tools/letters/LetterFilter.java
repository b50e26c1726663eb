package io.weir.tools.letters;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.tools.accesslog.LineFault;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which letters are meant; null for any.
 *
 * @param reason the job's code, or the reason of a line's parser ({@link Letter#fault})
 * @param topic of the record that was rejected, like partition and offset
 * @param since its timestamp is not before this instant
 * @param until its timestamp is before this instant
 * @param text what its value contains, in UTF-8
 */
public record LetterFilter(
        @Nullable String reason,
        @Nullable String topic,
        @Nullable Integer partition,
        @Nullable Long offset,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String text)
        implements Predicate<Letter> {

    @Override
    public boolean test(Letter letter) {
        return (reason == null || isFor(reason, letter))
                && isFrom(letter.origin())
                && isWithin(Instant.ofEpochMilli(letter.timestampMillis()))
                && (text == null || contains(letter.value(), text));
    }

    private static boolean isFor(String reason, Letter letter) {
        LineFault fault = letter.fault();
        return reason.equals(letter.reason()) || (fault != null && reason.equals(fault.reason()));
    }

    private boolean isFrom(RecordPosition origin) {
        return (topic == null || topic.equals(origin.topic()))
                && (partition == null || partition == origin.partition())
                && (offset == null || offset == origin.offset());
    }

    private boolean isWithin(Instant timestamp) {
        return (since == null || !timestamp.isBefore(since))
                && (until == null || timestamp.isBefore(until));
    }

    /** A letter need not be UTF-8, so bytes are compared: Latin-1 has a character for each. */
    private static boolean contains(byte[] value, String text) {
        return new String(value, ISO_8859_1).contains(new String(text.getBytes(UTF_8), ISO_8859_1));
    }
}
