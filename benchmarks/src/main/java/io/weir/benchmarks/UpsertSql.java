package io.weir.benchmarks;

/** The parts of an upsert that are the same however the rows get there. */
final class UpsertSql {

    static final String TABLE = "http_request_1min";
    static final String STAGING = "http_request_1min_staging";

    static final String COLUMNS =
            "site_id, bucket, request_count, success_count, error_count, timed_count,"
                    + " response_time_sum_usec, response_time_max_usec, bytes_sum,"
                    + " distinct_ip_addresses, country_counters, status_counters,"
                    + " response_time_histogram, is_whole, is_final, updated_at";

    /** The rule of the sink's own statement. */
    static final String ON_CONFLICT =
            """
            ON CONFLICT (site_id, bucket) DO UPDATE SET
                request_count = excluded.request_count,
                success_count = excluded.success_count,
                error_count = excluded.error_count,
                timed_count = excluded.timed_count,
                response_time_sum_usec = excluded.response_time_sum_usec,
                response_time_max_usec = excluded.response_time_max_usec,
                bytes_sum = excluded.bytes_sum,
                distinct_ip_addresses = excluded.distinct_ip_addresses,
                country_counters = excluded.country_counters,
                status_counters = excluded.status_counters,
                response_time_histogram = excluded.response_time_histogram,
                is_whole = excluded.is_whole,
                is_final = t.is_final OR excluded.is_final,
                updated_at = excluded.updated_at
            WHERE (excluded.is_whole, excluded.request_count, excluded.is_final)
               >= (t.is_whole, t.request_count, t.is_final)
            """;

    private UpsertSql() {}

    static String table(String schema) {
        return schema + "." + TABLE;
    }

    static String staging(String schema) {
        return schema + "." + STAGING;
    }
}
