package io.weir.benchmarks;

import io.weir.store.TrafficKey;
import io.weir.store.TrafficUpsert;
import io.weir.store.UpsertStatement;
import io.weir.traffic.Grain;
import io.weir.traffic.TrafficRow;

/** The parts of an upsert that are the same however the rows get there. */
final class UpsertSql {

    static final String TABLE = "http_request_1min";
    static final String STAGING = "http_request_1min_staging";

    static final String COLUMNS =
            "site_id, bucket, request_count, success_count, error_count, timed_count,"
                    + " response_time_sum_usec, response_time_max_usec, bytes_sum,"
                    + " distinct_ip_addresses, country_counters, status_counters,"
                    + " response_time_histogram, is_whole, is_final, updated_at";

    private UpsertSql() {}

    static String table(String schema) {
        return schema + "." + TABLE;
    }

    static String staging(String schema) {
        return schema + "." + STAGING;
    }

    /** The sink's own statement. */
    static UpsertStatement<TrafficRow> ofTheSink(String schema) {
        return new TrafficUpsert(schema).statementFor(new TrafficKey(Grain.MINUTE, 1, 0));
    }

    /** Its rule, for rows that get there in another way. */
    static String onConflict(String schema) {
        String sql = ofTheSink(schema).query();
        return sql.substring(sql.indexOf("ON CONFLICT"));
    }
}
