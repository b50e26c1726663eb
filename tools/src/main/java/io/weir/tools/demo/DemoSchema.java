package io.weir.tools.demo;

import io.weir.database.Database;
import io.weir.database.DatabaseException;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import io.weir.schema.SchemaMigration;
import io.weir.tools.connect.CommandException;
import io.weir.tools.send.TimeSpan;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The schema of a demo, which replaces that of an earlier one but no other. */
record DemoSchema(Database database, SchemaName name) {

    private static final String MARK = "made by weir demo";

    /**
     * Requests lie within the event times. The last election is held after them, by a day at most,
     * since the interval divides one.
     */
    private static final Duration MARGIN = Duration.ofDays(1);

    /** Making a partition takes locks, of which a transaction cannot have any number. */
    private static final Duration PARTITIONS_AT_ONCE = Duration.ofDays(50);

    private static final Duration LONG_SPAN = Duration.ofDays(1000);

    /**
     * Works in a session.
     *
     * @throws DatabaseException when the database does not do it; the message says why
     */
    void run(Database.Work work) {
        database.run(name, () -> "a demo creates its schema itself", work);
    }

    /**
     * Whether a demo made the schema of this name, if there is one.
     *
     * @throws CommandException when something else made it
     */
    boolean isOfDemo() {
        return database.ask(
                name,
                () -> "a demo creates its schema itself",
                session -> {
                    String comment = comment(session);
                    if (comment != null && !comment.equals(MARK)) {
                        throw new CommandException(
                                "schema "
                                        + name
                                        + " in "
                                        + database.address()
                                        + " was not made by a demo and is left alone: a demo"
                                        + " creates its own schema, so choose a free one with"
                                        + " --prefix");
                    }
                    return comment != null;
                });
    }

    /** Drops the schema, if it is there. */
    void drop() {
        run(DemoSchema::drop);
    }

    /** Makes the schema anew, with partitions for the given event times. */
    void make(TimeSpan eventTimes, ElectionRules election) {
        run(DemoSchema::makeEmpty);
        new SchemaMigration(database, name).migrate();
        run(
                session -> {
                    // requests may be of any time: maintenance would drop what was just counted
                    session.execute("update ${schema}.retention_policy set keep = null");
                    configure(session, election);
                    makePartitions(session, eventTimes);
                    // what is kept running is then as a store should be today
                    session.execute("call ${schema}.maintain()");
                });
    }

    /** Names sites by their domains. */
    void name(Map<String, Integer> domains) {
        run(
                session -> {
                    for (Map.Entry<String, Integer> each : domains.entrySet()) {
                        session.execute(
                                "select ${schema}.add_site(?, ?)", each.getValue(), each.getKey());
                    }
                });
    }

    private static void makeEmpty(Session session) throws SQLException {
        drop(session);
        // marked before it is filled: what is cut short is still known as a demo's
        session.execute("create schema ${schema}");
        session.execute("comment on schema ${schema} is '" + MARK + "'");
    }

    private static void drop(Session session) throws SQLException {
        if (comment(session) != null) {
            // one by one: each locks every partition of its table until the end of the transaction
            for (String table : partitionedTables(session)) {
                session.execute("drop table ${schema}." + table + " cascade");
            }
            session.execute("drop schema ${schema} cascade");
        }
    }

    /** No job has seen the settings yet, so they can still be other ones from the beginning. */
    private static void configure(Session session, ElectionRules election) throws SQLException {
        session.execute(
                """
                update ${schema}.top_site_config
                set election_window = make_interval(secs => ?),
                    election_schedule_interval = make_interval(secs => ?),
                    min_hits_threshold = ?,
                    max_longterm_entries = ?
                """,
                (double) election.window().toSeconds(),
                (double) election.interval().toSeconds(),
                election.minHits(),
                election.maxEntries());
    }

    private static void makePartitions(Session session, TimeSpan eventTimes) throws SQLException {
        Duration span = Duration.between(eventTimes.first(), eventTimes.last());
        Instant first = eventTimes.first().minus(MARGIN);
        Instant last = eventTimes.last().plus(MARGIN);
        for (String table : partitionedTables(session)) {
            if (span.compareTo(LONG_SPAN) > 0) {
                makeOnePartition(session, table, first, last);
            } else {
                makePartitions(session, table, first, last);
            }
        }
    }

    private static void makePartitions(Session session, String table, Instant first, Instant last)
            throws SQLException {
        for (Instant from = first; !from.isAfter(last); from = from.plus(PARTITIONS_AT_ONCE)) {
            Instant to = from.plus(PARTITIONS_AT_ONCE);
            session.execute(
                    "select ${schema}.ensure_partitions(?, ?, ?)",
                    table,
                    from,
                    to.isBefore(last) ? to : last);
        }
    }

    /**
     * One misdated line among this year's would ask for a partition of every day since. Nothing of
     * a demo is ever dropped by age, so one partition of whole years serves as well.
     */
    private static void makeOnePartition(Session session, String table, Instant first, Instant last)
            throws SQLException {
        session.execute(
                "select ${schema}.make_partition('%1$s', '%1$s_p_all', '%2$s-01-01Z', '%3$s-01-01Z')"
                        .formatted(table, yearOf(first), yearOf(last).plusYears(1)));
    }

    private static Year yearOf(Instant instant) {
        return Year.from(instant.atOffset(ZoneOffset.UTC));
    }

    private static List<String> partitionedTables(Session session) throws SQLException {
        return session.list(
                "select relname from pg_class where relkind = 'p' and relnamespace ="
                        + " '${schema}'::regnamespace order by relname",
                row -> row.getString(1));
    }

    /** Null when there is no such schema, empty when it has no comment. */
    private static @Nullable String comment(Session session) throws SQLException {
        return session.text(
                "select coalesce(obj_description(oid, 'pg_namespace'), '') from pg_namespace"
                        + " where nspname = '${schema}'");
    }
}
