package io.weir.tools.send;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code sent_1min.csv}; ordered by site, then by minute.
 *
 * @param countryCounters as PostgreSQL shows jsonb, keys sorted: {@code {"BR": 12, "US": 3}}
 * @param statusCounters the same by status code
 */
record SentSiteMinute(
        int siteId,
        long minuteMillis,
        long requestCount,
        long successCount,
        long errorCount,
        long timedCount,
        long responseTimeSumMicros,
        @Nullable Long responseTimeMaxMicros,
        long bytesSum,
        String countryCounters,
        String statusCounters,
        long distinctIpAddresses)
        implements Comparable<SentSiteMinute> {

    private static final Comparator<SentSiteMinute> ORDER =
            Comparator.comparingInt(SentSiteMinute::siteId)
                    .thenComparingLong(SentSiteMinute::minuteMillis);

    @Override
    public int compareTo(SentSiteMinute other) {
        return ORDER.compare(this, other);
    }
}
