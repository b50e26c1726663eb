package io.weir.tools.budget;

import java.time.Duration;
import java.util.List;

/**
 * What {@code weir bench storage} measured on Citus 13 and PostgreSQL 15: bytes on disk a row by
 * the requests of its bucket, in a heap as it is vacuumed and in a columnar partition (decision
 * 12). Measure again, and change these figures, when the columns of traffic change.
 */
public final class MeasuredRows {

    /** Of buckets of a minute and more, of an hour and more, of a day and more. */
    public static final List<RowSizes> ALL =
            List.of(
                    new RowSizes(
                            Duration.ofMinutes(1),
                            BytesPerRow.of("1 275, 5 506, 50 986, 500 1879, 5000 2572"),
                            BytesPerRow.of("1 55, 5 81, 50 161, 500 379, 5000 901")),
                    new RowSizes(
                            Duration.ofHours(1),
                            BytesPerRow.of("60 1408, 300 2157, 3000 2239, 30000 2687, 300000 2854"),
                            BytesPerRow.of("60 171, 300 292, 3000 1077, 30000 1294, 300000 1462")),
                    new RowSizes(
                            Duration.ofDays(1),
                            BytesPerRow.of("1440 2234, 7200 2692, 72000 2697, 300000 2854"),
                            BytesPerRow.of("1440 679, 7200 990, 72000 1386, 300000 1462")));

    private MeasuredRows() {}
}
