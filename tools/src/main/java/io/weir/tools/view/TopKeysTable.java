package io.weir.tools.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.request.ShownText;
import io.weir.tools.text.Columns;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** The keys of a view with the most requests, and everything else. */
public final class TopKeysTable {

    /** The most keys that are shown. */
    public static final int MAX_KEYS = 1_000;

    /** Rows to print, by view, site or null, start and end of the range, and the most keys. */
    public static final String QUERY =
            """
            select coalesce(rank::text, ''), is_other, key is null, key, second_key is null, second_key,
                   to_char(request_count, 'FM999,999,999,999,999,990'), to_char(at_most_count, 'FM999,999,999,999,999,990'),
                   to_char(error_count, 'FM999,999,999,999,999,990'), to_char(bytes_sum, 'FM9,999,999,999,999,999,990'),
                   coalesce(to_char(average_response_time_msec, 'FM999,999,999,990.0'), ''),
                   coalesce(to_char(100 * share, 'FM990.0'), '0.0'), is_whole
            from ${schema}.top(?, ?::int, ?, ?, ?)""";

    private static final int OTHER = 1;
    private static final int KEY = 2;
    private static final int SECOND_KEY = 4;
    private static final int NUMBERS = 6;
    private static final int WHOLE = 12;

    private static final int MAX_CHARACTERS = 80;
    private static final String TRUE = "t";

    private TopKeysTable() {}

    /** Prints rows of {@link #QUERY}. */
    public static void print(List<List<String>> rows, PrintWriter out) {
        boolean hasSecond = rows.stream().anyMatch(row -> !row.get(SECOND_KEY).equals(TRUE));
        List<String> headings = new ArrayList<>(List.of("rank", "key"));
        if (hasSecond) {
            headings.add("second key");
        }
        headings.addAll(
                List.of("requests", "at most", "errors", "bytes", "average msec", "percent"));
        out.print(Columns.of(headings, rows.stream().map(row -> cells(row, hasSecond)).toList()));
        if (rows.stream().anyMatch(row -> !row.get(WHOLE).equals(TRUE))) {
            out.println(
                    "This is not the whole range: the view was not counted during all of it, a job had not read"
                            + " it from its beginning, or its rows are not kept any more.");
        }
        out.flush();
    }

    private static List<String> cells(List<String> row, boolean hasSecond) {
        List<String> cells = new ArrayList<>();
        cells.add(row.get(0));
        cells.add(row.get(OTHER).equals(TRUE) ? "(everything else)" : shown(row, KEY));
        if (hasSecond) {
            cells.add(row.get(OTHER).equals(TRUE) ? "" : shown(row, SECOND_KEY));
        }
        cells.addAll(row.subList(NUMBERS, WHOLE));
        return cells;
    }

    /** Keys are what senders put into requests. */
    private static String shown(List<String> row, int column) {
        return row.get(column).equals(TRUE)
                ? "(none)"
                : ShownText.of(row.get(column + 1).getBytes(UTF_8), MAX_CHARACTERS);
    }
}
