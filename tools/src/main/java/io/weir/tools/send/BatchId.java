package io.weir.tools.send;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What tells a batch from all others. Its number does not: who begins again at an older place gives
 * the same number to other records.
 *
 * @param number from 1; 0 before the first
 * @param token random, empty before the first
 */
public record BatchId(long number, String token) {

    public static final Comparator<BatchId> ORDER =
            Comparator.comparingLong(BatchId::number).thenComparing(BatchId::token);

    private static final Pattern NOTE = Pattern.compile("(\\d{1,18}) (\\S{1,100})");

    /** What is committed with the batch. */
    String note() {
        return number + " " + token;
    }

    /** Nothing where the note is of something else. */
    static Optional<BatchId> ofNote(String note) {
        Matcher matcher = NOTE.matcher(note);
        return matcher.matches()
                ? Optional.of(new BatchId(Long.parseLong(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }
}
