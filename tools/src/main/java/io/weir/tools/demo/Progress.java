package io.weir.tools.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * Says how far the demo is: one line drawn again and again on a terminal, else now and then one.
 */
final class Progress {

    private static final long REDRAW_NANOS = Duration.ofMillis(500).toNanos();
    private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Duration DAY = Duration.ofDays(1);

    private final PrintWriter out;
    private final boolean isTerminal;
    private final long startNanos = System.nanoTime();
    private long shownNanos = startNanos;
    private long shownRead;

    Progress(PrintWriter out) {
        this.out = out;
        this.isTerminal = Boolean.getBoolean("weir.terminal");
    }

    /** Shows the state if it is time to. */
    void show(Sending sending, JobMetrics metrics) {
        long now = System.nanoTime();
        long since = now - shownNanos;
        if (since >= (isTerminal ? REDRAW_NANOS : LINE_NANOS)) {
            long read = metrics.sum("route", "read");
            draw(line(sending, metrics, read, Math.max(0, read - shownRead) * 1e9 / since));
            shownNanos = now;
            shownRead = read;
        }
    }

    /** Shows the state at the end, with the mean rate. */
    void finish(Sending sending, JobMetrics metrics) {
        long read = metrics.sum("route", "read");
        draw(line(sending, metrics, read, read * 1e9 / (System.nanoTime() - startNanos)));
        if (isTerminal) {
            out.println();
        }
        out.flush();
    }

    private void draw(String line) {
        if (isTerminal) {
            out.print("\r\033[K" + line);
        } else {
            out.println(line);
        }
        out.flush();
    }

    private static String line(
            Sending sending, JobMetrics metrics, long read, double readPerSecond) {
        return String.format(
                Locale.ROOT,
                "sent %,d of %,d | read %,d (%,.0f/s) | rows written %,d | watermark %s",
                sending.sent(),
                sending.size(),
                read,
                readPerSecond,
                metrics.sum("store rows: Writer", "rows-written"),
                lag(sending.sendTimeMillis(), metrics.least("windows", "currentInputWatermark")));
    }

    private static String lag(long sendTimeMillis, long watermarkMillis) {
        if (sendTimeMillis == Long.MIN_VALUE || watermarkMillis == Long.MIN_VALUE) {
            return "not yet";
        }
        Duration lag = Duration.ofMillis(Math.max(0, sendTimeMillis - watermarkMillis));
        return lag.compareTo(DAY) >= 0
                ? lag.toDays() + " d behind"
                : String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d behind",
                        lag.toHours(),
                        lag.toMinutesPart(),
                        lag.toSecondsPart());
    }
}
