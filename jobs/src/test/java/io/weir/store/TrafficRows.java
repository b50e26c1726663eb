package io.weir.store;

import io.weir.traffic.Grain;
import io.weir.traffic.TrafficRow;
import java.time.Instant;

/** Builds rows whose every measure follows from the number of requests. */
final class TrafficRows {

    static final byte[] EMPTY_SKETCH = {0x11, (byte) 0x8b, 0x40};

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
        return row(grain, siteId, bucket, requests, EMPTY_SKETCH, isWhole, isFinal, updatedAt);
    }

    private static TrafficRow row(
            Grain grain,
            int siteId,
            String bucket,
            long requests,
            byte[] sketch,
            boolean isWhole,
            boolean isFinal,
            String updatedAt) {
        return new TrafficRow(
                grain,
                siteId,
                Instant.parse(bucket).toEpochMilli(),
                requests,
                requests - 1,
                1,
                requests,
                1_000 * requests,
                10 * requests,
                100 * requests,
                sketch,
                "{\"BR\": %d}".formatted(requests),
                "{\"200\": %d, \"503\": 1}".formatted(requests - 1),
                "[310:311]={%d,1}".formatted(requests - 1),
                isWhole,
                isFinal,
                Instant.parse(updatedAt).toEpochMilli());
    }

    /** A provisional row of a minute. */
    static TrafficRow row(int siteId, String bucket, long requests) {
        return row(siteId, bucket, requests, EMPTY_SKETCH);
    }

    static TrafficRow row(int siteId, String bucket, long requests, byte[] sketch) {
        return row(Grain.MINUTE, siteId, bucket, requests, sketch, true, false, bucket);
    }
}
