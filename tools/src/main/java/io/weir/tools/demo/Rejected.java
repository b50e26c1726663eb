package io.weir.tools.demo;

import io.weir.request.ShownText;
import io.weir.tools.accesslog.LineFault;
import io.weir.tools.accesslog.LineRecords;
import io.weir.tools.letters.Letter;
import io.weir.tools.send.RecordSender;
import org.jspecify.annotations.Nullable;

/**
 * A record that was rejected, and why: of a line of a log what its parser says, of any other record
 * what the job says.
 *
 * @param source the file it is from, null if the record does not say
 * @param line its number there, 0 if the record does not say
 * @param bytes the line or the record as it was before it was sent
 */
record Rejected(@Nullable String source, long line, String reason, String message, byte[] bytes) {

    private static final int MAX_CHARACTERS = 2_000;

    static Rejected of(Letter letter) {
        String line = letter.ownHeader(RecordSender.LINE_HEADER);
        LineFault fault = letter.fault();
        return new Rejected(
                letter.ownHeader(RecordSender.SOURCE_HEADER),
                line == null ? 0 : Long.parseLong(line),
                fault == null ? String.valueOf(letter.reason()) : fault.reason(),
                letter.shownMessage(),
                fault == null ? letter.value() : LineRecords.lineOf(letter.value()));
    }

    /** Its beginning, without what is not printable. */
    String text() {
        return ShownText.of(bytes, MAX_CHARACTERS);
    }
}
