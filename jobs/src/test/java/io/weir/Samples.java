package io.weir;

import io.weir.request.DecodedRecord;
import io.weir.request.HttpRequest;
import io.weir.request.KafkaRecord;
import io.weir.request.RejectReason;
import io.weir.request.Rejection;
import java.time.Instant;
import java.util.List;

/** Instants, requests and records for tests; the day is always 2026-01-15. */
public final class Samples {

    public static final String TOPIC = "http_requests";

    private Samples() {}

    /** {@code at("10:00:59.999")}: that time of 2026-01-15 UTC in epoch milliseconds. */
    public static long at(String time) {
        return Instant.parse("2026-01-15T" + time + "Z").toEpochMilli();
    }

    /** A timed successful request of an unknown visitor from Brazil. */
    public static HttpRequest request(int siteId, long eventTimeMillis) {
        return new HttpRequest(siteId, eventTimeMillis, 200, null, 1_000, 10, "BR");
    }

    /** A request that arrived when it was served. */
    public static DecodedRecord valid(int partition, long eventTimeMillis) {
        return valid(partition, eventTimeMillis, eventTimeMillis);
    }

    public static DecodedRecord valid(
            int partition, long eventTimeMillis, long recordTimestampMillis) {
        return new DecodedRecord(
                record(partition, recordTimestampMillis),
                new HttpRequest(
                        1, eventTimeMillis, 200, null, 1_000, 10, "BR", partition, 0, 0, false),
                null);
    }

    public static DecodedRecord rejected(int partition, long recordTimestampMillis) {
        return new DecodedRecord(
                record(partition, recordTimestampMillis),
                null,
                new Rejection(RejectReason.NOT_JSON, "not JSON"));
    }

    private static KafkaRecord record(int partition, long timestampMillis) {
        return new KafkaRecord(TOPIC, partition, 0, timestampMillis, null, new byte[0], List.of());
    }
}
