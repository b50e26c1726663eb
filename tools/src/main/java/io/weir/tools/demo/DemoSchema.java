package io.weir.tools.demo;

import io.weir.database.Causes;
import io.weir.database.Database;
import io.weir.schema.SchemaMigration;
import io.weir.tools.connect.CommandException;
import io.weir.tools.send.TimeSpan;
import io.weir.tools.top.ElectionRules;
import io.weir.traffic.Grain;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The schema of a demo, which replaces that of an earlier one but no other. */
final class DemoSchema {

    /** The tables that have partitions. */
    private static final List<String> PARTITIONED =
            Stream.concat(
                            Arrays.stream(Grain.values()).map(Grain::table),
                            Stream.of("top_site_candidate"))
                    .toList();

    private static final String MARK = "made by weir demo";

    /**
     * Requests lie within the event times. The last election is held after them, by at most a day,
     * since the interval divides one.
     */
    private static final Duration MARGIN = Duration.ofDays(1);

    /** Making a partition takes locks, of which a transaction cannot have any number. */
    private static final Duration PARTITIONS_AT_ONCE = Duration.ofDays(50);

    private static final Duration LONG_SPAN = Duration.ofDays(1000);

    private DemoSchema() {}

    /** Fails when there is a schema of this name that no demo made. */
    static void requireFree(Database database, String schema) {
        try (Connection connection = database.connect(schema)) {
            if (exists(connection, schema) && !MARK.equals(comment(connection, schema))) {
                throw new CommandException(
                        "schema "
                                + schema
                                + " in "
                                + database.address()
                                + " was not made by a demo and is left alone: a demo makes its"
                                + " own schema, name one that is free by --prefix");
            }
        } catch (SQLException e) {
            throw failure(database, e);
        }
    }

    /** Makes the schema anew, with partitions for the given event times. */
    static void make(
            Database database, String schema, TimeSpan eventTimes, ElectionRules election) {
        try (Connection connection = database.connect(schema);
                Statement statement = connection.createStatement()) {
            if (exists(connection, schema)) {
                dropTables(connection, schema);
                statement.execute("drop schema " + schema + " cascade");
            }
            // marked before it is filled: what is cut short is still known as a demo's
            statement.execute("create schema " + schema);
            statement.execute("comment on schema " + schema + " is '" + MARK + "'");
        } catch (SQLException e) {
            throw failure(database, e);
        }
        new SchemaMigration(database.jdbcUrl(), database.user(), database.password(), schema)
                .migrate();
        // requests may be of any time: maintenance would drop what was just counted
        execute(database, schema, "update SCHEMA.retention_policy set keep = null");
        configure(database, schema, election);
        makePartitions(database, schema, eventTimes);
        // what is kept running is then as a store should be today
        execute(database, schema, "call SCHEMA.maintain()");
    }

    /** No job has seen the settings yet, so they can still be other ones from the beginning. */
    private static void configure(Database database, String schema, ElectionRules election) {
        String update =
                """
                update SCHEMA.top_site_config
                set election_window = make_interval(secs => ?),
                    election_schedule_interval = make_interval(secs => ?),
                    min_hits_threshold = ?,
                    max_longterm_entries = ?
                """
                        .replace("SCHEMA", schema);
        try (Connection connection = database.connect(schema);
                PreparedStatement statement = connection.prepareStatement(update)) {
            statement.setDouble(1, (double) election.window().toSeconds());
            statement.setDouble(2, (double) election.interval().toSeconds());
            statement.setLong(3, election.minHits());
            statement.setInt(4, election.maxEntries());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw failure(database, e);
        }
    }

    private static void makePartitions(Database database, String schema, TimeSpan eventTimes) {
        if (Duration.between(eventTimes.first(), eventTimes.last()).compareTo(LONG_SPAN) > 0) {
            makeOnePartition(database, schema, eventTimes);
            return;
        }
        Instant last = eventTimes.last().plus(MARGIN);
        try (Connection connection = database.connect(schema);
                PreparedStatement statement =
                        connection.prepareStatement(
                                "select " + schema + ".ensure_partitions(?, ?, ?)")) {
            for (String table : PARTITIONED) {
                Instant first = eventTimes.first().minus(MARGIN);
                while (!first.isAfter(last)) {
                    Instant next = first.plus(PARTITIONS_AT_ONCE);
                    statement.setString(1, table);
                    statement.setObject(2, utc(first));
                    statement.setObject(3, utc(next.isBefore(last) ? next : last));
                    statement.execute();
                    first = next;
                }
            }
        } catch (SQLException e) {
            throw failure(database, e);
        }
    }

    /**
     * One misdated line among this year's would ask for a partition of every day since. Nothing of
     * a demo is ever dropped by age, so one partition of whole years serves as well.
     */
    private static void makeOnePartition(Database database, String schema, TimeSpan eventTimes) {
        Year first = Year.from(utc(eventTimes.first().minus(MARGIN)));
        Year last = Year.from(utc(eventTimes.last().plus(MARGIN)));
        for (String table : PARTITIONED) {
            execute(
                    database,
                    schema,
                    "select SCHEMA.make_partition('%1$s', '%1$s_p_all', '%2$s-01-01Z', '%3$s-01-01Z')"
                            .formatted(table, first, last.plusYears(1)));
        }
    }

    private static void execute(Database database, String schema, String sql) {
        try (Connection connection = database.connect(schema);
                Statement statement = connection.createStatement()) {
            statement.execute(sql.replace("SCHEMA", schema));
        } catch (SQLException e) {
            throw failure(database, e);
        }
    }

    /**
     * One by one: each drop locks every partition of its table until the end of the transaction.
     */
    private static void dropTables(Connection connection, String schema) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : PARTITIONED) {
                statement.execute("drop table if exists " + schema + "." + table + " cascade");
            }
        }
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static boolean exists(Connection connection, String schema) throws SQLException {
        return ask(connection, "select nspname from pg_namespace where nspname = ?", schema)
                != null;
    }

    private static @Nullable String comment(Connection connection, String schema)
            throws SQLException {
        return ask(
                connection,
                "select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = ?",
                schema);
    }

    private static @Nullable String ask(Connection connection, String query, String parameter)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, parameter);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }

    private static CommandException failure(Database database, SQLException e) {
        return new CommandException(database.address() + ": " + Causes.innermost(e), e);
    }
}
