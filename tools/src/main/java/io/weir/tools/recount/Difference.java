package io.weir.tools.recount;

import java.util.List;

/**
 * A cell of the store that is not what the topic says.
 *
 * @param column {@code row} when there is a row too many or one is missing
 */
public record Difference(RowTable table, RowKey key, String column, String stored, String counted) {

    private static final int MAX_SHOWN = 40;
    private static final int SHOWN_BEFORE = 8;

    /** What the cells of {@link #cells} are. */
    public static final List<String> HEADINGS =
            List.of("site", "bucket", "row", "column", "stored", "counted");

    /** For a table; of long values it has the place where they begin to differ. */
    public List<String> cells() {
        int from = Math.max(0, firstDifference() - SHOWN_BEFORE);
        return List.of(
                Integer.toString(key.siteId()),
                key.bucket().toString(),
                table.unit(),
                column,
                shown(stored, from),
                shown(counted, from));
    }

    private int firstDifference() {
        if (Math.max(stored.length(), counted.length()) <= MAX_SHOWN) {
            return 0;
        }
        int at = 0;
        while (at < Math.min(stored.length(), counted.length())
                && stored.charAt(at) == counted.charAt(at)) {
            at++;
        }
        return at;
    }

    /** With nothing that a terminal obeys: names of counters are text from outside. */
    private static String shown(String text, int from) {
        int start = Math.min(from, text.length());
        int end = Math.min(start + MAX_SHOWN, text.length());
        String shown = text.substring(start, end).replaceAll("\\p{C}", "?");
        return (start > 0 ? "..." : "") + shown + (end < text.length() ? "..." : "");
    }
}
