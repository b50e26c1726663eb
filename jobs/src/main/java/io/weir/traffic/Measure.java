package io.weir.traffic;

import static io.weir.traffic.Measure.Kind.COUNTERS;
import static io.weir.traffic.Measure.Kind.DISTINCT;
import static io.weir.traffic.Measure.Kind.HISTOGRAM;
import static io.weir.traffic.Measure.Kind.MAX;
import static io.weir.traffic.Measure.Kind.SUM;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A measure of {@link Traffic}: a column of every table of traffic, and its value.
 *
 * <p>{@link #ALL} is the one definition of the row in Java: whatever writes, exports or compares
 * rows takes the measures from it.
 *
 * @param column its name in SQL
 * @param value reads it, null for NULL
 */
public record Measure(String column, Kind kind, Function<Traffic, @Nullable Object> value) {

    /** Every measure, in the order of the tables' columns. */
    public static final List<Measure> ALL =
            List.of(
                    new Measure("request_count", SUM, t -> t.requestCount),
                    new Measure("success_count", SUM, t -> t.requestCount - t.errorCount),
                    new Measure("error_count", SUM, t -> t.errorCount),
                    new Measure("timed_count", SUM, t -> t.timedCount),
                    new Measure("response_time_sum_usec", SUM, t -> t.responseTimeSumMicros),
                    new Measure(
                            "response_time_max_usec",
                            MAX,
                            t -> t.timedCount == 0 ? null : t.responseTimeMaxMicros),
                    new Measure("bytes_sum", SUM, t -> t.bytesSum),
                    new Measure("distinct_ip_addresses", DISTINCT, t -> t.visitors.toBytes()),
                    new Measure(
                            "country_counters",
                            COUNTERS,
                            t -> t.countries.toJson(Traffic::countryOf)),
                    new Measure(
                            "status_counters", COUNTERS, t -> t.statuses.toJson(Integer::toString)),
                    new Measure(
                            "response_time_histogram",
                            HISTOGRAM,
                            t -> t.responseTimes.toArrayLiteral()),
                    new Measure("duplicate_count", SUM, t -> t.duplicateCount));

    /** How measures merge, and their SQL types. */
    public enum Kind {
        /** A Long: merging adds. */
        SUM("bigint", "bigint", "bigint"),
        /** A Long: merging takes the larger. */
        MAX("bigint", "bigint", "bigint"),
        /** Distinct values, as the bytes of a sketch: the driver has no arrays of sketches. */
        DISTINCT("hll", "hll", "bytea"),
        /** Numbers by name, as the text of a JSON object: merging adds name by name. */
        COUNTERS("jsonb", "jsonb", "text"),
        /**
         * Numbers by subscript, as text: the driver's arrays of arrays would lose the lower bound.
         * Merging adds subscript by subscript; what a busy day counts can pass int.
         */
        HISTOGRAM("int[]", "bigint[]", "text");

        private final String minuteType;
        private final String coarseType;
        private final String sentAs;

        Kind(String minuteType, String coarseType, String sentAs) {
            this.minuteType = minuteType;
            this.coarseType = coarseType;
            this.sentAs = sentAs;
        }

        /** The column's SQL type in the table of a grain. */
        public String typeIn(Grain grain) {
            return grain == Grain.MINUTE ? minuteType : coarseType;
        }

        /** The SQL type that values travel as, to be cast to the column's on arrival. */
        public String sentAs() {
            return sentAs;
        }
    }
}
