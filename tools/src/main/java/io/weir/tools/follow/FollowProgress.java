package io.weir.tools.follow;

import io.weir.request.ShownText;
import io.weir.tools.accesslog.LiveRecords;
import io.weir.tools.text.Count;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Says how far following is: one line drawn again and again on a terminal, else now and then one.
 */
public final class FollowProgress {

    private static final int SHOWN_CHARACTERS = 1_000;
    private static final Duration TERMINAL = Duration.ofSeconds(1);
    private static final Duration LINES = Duration.ofSeconds(10);

    /** After as long without a line, it says that it still follows. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final PrintWriter out;
    private final boolean isTerminal;
    private final LongSupplier nanos;
    private long sent;
    private long sentNanos;
    private long shownSent;
    private long shownNanos;
    private boolean isDrawn;

    /**
     * @param isTerminal whether a line can be drawn over
     */
    public FollowProgress(PrintWriter out, boolean isTerminal) {
        this(out, isTerminal, System::nanoTime);
    }

    FollowProgress(PrintWriter out, boolean isTerminal, LongSupplier nanos) {
        this.out = out;
        this.isTerminal = isTerminal;
        this.nanos = nanos;
        this.sentNanos = nanos.getAsLong();
        this.shownNanos = sentNanos;
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
        sentNanos = nanos.getAsLong();
    }

    long sent() {
        return sent;
    }

    /**
     * Shows the state if it is time to; on no terminal only if something was sent, or nothing for a
     * while.
     */
    void show(LiveRecords records, long unreadBytes, Instant now) {
        long time = nanos.getAsLong();
        boolean isIdle = time - sentNanos >= IDLE.toNanos();
        long since = time - shownNanos;
        if (since < pause(isIdle)) {
            return;
        }
        String speed =
                isIdle
                        ? ""
                        : String.format(
                                Locale.ROOT, " (%,.0f/s)", (sent - shownSent) * 1e9 / since);
        String line =
                String.format(
                        Locale.ROOT,
                        "%ssent %,d%s | %,d rejected | %s behind%s",
                        isIdle ? "idle | " : "",
                        sent,
                        speed,
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
        shownNanos = time;
    }

    /** How long nothing is shown after the last time. */
    private long pause(boolean isIdle) {
        if (isTerminal) {
            return TERMINAL.toNanos();
        }
        boolean isShown = sent == shownSent;
        return isShown && !isIdle ? Long.MAX_VALUE : (isShown ? IDLE : LINES).toNanos();
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
