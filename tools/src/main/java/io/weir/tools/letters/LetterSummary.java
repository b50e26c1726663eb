package io.weir.tools.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.request.ShownText;
import io.weir.tools.text.Columns;
import io.weir.tools.text.Count;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How many letters there are for each reason, with the newest of them as a sample. */
public final class LetterSummary {

    private static final int MAX_MESSAGE = 300;
    private static final int MAX_VALUE = 160;
    private static final String NO_REASON = "none";

    private final Map<String, OfReason> reasons = new TreeMap<>();

    public void add(Letter letter) {
        reasons.computeIfAbsent(name(letter.shownReason()), reason -> new OfReason(letter))
                .add(letter);
    }

    /** The table, with the most frequent reason first, and below it a sample of each. */
    public String shown(LetterReader.Reading reading) {
        if (reasons.isEmpty()) {
            return String.format("there are no letters%s%n", strangers(reading));
        }
        Map<String, Long> replayed = new TreeMap<>();
        reading.replayed().values().forEach(reason -> replayed.merge(name(reason), 1L, Long::sum));
        List<Map.Entry<String, OfReason>> entries = new ArrayList<>(reasons.entrySet());
        entries.sort(
                Comparator.comparingLong(
                                (Map.Entry<String, OfReason> entry) -> entry.getValue().count)
                        .reversed());
        List<List<String>> rows = new ArrayList<>();
        StringBuilder samples = new StringBuilder();
        for (Map.Entry<String, OfReason> entry : entries) {
            OfReason letters = entry.getValue();
            rows.add(
                    List.of(
                            shown(entry.getKey(), MAX_MESSAGE),
                            Long.toString(letters.count),
                            Long.toString(replayed.getOrDefault(entry.getKey(), 0L)),
                            Long.toString(letters.cut),
                            Instant.ofEpochMilli(letters.firstMillis).toString(),
                            Instant.ofEpochMilli(letters.sample.timestampMillis()).toString()));
            samples.append(letters.shownSample());
        }
        return Columns.of(List.of("reason", "letters", "replayed", "cut", "first", "last"), rows)
                + samples
                + String.format(
                        "%n%s%s%n", Count.of(reading.letters(), "letter"), strangers(reading));
    }

    private static String strangers(LetterReader.Reading reading) {
        return reading.strangers() == 0
                ? ""
                : ", and " + Count.of(reading.strangers(), "record") + " that Weir did not write";
    }

    private static String name(@Nullable String reason) {
        return Objects.requireNonNullElse(reason, NO_REASON);
    }

    private static String shown(String text, int maxCharacters) {
        return ShownText.of(text.getBytes(UTF_8), maxCharacters);
    }

    private static final class OfReason {

        private long count;
        private long cut;
        private long firstMillis;
        private Letter sample;

        OfReason(Letter first) {
            sample = first;
            firstMillis = first.timestampMillis();
        }

        void add(Letter letter) {
            count++;
            cut += letter.isCut() ? 1 : 0;
            firstMillis = Math.min(firstMillis, letter.timestampMillis());
            if (letter.timestampMillis() > sample.timestampMillis()) {
                sample = letter;
            }
        }

        String shownSample() {
            return String.format(
                    "%n%s: %s%n  %s: %s%n",
                    shown(name(sample.shownReason()), MAX_MESSAGE),
                    shown(sample.shownMessage(), MAX_MESSAGE),
                    shown(sample.origin().toString(), MAX_MESSAGE),
                    ShownText.of(sample.value(), MAX_VALUE));
        }
    }
}
