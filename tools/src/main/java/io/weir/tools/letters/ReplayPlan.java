package io.weir.tools.letters;

import io.weir.tools.text.Count;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which letters a replay sends, and why it leaves others that match.
 *
 * @param letters those that it sends
 * @param before how many were replayed before
 * @param cut how many have only the beginning of their value
 * @param elsewhere how many are records of another topic than the one that is sent to
 */
public record ReplayPlan(Set<RecordPosition> letters, long before, long cut, long elsewhere) {

    /**
     * Reads the letters that match.
     *
     * @param topic where they are
     * @param target where they are sent to: the topic of their records
     */
    public static ReplayPlan of(
            Map<String, ?> clientProperties, String topic, String target, LetterFilter filter) {
        Plans plans = new Plans(target);
        LetterReader.Reading reading =
                LetterReader.read(
                        clientProperties,
                        topic,
                        letter -> {
                            if (filter.test(letter)) {
                                plans.add(letter);
                            }
                        });
        return plans.without(reading.replayed().keySet());
    }

    /** {@code 3 letters (left out: 2 replayed before, 1 whose value was cut)}. */
    public String shown() {
        List<String> leftOut = new ArrayList<>();
        add(leftOut, before, "replayed before");
        add(leftOut, cut, "whose value was cut");
        add(leftOut, elsewhere, "of another topic (see --from-topic)");
        String sent = Count.of(letters.size(), "letter");
        return leftOut.isEmpty() ? sent : sent + " (left out: " + String.join(", ", leftOut) + ")";
    }

    private static void add(List<String> leftOut, long count, String which) {
        if (count > 0) {
            leftOut.add(String.format(Locale.ROOT, "%,d %s", count, which));
        }
    }

    /** What is known before the last mark has been read. */
    private static final class Plans {

        private final String target;
        private final Set<RecordPosition> whole = new HashSet<>();
        private long cut;
        private long elsewhere;

        Plans(String target) {
            this.target = target;
        }

        void add(Letter letter) {
            if (!letter.origin().topic().equals(target)) {
                elsewhere++;
            } else if (letter.isCut()) {
                cut++;
            } else {
                whole.add(letter.origin());
            }
        }

        ReplayPlan without(Set<RecordPosition> replayed) {
            int matching = whole.size();
            whole.removeAll(replayed);
            return new ReplayPlan(whole, matching - whole.size(), cut, elsewhere);
        }
    }
}
