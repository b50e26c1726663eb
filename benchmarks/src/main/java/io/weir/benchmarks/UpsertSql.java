package io.weir.benchmarks;

import io.weir.store.Column;
import io.weir.store.TableStatement;
import io.weir.store.TrafficUpsert;
import io.weir.traffic.Grain;
import io.weir.traffic.TrafficRow;
import java.util.stream.Collectors;

/** The parts of an upsert that are the same however the rows get there. */
final class UpsertSql {

    static final String TABLE = "http_request_1min";
    static final String STAGING = "http_request_1min_staging";

    static final String COLUMNS =
            ofTheSink("").columns().stream().map(Column::name).collect(Collectors.joining(", "));

    private UpsertSql() {}

    static String table(String schema) {
        return schema + "." + TABLE;
    }

    static String staging(String schema) {
        return schema + "." + STAGING;
    }

    /** The sink's own statement. */
    static TableStatement<TrafficRow> ofTheSink(String schema) {
        return new TrafficUpsert(schema).statement(Grain.MINUTE);
    }

    /** Its rule, for rows that get there in another way. */
    static String onConflict(String schema) {
        String sql = ofTheSink(schema).query();
        return sql.substring(sql.indexOf("ON CONFLICT"));
    }
}
