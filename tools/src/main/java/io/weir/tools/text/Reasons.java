package io.weir.tools.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.request.ShownText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How often there was each reason to reject something, with the first example of each. */
public final class Reasons {

    private static final int MAX_REASON = 40;
    private static final int MAX_EXAMPLE = 120;

    /** Enough bytes for the characters that are shown, and one more. */
    private static final int KEPT_BYTES = 4 * (MAX_EXAMPLE + 1);

    private final Map<String, OfReason> reasons = new TreeMap<>();
    private long total;

    /**
     * Counts one that was rejected.
     *
     * @param source the file it is from; null where that is not known
     * @param line its number in the file, from 1
     */
    public void add(String reason, @Nullable String source, long line, byte[] rejected) {
        total++;
        reasons.merge(
                reason,
                new OfReason(1, source, line, Arrays.copyOf(rejected, kept(rejected))),
                OfReason::and);
    }

    /** How many there were of any reason. */
    public long total() {
        return total;
    }

    /** The reasons that there were. */
    public Set<String> reasons() {
        return Set.copyOf(reasons.keySet());
    }

    /** {@code line 3 of a.log: this is no log line}, the first with a reason that there was. */
    public String example(String reason) {
        OfReason found = reasons.get(reason);
        if (found == null) {
            throw new IllegalArgumentException("there was no such reason: " + reason);
        }
        return found.shown();
    }

    /** A line for each reason, the most frequent first: how many, and an example. */
    public List<String> shown() {
        List<String> lines = new ArrayList<>();
        int width = reasons.keySet().stream().mapToInt(String::length).max().orElse(0);
        reasons.entrySet().stream()
                .sorted(Comparator.comparingLong(reason -> -reason.getValue().count))
                .forEach(
                        reason ->
                                lines.add(
                                        String.format(
                                                Locale.ROOT,
                                                "  %-"
                                                        + Math.min(MAX_REASON, width)
                                                        + "s %,12d   %s",
                                                shown(reason.getKey().getBytes(UTF_8), MAX_REASON),
                                                reason.getValue().count,
                                                reason.getValue().shown())));
        return lines;
    }

    private static int kept(byte[] rejected) {
        return Math.min(rejected.length, KEPT_BYTES);
    }

    private static String shown(byte[] text, int maxCharacters) {
        return ShownText.of(text, maxCharacters);
    }

    private record OfReason(long count, @Nullable String source, long line, byte[] example) {

        private static final Comparator<OfReason> BY_PLACE =
                Comparator.comparing(
                                OfReason::source, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparingLong(OfReason::line);

        /** Letters come in the order of their partitions, so the first example may come later. */
        OfReason and(OfReason other) {
            OfReason first = BY_PLACE.compare(this, other) <= 0 ? this : other;
            return new OfReason(count + other.count, first.source, first.line, first.example);
        }

        String shown() {
            String place =
                    source == null
                            ? ""
                            : "line "
                                    + line
                                    + " of "
                                    + Reasons.shown(source.getBytes(UTF_8), MAX_EXAMPLE)
                                    + ": ";
            return place + Reasons.shown(example, MAX_EXAMPLE);
        }
    }
}
