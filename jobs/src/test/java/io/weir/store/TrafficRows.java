package io.weir.store;

import io.weir.request.HttpRequest;
import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Builds rows whose every measure follows from the number of requests. */
final class TrafficRows {

    private TrafficRows() {}

    /** Times as {@code 2026-05-01T10:00:00Z}. */
    static TrafficRow row(
            Grain grain,
            int siteId,
            String bucket,
            long requests,
            boolean isWhole,
            boolean isFinal,
            String updatedAt) {
        return row(grain, siteId, bucket, traffic(requests), isWhole, isFinal, updatedAt);
    }

    static TrafficRow row(
            Grain grain,
            int siteId,
            String bucket,
            Traffic traffic,
            boolean isWhole,
            boolean isFinal,
            String updatedAt) {
        return new TrafficRow(
                grain,
                siteId,
                Instant.parse(bucket).toEpochMilli(),
                traffic,
                isWhole,
                isFinal,
                Instant.parse(updatedAt).toEpochMilli());
    }

    /** A provisional row of a minute. */
    static TrafficRow row(int siteId, String bucket, long requests) {
        return row(siteId, bucket, traffic(requests));
    }

    static TrafficRow row(int siteId, String bucket, Traffic traffic) {
        return row(Grain.MINUTE, siteId, bucket, traffic, true, false, bucket);
    }

    /** Requests from Brazil of 1 ms and 100 bytes each, of which one failed. */
    static Traffic traffic(long requests) {
        Traffic traffic = times(requests - 1, request(200, null, 1_000, 100, "BR"));
        traffic.add(request(503, null, 1_000, 100, "BR"));
        return traffic;
    }

    /** So many of the same request, doubled instead of counted one by one. */
    static Traffic times(long requests, HttpRequest request) {
        Traffic traffic = new Traffic();
        for (int bit = Long.SIZE - 1 - Long.numberOfLeadingZeros(requests); bit >= 0; bit--) {
            traffic.merge(traffic.copy());
            if ((requests >>> bit & 1) == 1) {
                traffic.add(request);
            }
        }
        return traffic;
    }

    static HttpRequest request(
            int status,
            @Nullable Long visitorHash,
            long responseTimeMicros,
            long bytes,
            String country) {
        return new HttpRequest(7, 0, status, visitorHash, responseTimeMicros, bytes, country);
    }
}
