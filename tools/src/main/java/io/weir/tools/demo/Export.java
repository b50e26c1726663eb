package io.weir.tools.demo;

import io.weir.database.Causes;
import io.weir.database.Database;
import io.weir.tools.connect.CommandException;
import io.weir.tools.demo.DeadLetterReader.Letter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the store and the dead letters hold as RFC 4180, rows sorted by key, times in UTC.
 */
final class Export {

    private static final int ROWS_AT_ONCE = 2_000;

    private static final List<String> COLUMNS =
            List.of(
                    "site_id",
                    "bucket",
                    "request_count",
                    "success_count",
                    "error_count",
                    "timed_count",
                    "response_time_sum_usec",
                    "response_time_max_usec",
                    "bytes_sum",
                    "distinct_ip_addresses",
                    "distinct_ip_address_count",
                    "country_counters",
                    "status_counters",
                    "response_time_histogram",
                    "is_whole",
                    "is_final");

    private static final List<String> TOP_SITE_COLUMNS =
            List.of(
                    "site_id",
                    "rank",
                    "total_hits",
                    "last_election_hits",
                    "times_elected",
                    "first_seen",
                    "last_seen",
                    "left_at");

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
        try (Connection connection = database.connect(schema);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false); // otherwise the driver fetches all rows at once
            statement.setFetchSize(ROWS_AT_ONCE);
            for (String grain : DemoSchema.GRAINS) {
                writeTraffic(statement, schema, grain);
            }
        } catch (SQLException e) {
            throw new CommandException(database.address() + ": " + Causes.innermost(e), e);
        }
    }

    /** Writes {@code top_site.csv}: the list, and without a rank the sites that have left it. */
    void writeTopSites(Database database, String schema) throws IOException {
        String query =
                """
                select site_id, rank, t.total_hits, t.last_election_hits, t.times_elected,
                       t.first_seen, t.last_seen, left_at
                from SCHEMA.top_site as t left join SCHEMA.top_site_report using (site_id)
                order by site_id
                """
                        .replace("SCHEMA", schema);
        try (Connection connection = database.connect(schema);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query);
                CSVPrinter csv = open("top_site.csv", TOP_SITE_COLUMNS)) {
            while (rows.next()) {
                for (String column : TOP_SITE_COLUMNS) {
                    csv.print(
                            switch (column) {
                                case "first_seen", "last_seen", "left_at" -> time(rows, column);
                                default -> rows.getString(column);
                            });
                }
                csv.println();
            }
        } catch (SQLException e) {
            throw new CommandException(database.address() + ": " + Causes.innermost(e), e);
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

    private void writeTraffic(Statement statement, String schema, String grain)
            throws SQLException, IOException {
        String query =
                "select "
                        + String.join(", ", COLUMNS)
                                .replace(
                                        "distinct_ip_addresses",
                                        "encode(hll_send(distinct_ip_addresses), 'hex')")
                        + " from "
                        + schema
                        + ".traffic_"
                        + grain
                        + " order by site_id, bucket";
        try (ResultSet rows = statement.executeQuery(query);
                CSVPrinter csv = open("http_request_" + grain + ".csv", COLUMNS)) {
            while (rows.next()) {
                for (int column = 1; column <= COLUMNS.size(); column++) {
                    csv.print(cell(rows, column));
                }
                csv.println();
            }
        }
    }

    private static @Nullable String cell(ResultSet rows, int column) throws SQLException {
        String text = rows.getString(column);
        if (text == null) {
            return null;
        }
        return switch (COLUMNS.get(column - 1)) {
            case "bucket" -> time(rows, "bucket");
            case "distinct_ip_address_count" ->
                    String.format(Locale.ROOT, "%.3f", rows.getDouble(column));
            case "country_counters", "status_counters" -> sortedByKey(text);
            case "is_whole", "is_final" -> Boolean.toString(rows.getBoolean(column));
            default -> text;
        };
    }

    private static @Nullable String time(ResultSet rows, String column) throws SQLException {
        OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant().toString();
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
