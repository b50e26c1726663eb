package io.weir.gate;

import io.weir.rig.Stack;
import io.weir.store.Column;
import io.weir.store.StoreTables;
import io.weir.store.TableStatement;
import io.weir.store.TrafficUpsert;
import io.weir.traffic.Grain;
import io.weir.traffic.TrafficRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Rows as they were in the middle of a run, and the job's own statement that wrote them: an attempt
 * that was given up long ago may still send it.
 */
final class EarlierRows {

    private final Stack stack;
    private final String schema;

    EarlierRows(Stack stack, String schema) {
        this.stack = stack;
        this.schema = schema;
    }

    /** Keeps the rows as they are now. */
    void take() throws SQLException {
        stack.execute("create schema " + schema + "_earlier");
        for (Grain grain : Grain.values()) {
            stack.execute(
                    "create table %1$s_earlier.%2$s as table %1$s.%2$s"
                            .formatted(schema, grain.table()));
        }
    }

    /** Writes them once more, as the job wrote them. */
    void offerAgain() throws SQLException {
        for (Grain grain : Grain.values()) {
            offerAgain(grain, new TrafficUpsert(schema, StoreTables.MAIN).statement(grain));
        }
    }

    private void offerAgain(Grain grain, TableStatement<TrafficRow> upsert) throws SQLException {
        String arrays =
                upsert.columns().stream().map(EarlierRows::array).collect(Collectors.joining(", "));
        try (Connection connection = stack.connectIn(schema);
                Statement select = connection.createStatement();
                ResultSet rows =
                        select.executeQuery(
                                "select %s from %s_earlier.%s"
                                        .formatted(arrays, schema, grain.table()));
                PreparedStatement write = connection.prepareStatement(upsert.query())) {
            boolean unused = rows.next();
            for (int i = 1; i <= upsert.columns().size(); i++) {
                write.setArray(i, rows.getArray(i));
            }
            write.executeUpdate();
        }
    }

    /** The values of a column as the job binds them. */
    private static String array(Column<TrafficRow> column) {
        String value =
                column.type() == Column.Type.BYTEA
                        ? "hll_send(" + column.name() + ")"
                        : column.name() + "::" + column.type().name().toLowerCase(Locale.ROOT);
        return "array_agg(" + value + " order by site_id, bucket)";
    }
}
