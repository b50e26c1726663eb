package io.weir.traffic;

import org.jspecify.annotations.Nullable;

/**
 * A row of {@code http_request_1min}, {@code _1hour} or {@code _1day}.
 *
 * @param bucketMillis the bucket's start, epoch milliseconds
 * @param responseTimeMaxMicros null when nothing was timed
 * @param distinctIpAddresses the sketch in postgresql-hll's storage form
 * @param countryCounters a JSON object with sorted keys: {@code {"BR": 12, "US": 3}}
 * @param statusCounters the same by status code
 * @param responseTimeHistogram a PostgreSQL array literal whose subscript is the bucket: {@code
 *     [310:312]={4,0,9}}, or {@code {}}
 * @param isWhole whether the job read this bucket from its beginning
 * @param isFinal whole, and the watermark passed its end
 * @param updatedAtMillis when the row was made, epoch milliseconds
 */
public record TrafficRow(
        Grain grain,
        int siteId,
        long bucketMillis,
        long requestCount,
        long successCount,
        long errorCount,
        long timedCount,
        long responseTimeSumMicros,
        @Nullable Long responseTimeMaxMicros,
        long bytesSum,
        byte[] distinctIpAddresses,
        String countryCounters,
        String statusCounters,
        String responseTimeHistogram,
        boolean isWhole,
        boolean isFinal,
        long updatedAtMillis) {}
