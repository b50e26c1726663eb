package io.weir.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreErrorsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "40001", "40P01", "08000", "08001", "08003", "08006", "53300", "57014", "57P01",
                "57P02", "57P03", "57P05", "25P03", "55P03"
            })
    void triesAgainAfter(String state) {
        assertThat(StoreErrors.isPassing(new SQLException("server's words", state))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0A000", "21000", "22000", "23514", "28P01", "40002", "42501", "42P01", "53100",
                "58030", "XX000", "99999"
            })
    void failsAtOnceAfter(String state) {
        assertThat(StoreErrors.isPassing(new SQLException("server's words", state))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "ERROR: failure on connection marked as essential: worker-1:5432",
        "FATAL: terminating connection due to unexpected postmaster exit",
        "ERROR: failed to COPY to shard 102013 on worker-1:5432",
        "ERROR: connection to the remote node worker-1:5432 failed",
        "ERROR: server closed the connection unexpectedly",
        "ERROR: could not receive data from server: Connection reset by peer",
        "ERROR: could not send data to server: Broken pipe",
        "ERROR: connection to server at \"worker-1\" failed: Connection refused",
        "ERROR: connection not open",
        "ERROR: no connection to the server",
        "ERROR: SSL connection has been closed unexpectedly",
        "ERROR: SSL SYSCALL error: EOF detected"
    })
    void triesAgainWhenACoordinatorLostAWorker(String message) {
        assertThat(StoreErrors.isPassing(new SQLException(message, "XX000"))).isTrue();
        assertThat(StoreErrors.isPassing(new SQLException(message, "58030"))).isTrue();
        assertThat(StoreErrors.isPassing(new SQLException(message, "42P01"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "XX000, ERROR: columnar_tuple_lock not implemented",
        "XX000, ERROR: columnar_tuple_insert_speculative not implemented",
        "0A000, ERROR: UPDATE and CTID scans not supported for ColumnarScan"
    })
    void knowsAnArchivedPartition(String state, String message) {
        assertThat(StoreErrors.isArchived(new SQLException(message, state))).isTrue();
        assertThat(StoreErrors.isArchived(new SQLException(message, "42501"))).isFalse();
        assertThat(StoreErrors.isArchived(new SQLException("internal error", state))).isFalse();
    }

    @Test
    void triesAgainWhenTheSocketFailed() {
        SQLException wrapped =
                new SQLException(
                        "An I/O error", null, new SocketTimeoutException("Read timed out"));

        assertThat(StoreErrors.isPassing(wrapped)).isTrue();
        assertThat(StoreErrors.isPassing(new SQLException("no state"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23514", "XX000"})
    void saysHowToMakeAMissingPartition(String state) {
        SQLException missing =
                new SQLException(
                        "no partition of relation \"http_request_1min\" found for row", state);

        assertThat(StoreErrors.isPassing(missing)).isFalse();
        assertThat(StoreErrors.remedy(missing)).contains("weir maintain");
        assertThat(StoreErrors.remedy(new SQLException("could not extend file", "53100")))
                .contains("disk is full");
        assertThat(StoreErrors.remedy(new SQLException("violates check constraint", state)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42703", "42883", "42P01"})
    void saysThatTheSchemaIsBehind(String state) {
        SQLException behind = new SQLException("does not exist", state);

        assertThat(StoreErrors.isPassing(behind)).isFalse();
        assertThat(StoreErrors.remedy(behind)).contains("weir schema migrate");
    }
}
