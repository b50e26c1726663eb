package io.weir.tools.demo;

import io.weir.database.Causes;
import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import io.weir.tools.connect.CommandException;
import io.weir.tools.demo.DeadLetterReader.Letter;
import io.weir.traffic.Grain;
import io.weir.traffic.Measure;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the store and the dead letters hold as RFC 4180, rows sorted by key, times in UTC.
 */
final class Export {

    private static final int ROWS_AT_ONCE = 2_000;

    private static final String TOP_SITES =
            """
            select site_id, rank, t.total_hits, t.last_election_hits, t.times_elected,
                   t.first_seen, t.last_seen, left_at
            from ${schema}.top_site as t left join ${schema}.top_site_report using (site_id)
            order by site_id
            """;

    private final Path directory;

    /** Makes the folder if it is not there. */
    Export(Path directory) {
        try {
            this.directory = Files.createDirectories(directory);
            // an earlier export's ledger must not stand beside the rows of a log
            for (String ledger : List.of("sent_1min.csv", "sent_totals.csv")) {
                Files.deleteIfExists(directory.resolve(ledger));
            }
        } catch (IOException e) {
            throw new CommandException("--export: cannot make the folder " + directory, e);
        }
        if (!Files.isWritable(directory)) {
            throw new CommandException("--export: cannot write into " + directory);
        }
    }

    /** Writes {@code http_request_1min.csv}, {@code _1hour.csv} and {@code _1day.csv}. */
    void writeTraffic(Database database, String schema) throws IOException {
        String columns =
                Measure.ALL.stream().map(Export::selected).collect(Collectors.joining(", "));
        for (Grain grain : Grain.values()) {
            write(
                    database,
                    schema,
                    grain.table() + ".csv",
                    "select site_id, bucket, %s, is_whole, is_final from ${schema}.%s order by 1, 2"
                            .formatted(columns, grain.view()));
        }
    }

    /** A sketch as hexadecimal digits, and beside it the number that the view estimates by it. */
    private static String selected(Measure measure) {
        return measure.kind() == Measure.Kind.DISTINCT
                ? "encode(hll_send(%1$s), 'hex') as %1$s, distinct_ip_address_count"
                        .formatted(measure.column())
                : measure.column();
    }

    /** Writes {@code top_site.csv}: the list, and without a rank the sites that have left it. */
    void writeTopSites(Database database, String schema) throws IOException {
        write(database, schema, "top_site.csv", TOP_SITES);
    }

    private void write(Database database, String schema, String file, String query)
            throws IOException {
        try (Session session = database.open(new SchemaName(schema));
                Statement statement = session.connection().createStatement()) {
            session.connection().setAutoCommit(false); // or the driver fetches all rows at once
            statement.setFetchSize(ROWS_AT_ONCE);
            try (ResultSet rows = statement.executeQuery(session.schema().in(query))) {
                write(rows, file);
            }
        } catch (SQLException e) {
            throw new CommandException(database.address() + ": " + Causes.innermost(e), e);
        }
    }

    private void write(ResultSet rows, String file) throws SQLException, IOException {
        ResultSetMetaData columns = rows.getMetaData();
        List<String> header = new ArrayList<>();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            header.add(columns.getColumnLabel(column));
        }
        try (CSVPrinter csv = open(file, header)) {
            while (rows.next()) {
                for (int column = 1; column <= header.size(); column++) {
                    csv.print(cell(rows, column, columns.getColumnTypeName(column)));
                }
                csv.println();
            }
        }
    }

    /** Writes {@code rejected.csv}, by source and line. */
    void writeRejected(String bootstrapServers, String topic) throws IOException {
        List<Letter> letters = new ArrayList<>();
        DeadLetterReader.read(bootstrapServers, topic, letters::add);
        letters.sort(
                Comparator.comparing(
                                Letter::source, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparingLong(Letter::line)
                        .thenComparing(
                                Letter::reason, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparing(Letter::value, Arrays::compareUnsigned));
        try (CSVPrinter csv =
                open("rejected.csv", List.of("source", "line", "reason", "raw_hex"))) {
            for (Letter letter : letters) {
                csv.printRecord(
                        letter.source(),
                        letter.line() == 0 ? null : letter.line(),
                        letter.reason(),
                        HexFormat.of().formatHex(letter.value()));
            }
        }
    }

    private static @Nullable String cell(ResultSet rows, int column, String type)
            throws SQLException {
        String text = rows.getString(column);
        if (text == null) {
            return null;
        }
        return switch (type) {
            case "timestamptz" ->
                    rows.getObject(column, OffsetDateTime.class).toInstant().toString();
            case "float8" -> String.format(Locale.ROOT, "%.3f", rows.getDouble(column));
            case "jsonb" -> sortedByKey(text);
            case "bool" -> Boolean.toString(rows.getBoolean(column));
            default -> text;
        };
    }

    /** PostgreSQL puts shorter keys first. The keys are plain: no quotes, no commas. */
    static String sortedByKey(String counters) {
        String[] entries = counters.substring(1, counters.length() - 1).split(", ", -1);
        Arrays.sort(entries);
        return "{" + String.join(", ", entries) + "}";
    }

    private CSVPrinter open(String file, List<String> header) throws IOException {
        BufferedWriter writer = Files.newBufferedWriter(directory.resolve(file));
        return new CSVPrinter(
                writer, CSVFormat.RFC4180.builder().setHeader(header.toArray(String[]::new)).get());
    }
}
