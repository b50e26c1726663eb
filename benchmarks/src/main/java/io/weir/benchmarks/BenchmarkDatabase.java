package io.weir.benchmarks;

import io.weir.database.Database;
import io.weir.embedded.EmbeddedPostgres;
import io.weir.testing.EmbeddedCitus;
import io.weir.testing.ScratchFolder;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The database that is measured: the one that the options name, otherwise one that is started for
 * the measurement, a Citus cluster or where Citus is not installed a plain PostgreSQL.
 */
final class BenchmarkDatabase {

    /** What {@code --help} says about it. */
    static final String DESCRIPTION =
            "Without --jdbc-url it starts a Citus cluster of the installation on this machine, or"
                    + " where there is none a plain PostgreSQL, in a temporary folder.";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--jdbc-url",
            paramLabel = "URL",
            description = "A database to write to, in schemas weir_bench..., which are dropped")
    private @Nullable String jdbcUrl;

    @Option(
            names = "--db-user",
            paramLabel = "USER",
            defaultValue = "postgres",
            description =
                    "May make schemas there (default: ${DEFAULT-VALUE}); the password is read from"
                            + " the environment variable "
                            + Database.PASSWORD_VARIABLE)
    private String user = "";

    /** What is done with the database. */
    interface Measurement {
        void in(Database database) throws SQLException, IOException, InterruptedException;
    }

    /** Whether the server is started for the measurement. */
    boolean isStarted() {
        return jdbcUrl == null;
    }

    void measure(Measurement measurement) throws SQLException, IOException, InterruptedException {
        if (jdbcUrl != null) {
            measurement.in(Database.of(jdbcUrl, user));
            return;
        }
        Optional<String> missing = EmbeddedCitus.missing();
        try (ScratchFolder folder = ScratchFolder.make()) {
            if (missing.isPresent()) {
                spec.commandLine().getOut().println("NOT MEASURED ON CITUS: " + missing.get());
                try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.path())) {
                    measurement.in(new Database(postgres.jdbcUrl(), postgres.user(), null));
                }
            } else {
                try (EmbeddedCitus citus = EmbeddedCitus.start(folder.path())) {
                    measurement.in(new Database(citus.jdbcUrl(), citus.user(), null));
                }
            }
        }
    }
}
