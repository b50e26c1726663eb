package io.weir.benchmarks;

import io.weir.traffic.TrafficRow;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.postgresql.PGConnection;

/** COPY to a staging table that lies with the real one, and from there shard by shard. */
final class StagedCopy implements WriteMethod {

    private static final String NULL = "\\N";

    private final String copy;
    private final String upsert;

    StagedCopy(String schema) {
        String staging = UpsertSql.staging(schema);
        copy = "COPY %s (%s) FROM STDIN".formatted(staging, UpsertSql.COLUMNS);
        upsert =
                "INSERT INTO %1$s AS t (%2$s) SELECT %2$s FROM %3$s %4$s; TRUNCATE %3$s"
                        .formatted(
                                UpsertSql.table(schema),
                                UpsertSql.COLUMNS,
                                staging,
                                UpsertSql.onConflict(schema));
    }

    @Override
    public String name() {
        return "staged copy";
    }

    @Override
    public void write(Connection connection, List<TrafficRow> rows)
            throws SQLException, IOException {
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(copy, new StringReader(lines(rows)));
        try (Statement statement = connection.createStatement()) {
            statement.execute(upsert);
        }
    }

    /** COPY's text format. Counters and histograms hold nothing that it would escape. */
    private static String lines(List<TrafficRow> rows) {
        StringBuilder lines = new StringBuilder();
        HexFormat hex = HexFormat.of();
        for (TrafficRow row : rows) {
            lines.append(row.siteId()).append('\t');
            lines.append(Instant.ofEpochMilli(row.bucketMillis())).append('\t');
            lines.append(row.requestCount()).append('\t');
            lines.append(row.successCount()).append('\t');
            lines.append(row.errorCount()).append('\t');
            lines.append(row.timedCount()).append('\t');
            lines.append(row.responseTimeSumMicros()).append('\t');
            Long max = row.responseTimeMaxMicros();
            lines.append(max == null ? NULL : max.toString()).append('\t');
            lines.append(row.bytesSum()).append('\t');
            lines.append("\\\\x").append(hex.formatHex(row.distinctIpAddresses())).append('\t');
            lines.append(row.countryCounters()).append('\t');
            lines.append(row.statusCounters()).append('\t');
            lines.append(row.responseTimeHistogram()).append('\t');
            lines.append(row.isWhole()).append('\t');
            lines.append(row.isFinal()).append('\t');
            lines.append(Instant.ofEpochMilli(row.updatedAtMillis())).append('\n');
        }
        return lines.toString();
    }
}
