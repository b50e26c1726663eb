package io.weir.benchmarks;

import io.weir.store.Column;
import io.weir.traffic.TrafficRow;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
        List<Column<TrafficRow>> columns = UpsertSql.ofTheSink("").columns();
        StringBuilder lines = new StringBuilder();
        for (TrafficRow row : rows) {
            for (Column<TrafficRow> column : columns) {
                lines.append(cell(column.type(), column.value().of(row))).append('\t');
            }
            lines.setCharAt(lines.length() - 1, '\n');
        }
        return lines.toString();
    }

    private static Object cell(Column.Type type, @Nullable Object value) {
        if (value == null) {
            return NULL;
        }
        return switch (type) {
            case BYTEA -> "\\\\x" + HexFormat.of().formatHex((byte[]) value);
            case TIMESTAMPTZ -> Instant.ofEpochMilli((Long) value);
            default -> value;
        };
    }
}
