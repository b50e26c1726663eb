package io.weir.tools.send;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code sent_1min.csv}; ordered by site, then by minute.
 *
 * @param measures the values of {@link OpenSiteMinute#MEASURES}, in their order
 */
record SentSiteMinute(int siteId, long minuteMillis, List<@Nullable Object> measures)
        implements Comparable<SentSiteMinute> {

    private static final Comparator<SentSiteMinute> ORDER =
            Comparator.comparingInt(SentSiteMinute::siteId)
                    .thenComparingLong(SentSiteMinute::minuteMillis);

    @Override
    public int compareTo(SentSiteMinute other) {
        return ORDER.compare(this, other);
    }
}
