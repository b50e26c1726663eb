package io.weir.benchmarks;

import io.weir.traffic.TrafficRow;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A way to upsert a batch of minute rows. The caller begins and commits. */
interface WriteMethod {

    /** For the report. */
    String name();

    void write(Connection connection, List<TrafficRow> rows) throws SQLException, IOException;
}
