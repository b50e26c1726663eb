package io.weir.tools.follow;

import io.weir.request.ShownText;
import io.weir.tools.accesslog.LiveRecords;
import io.weir.tools.text.Count;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * Says how far following is: one line drawn again and again on a terminal, else now and then one.
 */
public final class FollowProgress {

    private static final int SHOWN_CHARACTERS = 1_000;
    private static final Duration TERMINAL = Duration.ofSeconds(1);
    private static final Duration LINES = Duration.ofSeconds(10);

    private final PrintWriter out;
    private final boolean isTerminal;
    private long sent;
    private long shownSent;
    private long shownNanos = System.nanoTime();
    private boolean isDrawn;

    /**
     * @param isTerminal whether a line can be drawn over
     */
    public FollowProgress(PrintWriter out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    /** Says a sentence on a line of its own; names of files in it can hold anything. */
    public void say(String text) {
        clear();
        out.println(ShownText.of(text.getBytes(StandardCharsets.UTF_8), SHOWN_CHARACTERS));
        out.flush();
    }

    /** As many more were sent. */
    void add(int records) {
        sent += records;
    }

    long sent() {
        return sent;
    }

    /** Shows the state if it is time to; on no terminal only if something was sent. */
    void show(LiveRecords records, long unreadBytes, Instant now) {
        long since = System.nanoTime() - shownNanos;
        if (since < (isTerminal ? TERMINAL : LINES).toNanos()
                || (!isTerminal && sent == shownSent)) {
            return;
        }
        String line =
                String.format(
                        Locale.ROOT,
                        "sent %,d (%,.0f/s) | %,d rejected | %s behind%s",
                        sent,
                        (sent - shownSent) * 1e9 / since,
                        records.findings().faults().total(),
                        Count.of(unreadBytes, "byte"),
                        age(records.largestMillis(), now));
        clear();
        if (isTerminal) {
            out.print(line);
            isDrawn = true;
        } else {
            out.println(line);
        }
        out.flush();
        shownSent = sent;
        shownNanos = System.nanoTime();
    }

    private static String age(long largestMillis, Instant now) {
        if (largestMillis == 0) {
            return "";
        }
        Duration age = Duration.ofMillis(Math.max(0, now.toEpochMilli() - largestMillis));
        return String.format(
                Locale.ROOT,
                ", last request %d:%02d:%02d ago",
                age.toHours(),
                age.toMinutesPart(),
                age.toSecondsPart());
    }

    private void clear() {
        if (isDrawn) {
            out.print("\r\033[K");
            isDrawn = false;
        }
    }
}
