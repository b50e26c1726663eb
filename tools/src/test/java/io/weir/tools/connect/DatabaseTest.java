package io.weir.tools.connect;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.weir.database.Database;
import io.weir.database.DatabaseException;
import io.weir.database.SchemaName;
import io.weir.rig.FallingSilent;
import io.weir.rig.FallingSilent.Manner;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatabaseTest {

    /** Less than a page of numbers waits for its answer, with all that comes on top. */
    private static final Duration PATIENCE = Duration.ofSeconds(11);

    @ParameterizedTest
    @EnumSource(
            value = Manner.class,
            names = {"SILENT_ON_LOGIN", "SILENT"})
    void aServerThatAcceptsAndSaysNothingIsGivenUp(Manner manner) throws IOException {
        try (FallingSilent server = new FallingSilent(0)) {
            server.become(manner);
            Database database = new Database(server.jdbcUrl("weir"), "me", null);

            assertTimeoutPreemptively(
                    PATIENCE,
                    () ->
                            assertThatThrownBy(() -> database.open(new SchemaName("weir")))
                                    .isInstanceOf(DatabaseException.class)
                                    .hasMessage(
                                            "PostgreSQL does not answer in time at "
                                                    + server.jdbcUrl("weir")
                                                    + ": see why it hangs or correct --jdbc-url"));
        }
    }
}
