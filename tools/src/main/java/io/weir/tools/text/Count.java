package io.weir.tools.text;

import java.util.List;
import java.util.Locale;

/** How many there are of something, for people. */
public final class Count {

    private Count() {}

    /**
     * {@code 1 row}, {@code 2,000 rows}.
     *
     * @param one the word for one, whose plural ends in s
     */
    public static String of(long count, String one) {
        return String.format(Locale.ROOT, "%,d %s%s", count, one, count == 1 ? "" : "s");
    }

    /**
     * {@code 1 row of http_request_1day}.
     *
     * @param table its name and the number of rows
     */
    public static String rowsOf(List<String> table) {
        return of(Long.parseLong(table.get(1)), "row") + " of " + table.get(0);
    }
}
