package io.weir.database;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * What a failure of the database means, by its SQLSTATE. <a
 * href="https://www.postgresql.org/docs/15/errcodes-appendix.html">PostgreSQL's list</a>
 */
public enum SqlState {
    /** Nobody answers at the address. */
    NO_SERVER("08001"),
    NO_DATABASE("3D000"),
    /** The user may not log in. */
    REFUSED("28P01", "28000", "08004"),
    /** A table, column, function or schema is missing. */
    NO_OBJECT("42883", "42P01", "42703", "3F000"),
    NO_RIGHT("42501"),
    /** The statement took longer than it may. */
    TOO_SLOW("57014"),
    /** Someone else holds the lock. */
    LOCKED("55P03"),
    /** Something else depends on it. */
    STILL_USED("2BP01"),
    /** A value that is wrong whatever the state of the database. */
    INVALID("22023"),
    /** A function of the schema refuses to do it, and says why and what to do instead. */
    AGAINST_THE_RULES("42704", "42710", "42809", "55000"),
    /** None of these; the server's own words must do. */
    OTHER;

    @SuppressWarnings("ImmutableEnumChecker") // never written to
    private final String[] codes;

    SqlState(String... codes) {
        this.codes = codes;
    }

    /** Of the first error of the database in a chain of causes. */
    public static SqlState of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return of(String.valueOf(sql.getSQLState()));
            }
        }
        return OTHER;
    }

    private static SqlState of(String code) {
        return Arrays.stream(values())
                .filter(state -> List.of(state.codes).contains(code))
                .findFirst()
                .orElse(OTHER);
    }

    /**
     * One line for the operator: what is wrong, and what to do about it.
     *
     * @param allow what gives the user the right that is missing
     */
    public static String explain(
            SQLException e, Database database, SchemaName schema, String allow) {
        String address = database.address();
        String reason = Causes.innermost(e);
        return switch (of(e)) {
            case NO_DATABASE -> "there is no database at " + address + ": create it first";
            case REFUSED ->
                    "%s refuses user %s: check --db-user and the environment variable %s"
                            .formatted(address, database.user(), Database.PASSWORD_VARIABLE);
            case NO_SERVER ->
                    (e.getCause() instanceof SocketTimeoutException
                                    ? "PostgreSQL does not answer in time at %s: see why it hangs"
                                    : "no PostgreSQL answers at %s: start it")
                            .formatted(address)
                            .concat(" or correct --jdbc-url");
            case NO_OBJECT ->
                    "schema %s in %s is missing or old: run weir schema migrate first"
                            .formatted(schema, address);
            case NO_RIGHT ->
                    "%s may not do this in schema %s (%s): %s"
                            .formatted(database.user(), schema, reason, allow);
            case INVALID, AGAINST_THE_RULES -> reason.replaceFirst("^\\p{Lu}+: ", "");
            case TOO_SLOW, LOCKED, STILL_USED, OTHER -> address + ": " + reason;
        };
    }
}
