package io.weir.tools.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.request.LetterHeader;
import io.weir.tools.accesslog.LineFault;
import io.weir.tools.send.RecordSender;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record that the job put aside.
 *
 * @param partition where the letter is, in the topic of letters
 * @param origin where the record is that it was
 * @param timestampMillis the record's timestamp, epoch milliseconds; -1 if it had none
 * @param reason null for a late request
 * @param message what was wrong with the record; null for a late request
 * @param wholeLength bytes of the whole value if the letter has only its beginning, otherwise null
 * @param hasHiddenAddresses whether addresses were taken out of the value
 * @param ownHeaders those that the record came with
 */
public record Letter(
        int partition,
        RecordPosition origin,
        long timestampMillis,
        @Nullable String reason,
        @Nullable String message,
        @Nullable Long wholeLength,
        boolean hasHiddenAddresses,
        List<Header> ownHeaders,
        byte @Nullable [] key,
        byte[] value) {

    /** What is wrong with a line of a log, as its parser said; null for any other record. */
    public @Nullable LineFault fault() {
        return reason == null ? null : LineFault.of(ownHeader(RecordSender.REASON_HEADER));
    }

    /**
     * Why it was rejected, for people: {@code wrong_type}; of a line of a log what its parser said,
     * and then the job: {@code no client (not_json)}. Null for a late request.
     */
    public @Nullable String shownReason() {
        LineFault fault = fault();
        return fault == null ? reason : "%s (%s)".formatted(fault.reason(), reason);
    }

    /** What was wrong with it, from whoever said {@link #shownReason why}; empty if nobody did. */
    public String shownMessage() {
        LineFault fault = fault();
        return fault == null ? Objects.requireNonNullElse(message, "") : fault.message();
    }

    /** Whether the letter has only the beginning of the value. */
    public boolean isCut() {
        return wholeLength != null;
    }

    /** How often the record had been replayed when it was rejected. */
    public long replays() {
        String replays = ownHeader(LetterHeader.REPLAYS);
        return replays != null && replays.matches("[0-9]{1,9}") ? Long.parseLong(replays) : 0;
    }

    /** The last of the record's own headers with this name, null if there is none. */
    public @Nullable String ownHeader(String name) {
        String found = null;
        for (Header header : ownHeaders) {
            if (header.key().equals(name) && header.value() != null) {
                found = new String(header.value(), UTF_8);
            }
        }
        return found;
    }
}
