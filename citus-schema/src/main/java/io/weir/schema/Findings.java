package io.weir.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks a database what differs, and keeps the answers.
 *
 * <p>A check is a query that answers a row for each thing that is not as it should be: subject,
 * expected, found, remedy. A check that the user has no right to is kept as one that was not made;
 * one that fails otherwise is a difference.
 */
final class Findings {

    private static final String NO_RIGHT = "42501";
    private static final String NO_CONNECTION = "08";

    private final Connection connection;
    private final Map<String, String> placeholders;
    private final List<Difference> differences = new ArrayList<>();
    private final List<String> unchecked = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int checks;

    /**
     * @param placeholders what stands for <code>${name}</code> in a query
     */
    Findings(Connection connection, Map<String, String> placeholders) {
        this.connection = connection;
        this.placeholders = placeholders;
    }

    /**
     * @param name what is checked, to say so when it could not be
     * @param query answers subject, expected, found and remedy of what differs
     */
    void check(String name, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(filled(query))) {
            while (rows.next()) {
                differences.add(
                        new Difference(
                                rows.getString(1),
                                rows.getString(2),
                                rows.getString(3),
                                rows.getString(4)));
            }
            checks++;
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith(NO_CONNECTION)) {
                throw e;
            }
            if (state.equals(NO_RIGHT)) {
                unchecked(name, SchemaMigration.firstLine(e));
                return;
            }
            checks++;
            differences.add(
                    new Difference(
                            name,
                            "an answer",
                            SchemaMigration.firstLine(e),
                            "mend what the message names, then verify again"));
        }
    }

    /** Whether the query answers true. */
    boolean holds(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(filled(query))) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    /** Keeps what a check found that no query can make. */
    void found(List<Difference> more) {
        checks++;
        differences.addAll(more);
    }

    void unchecked(String name, String reason) {
        unchecked.add(name + ": not checked, " + reason);
    }

    void note(String line) {
        notes.add(line);
    }

    /** Keeps each line that the query answers. */
    void notes(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(filled(query))) {
            while (rows.next()) {
                note(rows.getString(1));
            }
        }
    }

    Verification verification() throws SQLException {
        return new Verification(checks, differences, unchecked, notes, owner());
    }

    private @Nullable String owner() throws SQLException {
        String query =
                "select pg_get_userbyid(nspowner) from pg_namespace where nspname = '${schema}'";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(filled(query))) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    private String filled(String query) {
        String filled = query;
        for (Map.Entry<String, String> placeholder : placeholders.entrySet()) {
            filled = filled.replace("${" + placeholder.getKey() + "}", placeholder.getValue());
        }
        return filled;
    }
}
