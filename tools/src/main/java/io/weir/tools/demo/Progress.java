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
    private final Sending sending;
    private final long size;
    private final JobMetrics metrics;
    private final boolean isTerminal = Boolean.getBoolean("weir.terminal");
    private final long startNanos = System.nanoTime();
    private long shownNanos = startNanos;
    private long shownRead;

    /**
     * @param size how many records there are to send
     */
    Progress(PrintWriter out, Sending sending, long size, JobMetrics metrics) {
        this.out = out;
        this.sending = sending;
        this.size = size;
        this.metrics = metrics;
    }

    /** Shows the state if it is time to. */
    void show() {
        long now = System.nanoTime();
        long since = now - shownNanos;
        if (since >= (isTerminal ? REDRAW_NANOS : LINE_NANOS)) {
            long read = metrics.sum("route", "read");
            double rate = Math.max(0, read - shownRead) * 1e9 / since;
            draw(line(read, rate) + " | " + watermark());
            shownNanos = now;
            shownRead = read;
        }
    }

    /** Shows the state when all is read, with the mean rate. */
    void finish() {
        long read = metrics.sum("route", "read");
        double rate = read * 1e9 / (System.nanoTime() - startNanos);
        draw(line(read, rate) + " | all is read");
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

    private String line(long read, double readPerSecond) {
        return String.format(
                Locale.ROOT,
                "sent %,d of %,d | read %,d (%,.0f/s) | rows written %,d",
                sending.sent(),
                size,
                read,
                readPerSecond,
                metrics.sum("store rows: Writer", "rows-written"));
    }

    private String watermark() {
        long watermark = metrics.least("windows", "currentInputWatermark");
        boolean isKnown = watermark != Long.MIN_VALUE && sending.sendTimeMillis() != Long.MIN_VALUE;
        return isKnown ? lag(sending.sendTimeMillis() - watermark) : "watermark not yet";
    }

    private static String lag(long millis) {
        Duration lag = Duration.ofMillis(Math.max(0, millis));
        return lag.compareTo(DAY) >= 0
                ? "watermark " + lag.toDays() + " d behind"
                : String.format(
                        Locale.ROOT,
                        "watermark %d:%02d:%02d behind",
                        lag.toHours(),
                        lag.toMinutesPart(),
                        lag.toSecondsPart());
    }
}
