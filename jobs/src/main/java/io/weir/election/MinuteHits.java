package io.weir.election;

import io.weir.traffic.TrafficRow;

/**
 * The requests of a site in a minute that has ended. A later one of the same minute takes its
 * place.
 *
 * @param minuteMillis the minute's start, epoch milliseconds
 */
public record MinuteHits(int siteId, long minuteMillis, long hits) {

    /** Of a final minute row. */
    public static MinuteHits of(TrafficRow row) {
        return new MinuteHits(row.siteId(), row.bucketMillis(), row.requestCount());
    }
}
