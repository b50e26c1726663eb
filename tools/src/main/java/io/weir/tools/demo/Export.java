package io.weir.tools.demo;

import io.weir.database.Session;
import io.weir.store.StoreTables;
import io.weir.tools.connect.CommandException;
import io.weir.tools.letters.LetterReader;
import io.weir.tools.send.Ledger;
import io.weir.traffic.Grain;
import io.weir.traffic.Measure;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Writes what the store and the dead letters hold as RFC 4180, rows sorted by key, times in UTC.
 */
final class Export {

    private static final int ROWS_AT_ONCE = 2_000;

    /** The list, and without a rank the sites that have left it. */
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
            for (String ledger :
                    List.of("sent_1min.csv", "sent_1min_late.csv", "sent_totals.csv")) {
                Files.deleteIfExists(directory.resolve(ledger));
            }
        } catch (IOException e) {
            throw new CommandException("--export: cannot create the folder " + directory, e);
        }
        if (!Files.isWritable(directory)) {
            throw new CommandException("--export: cannot write into " + directory);
        }
    }

    /**
     * Writes {@code http_request_1min.csv}, {@code _1hour.csv}, {@code _1day.csv}, the same of late
     * requests ({@code _1min_late.csv} ...), {@code top_site.csv}, {@code site.csv} (names of
     * sites), {@code rejected.csv}, and the ledger if there is one.
     */
    void write(DemoSchema schema, String bootstrapServers, String rejected, @Nullable Ledger ledger)
            throws IOException {
        schema.run(this::writeRows);
        writeRejected(bootstrapServers, rejected);
        if (ledger != null) {
            ledger.write(directory);
        }
    }

    private void writeRows(Session session) throws SQLException {
        session.connection().setAutoCommit(false); // or the driver fetches all rows at once
        session.connection().unwrap(PGConnection.class).setDefaultFetchSize(ROWS_AT_ONCE);
        String columns =
                Measure.ALL.stream().map(Export::selected).collect(Collectors.joining(", "));
        for (StoreTables tables : StoreTables.values()) {
            for (Grain grain : Grain.values()) {
                write(
                        session,
                        tables.of(grain) + ".csv",
                        "select site_id, bucket, %s, is_whole, is_final from ${schema}.%s order by 1, 2"
                                .formatted(columns, tables.of(grain)));
            }
        }
        write(session, "top_site.csv", TOP_SITES);
        write(session, "site.csv", "select site_id, domain from ${schema}.site order by 1");
    }

    /** A sketch as hexadecimal digits, and beside it the number that is estimated by it. */
    private static String selected(Measure measure) {
        return measure.kind() == Measure.Kind.DISTINCT
                ? ("encode(hll_send(%1$s), 'hex') as %1$s,"
                                + " hll_cardinality(%1$s) as distinct_ip_address_count")
                        .formatted(measure.column())
                : measure.column();
    }

    private void write(Session session, String file, String query) throws SQLException {
        boolean unused =
                session.read(
                        query,
                        rows -> {
                            write(rows, file);
                            return true;
                        });
    }

    private void write(ResultSet rows, String file) throws SQLException {
        List<String> header = Session.columns(rows);
        try (CSVPrinter csv = open(file, header)) {
            while (rows.next()) {
                for (int column = 1; column <= header.size(); column++) {
                    csv.print(cell(rows, column));
                }
                csv.println();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By source and line. */
    private void writeRejected(String bootstrapServers, String topic) throws IOException {
        List<Rejected> all = new ArrayList<>();
        LetterReader.Reading unused =
                LetterReader.read(
                        Map.of("bootstrap.servers", bootstrapServers),
                        topic,
                        letter -> all.add(Rejected.of(letter)));
        Comparator<String> absentFirst = Comparator.nullsFirst(Comparator.naturalOrder());
        all.sort(
                Comparator.comparing(Rejected::source, absentFirst)
                        .thenComparingLong(Rejected::line)
                        .thenComparing(Rejected::reason)
                        .thenComparing(Rejected::bytes, Arrays::compareUnsigned));
        try (CSVPrinter csv =
                open(
                        "rejected.csv",
                        List.of("source", "line", "reason", "message", "line_text", "raw_hex"))) {
            for (Rejected rejected : all) {
                csv.printRecord(
                        rejected.source(),
                        rejected.line() == 0 ? null : rejected.line(),
                        rejected.reason(),
                        rejected.message(),
                        rejected.text(),
                        HexFormat.of().formatHex(rejected.bytes()));
            }
        }
    }

    private static @Nullable String cell(ResultSet rows, int column) throws SQLException {
        String text = rows.getString(column);
        if (text == null) {
            return null;
        }
        return switch (rows.getMetaData().getColumnTypeName(column)) {
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
