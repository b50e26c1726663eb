package io.weir.benchmarks.contestants;

import java.util.Locale;

/** All of them, the job first. */
public enum Contestants {
    WEIR,
    CEILING,
    FLINK_SQL,
    FLINK_SQL_SAME,
    TEXTBOOK,
    TUTORIAL;

    /** As it is typed and printed. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it is right about requests of all shapes, and not only plain ones. */
    public boolean understandsGenerated() {
        return this == WEIR || this == CEILING;
    }

    public Contestant make(Assignment assignment) {
        return switch (this) {
            case WEIR -> new WeirJob(assignment);
            case CEILING -> new CeilingJob(assignment);
            case FLINK_SQL -> new FlinkSqlJob(assignment, "flink_sql");
            case FLINK_SQL_SAME -> new FlinkSqlJob(assignment, "flink_sql_same");
            case TEXTBOOK -> new TextbookJob(assignment);
            case TUTORIAL -> new Tutorial(assignment);
        };
    }
}
