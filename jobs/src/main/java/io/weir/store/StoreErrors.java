package io.weir.store;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.flink.util.ExceptionUtils;

/** Separates errors that pass by themselves from those that need somebody. */
final class StoreErrors {

    private static final String CONNECTION_EXCEPTION = "08";
    private static final String NOT_SUPPORTED = "0A000";
    private static final String DISK_FULL = "53100";

    /** Internal error and input/output error: only the message says what they mean. */
    private static final Set<String> UNCLEAR = Set.of("XX000", "58030");

    /** No such column, function or table. */
    private static final Set<String> SCHEMA_BEHIND = Set.of("42703", "42883", "42P01");

    private static final Set<String> PASSING =
            Set.of(
                    "40001", // serialization failure
                    "40P01", // deadlock
                    "55P03", // the lock to restore an archived partition was not got in time
                    "53300", // too many connections
                    "57014", // cancelled, perhaps by a Citus worker's own statement_timeout
                    "57P01", // shut down by an administrator, or pg_terminate_backend
                    "57P02", // crash shutdown
                    "57P03", // starting up
                    "57P05", // idle for longer than idle_session_timeout
                    "25P03"); // idle for longer than idle_in_transaction_session_timeout

    /**
     * What a Citus coordinator says when it lost a worker, for which there is no SQLSTATE: its own
     * words, those of the dying worker, and from the fifth line on those of its client library,
     * which it passes on.
     */
    private static final List<String> WORKER_LOST =
            List.of(
                    "failure on connection marked as essential",
                    "failed to COPY to shard",
                    "connection to the remote node",
                    "terminating connection due to unexpected postmaster exit",
                    "server closed the connection unexpectedly",
                    "could not receive data from server",
                    "could not send data to server",
                    "connection to server at",
                    "connection not open",
                    "no connection to the server",
                    "SSL connection has been closed unexpectedly",
                    "SSL SYSCALL error");

    /** 23514 on PostgreSQL, XX000 when a Citus worker says it. */
    private static final String NO_PARTITION = "no partition of relation";

    private StoreErrors() {}

    /** Whether the same batch may succeed on a fresh connection. */
    static boolean isPassing(SQLException error) {
        String state = sqlState(error);
        return state.startsWith(CONNECTION_EXCEPTION)
                || PASSING.contains(state)
                || (UNCLEAR.contains(state) && saysOneOf(error, WORKER_LOST))
                || ExceptionUtils.findThrowable(error, IOException.class).isPresent();
    }

    /**
     * Whether the rows belong to an archived partition, which Citus keeps in its columnar form: it
     * cannot be written; its several messages have only this word in common.
     */
    static boolean isArchived(SQLException error) {
        String state = sqlState(error);
        return (UNCLEAR.contains(state) || state.equals(NOT_SUPPORTED))
                && String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT).contains("columnar");
    }

    /** Whether rows belong to a partition that is not there. */
    static boolean isPartitionMissing(SQLException error) {
        return saysOneOf(error, List.of(NO_PARTITION));
    }

    /** What to do about an error that does not pass; empty when the server's words must do. */
    static String remedy(SQLException error) {
        if (isPartitionMissing(error)) {
            return ". The bucket has no partition: run 'weir maintain', which makes partitions"
                    + " from the oldest to the newest event time that is accepted";
        }
        if (SCHEMA_BEHIND.contains(sqlState(error))) {
            return ". The schema lacks what this job needs: run 'weir schema migrate'";
        }
        return sqlState(error).equals(DISK_FULL)
                ? ". The database's disk is full: free or add space"
                : "";
    }

    static String sqlState(SQLException error) {
        String state = error.getSQLState();
        return state == null ? "none" : state;
    }

    private static boolean saysOneOf(SQLException error, List<String> texts) {
        String message = String.valueOf(error.getMessage());
        return texts.stream().anyMatch(message::contains);
    }
}
