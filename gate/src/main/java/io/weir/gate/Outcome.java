package io.weir.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.request.LetterHeader;
import io.weir.rig.Stack;
import io.weir.tools.recount.RowKey;
import io.weir.tools.recount.RowTable;
import io.weir.tools.recount.Tally;
import io.weir.traffic.Measure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** What came of a run: rows, letters and the ledger. */
final class Outcome {

    private static final String DUPLICATES = "duplicate_count";

    private final Stack stack;
    private final String schema;
    private final Differences differences = new Differences();

    Outcome(Stack stack, String schema) {
        this.stack = stack;
        this.schema = schema;
    }

    Differences compare(Truth truth) throws Exception {
        differences.compareSets("late", truth.lateLetters(), letters(".late"));
        differences.compareSets("rejected", truth.rejectedLetters(), letters(".rejected"));
        differences.compareSets("too late", Set.of(), letters(".late.late"));
        differences.compareSets("rejected late", Set.of(), letters(".late.rejected"));
        compareLedger(truth);
        for (RowTable table : RowTable.values()) {
            differences.compareRows(
                    table.table(), expected(truth.rows().get(table)), found(table.table()));
            compareLate(table, truth);
        }
        return differences;
    }

    /** How often a letter is in the topic depends on failures, so duplicates of late ones do. */
    private void compareLate(RowTable table, Truth truth) throws SQLException {
        Map<String, Map<String, String>> expected = expected(truth.lateRows().get(table));
        Map<String, Map<String, String>> found = found(table.table() + "_late");
        expected.values().forEach(cells -> cells.remove(DUPLICATES));
        found.values().forEach(cells -> cells.remove(DUPLICATES));
        differences.compareRows(table.table() + "_late", expected, found);
    }

    /** Which of two copies is counted depends on which comes first, so only their sum is known. */
    private void compareLedger(Truth truth) throws SQLException {
        List<String> expected = new ArrayList<>();
        truth.intake()
                .forEach((partition, intake) -> expected.add(partition + " " + intake.text()));
        differences.compare(
                "ledger by partition: read, counted or duplicate, late, rejected",
                expected,
                stack.query(
                        """
                        select concat_ws(' ', partition, read_count, counted_count + duplicate_count,
                                         late_count, rejected_count)
                        from %1$s.intake_partition where topic = '%1$s' order by partition
                        """
                                .formatted(schema)));
        differences.compare(
                "ledger: counted",
                List.of(Long.toString(truth.counted())),
                stack.query(
                        "select sum(counted_count) from %1$s.intake_partition where topic = '%1$s'"
                                .formatted(schema)));
        differences.compare(
                "completeness",
                List.of(),
                stack.query(
                        "select row(c.*)::text from %s.completeness as c where difference <> 0"
                                .formatted(schema)));
    }

    private static Map<String, Map<String, String>> expected(@Nullable Map<RowKey, Tally> tallies) {
        Map<String, Map<String, String>> rows = new TreeMap<>();
        Objects.requireNonNull(tallies)
                .forEach(
                        (key, tally) -> {
                            Map<String, String> cells = tally.cells();
                            cells.put("is_whole", "t");
                            cells.put("is_final", "t");
                            rows.put(key.siteId() + " " + key.bucket(), cells);
                        });
        return rows;
    }

    private Map<String, Map<String, String>> found(String table) throws SQLException {
        List<String> columns =
                Measure.ALL.stream().map(Measure::column).collect(Collectors.toList());
        columns.addAll(List.of("is_whole", "is_final"));
        String values =
                columns.stream()
                        .map(
                                column ->
                                        column.equals("distinct_ip_addresses")
                                                ? "encode(hll_send(" + column + "), 'hex')"
                                                : column)
                        .collect(Collectors.joining(", "));
        Map<String, Map<String, String>> rows = new TreeMap<>();
        try (Connection connection = stack.connectIn(schema);
                Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery(
                                "select site_id, (extract(epoch from bucket) * 1000)::bigint, %s from %s.%s"
                                        .formatted(values, schema, table))) {
            while (result.next()) {
                Map<String, String> cells = new LinkedHashMap<>();
                for (int i = 0; i < columns.size(); i++) {
                    cells.put(columns.get(i), String.valueOf(result.getString(i + 3)));
                }
                rows.put(
                        result.getInt(1) + " " + java.time.Instant.ofEpochMilli(result.getLong(2)),
                        cells);
            }
        }
        return rows;
    }

    /** Each letter of a topic once. */
    private Set<String> letters(String topic) throws Exception {
        Set<String> letters = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> letter : stack.records(schema + topic)) {
            letters.add(
                    Truth.letter(
                            header(letter, LetterHeader.PARTITION),
                            header(letter, LetterHeader.OFFSET),
                            header(letter, LetterHeader.REASON)));
        }
        return letters;
    }

    /** Empty where there is none. */
    private static String header(ConsumerRecord<byte[], byte[]> letter, String key) {
        Header header = letter.headers().lastHeader(key);
        return header == null ? "" : new String(header.value(), UTF_8);
    }
}
