package io.weir.tools.recount;

import io.weir.tools.text.Columns;
import io.weir.tools.text.Count;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a recount has found, for people: what differs, what that proves, and what to do. */
public final class RecountReport {

    private final String schema;
    private final String topic;
    private final TimeRange range;
    private final RecountResult result;

    public RecountReport(String schema, String topic, TimeRange range, RecountResult result) {
        this.schema = schema;
        this.topic = topic;
        this.range = range;
        this.result = result;
    }

    /** The differences as a table, then a sentence a line; the last one is the result. */
    public String text() {
        List<String> lines = new ArrayList<>();
        addDifferences(lines);
        addNotCompared(lines);
        lines.add(
                "schema %s: recounted %s to %s of topic %s: read %s, counted %s; compared %s: %s"
                        .formatted(
                                schema,
                                range.from(),
                                range.to(),
                                topic,
                                Count.of(result.records(), "record"),
                                Count.of(result.requests(), "request"),
                                compared(),
                                result.differences() == 0
                                        ? "all agree"
                                        : Count.of(result.differences(), "difference")));
        return differences()
                + lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private String differences() {
        return result.differences() == 0
                ? ""
                : Columns.of(
                        Difference.HEADINGS,
                        result.shown().stream().map(Difference::cells).toList());
    }

    private void addDifferences(List<String> lines) {
        if (result.differences() == 0) {
            return;
        }
        long more = result.differences() - result.shown().size();
        if (more > 0) {
            lines.add("and " + more + " more");
        }
        lines.add(
                """
                A difference need not be a wrong row: the job may not have read so far yet, its settings \
                may have been others, or a partition was idle and came back with requests of minutes \
                that the job had closed. Those are in %s.late, and counted here. See \
                docs/operations.md#recount."""
                        .formatted(topic));
    }

    private void addNotCompared(List<String> lines) {
        result.keptFrom()
                .forEach(
                        (table, from) ->
                                lines.add(
                                        "Rows of %ss before %s were not compared: the store no longer keeps them."
                                                .formatted(table.unit(), from)));
        if (result.notWhole() > 0) {
            lines.add(
                    """
                    %s not whole and have fewer requests than the topic, as they say themselves. Start \
                    the job without state and with --kafka.start-from %s to have them counted whole."""
                            .formatted(are(result.notWhole()), range.from()));
        }
        Instant openFrom = result.openFrom();
        if (openFrom != null) {
            lines.add(open(openFrom));
        }
    }

    private String open(Instant openFrom) {
        String reason =
                "Some partition still takes requests of buckets that end after %s: of these only final rows were compared"
                        .formatted(openFrom);
        return result.open() == 0
                ? reason + ", and all were final."
                : "%s, and %s left out. Give an earlier --to, or run it again later."
                        .formatted(reason, are(result.open()));
    }

    private static String are(long rows) {
        return Count.of(rows, "row") + (rows == 1 ? " is" : " are");
    }

    private String compared() {
        return result.compared().entrySet().stream()
                .map(table -> Count.of(table.getValue(), table.getKey().unit()))
                .collect(Collectors.joining(", "));
    }
}
