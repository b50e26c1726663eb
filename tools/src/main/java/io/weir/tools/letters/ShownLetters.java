package io.weir.tools.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.request.ShownText;
import io.weir.tools.text.Count;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** The first letters that match, for people; and how many more there are. */
public final class ShownLetters {

    private static final int MAX_NAME = 300;
    private static final int MAX_VALUE = 2_000;

    private final int limit;
    private final List<Letter> letters = new ArrayList<>();
    private long more;

    /**
     * @param limit how many letters are kept
     */
    public ShownLetters(int limit) {
        this.limit = limit;
    }

    public void add(Letter letter) {
        if (letters.size() < limit) {
            letters.add(letter);
        } else {
            more++;
        }
    }

    public List<Letter> letters() {
        return List.copyOf(letters);
    }

    /** How many match, those that are not kept included. */
    public long matching() {
        return letters.size() + more;
    }

    public String shown(LetterReader.Reading reading) {
        StringBuilder shown = new StringBuilder();
        for (Letter letter : letters) {
            shown.append(shown(letter, reading.replayed().containsKey(letter.origin())))
                    .append(System.lineSeparator());
        }
        return shown.append(Count.of(matching(), "letter"))
                .append(matching() == 1 ? " matches" : " match")
                .append(more == 0 ? "" : ", " + more + " more than --limit")
                .append(System.lineSeparator())
                .toString();
    }

    /** Several lines, nothing in them that a terminal obeys. */
    static String shown(Letter letter, boolean isReplayed) {
        RecordPosition origin = letter.origin();
        List<String> lines = new ArrayList<>();
        lines.add(
                "%s, partition %d, offset %d, %s%s"
                        .formatted(
                                shown(origin.topic()),
                                origin.partition(),
                                origin.offset(),
                                Instant.ofEpochMilli(letter.timestampMillis()),
                                isReplayed ? ", replayed" : ""));
        if (letter.reason() != null) {
            lines.add("  reason   " + shown(letter.shownReason()));
            lines.add("  message  " + shown(letter.shownMessage()));
        }
        if (letter.key() != null) {
            lines.add("  key      " + ShownText.of(letter.key(), MAX_NAME));
        }
        for (Header header : letter.ownHeaders()) {
            lines.add("  header   " + shown(header.key()) + ": " + shown(header.value()));
        }
        lines.add("  value    " + bytes(letter));
        lines.add("  " + ShownText.of(letter.value(), MAX_VALUE));
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    private static String bytes(Letter letter) {
        String bytes = Count.of(letter.value().length, "byte");
        return letter.wholeLength() == null
                ? bytes
                : bytes + ", the beginning of " + Count.of(letter.wholeLength(), "byte");
    }

    private static String shown(@Nullable String text) {
        return text == null ? "" : shown(text.getBytes(UTF_8));
    }

    private static String shown(byte @Nullable [] utf8) {
        return utf8 == null ? "" : ShownText.of(utf8, MAX_NAME);
    }
}
