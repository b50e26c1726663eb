package io.weir.benchmarks;

import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import io.weir.embedded.EmbeddedPostgres;
import io.weir.schema.SchemaMigration;
import io.weir.store.StoreConnection;
import io.weir.store.StoreOptions;
import io.weir.testing.EmbeddedCitus;
import io.weir.testing.ScratchFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

        /**
         * Measures and prints.
         *
         * @param isStarted whether the server was started for this
         */
        void run(Database database, boolean isStarted)
                throws SQLException, IOException, InterruptedException;
    }

    void measure(Measurement measurement) throws SQLException, IOException, InterruptedException {
        if (jdbcUrl != null) {
            if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
                throw new ParameterException(
                        spec.commandLine(), "--jdbc-url must begin with jdbc:postgresql:");
            }
            measurement.run(Database.of(jdbcUrl, user), false);
            return;
        }
        Optional<String> missing = EmbeddedCitus.missing();
        try (ScratchFolder folder = ScratchFolder.make()) {
            if (missing.isPresent()) {
                PrintWriter out = spec.commandLine().getOut();
                out.println("NOT MEASURED ON CITUS: " + missing.get());
                try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.path())) {
                    measurement.run(database(postgres.jdbcUrl(), postgres.user()), true);
                }
            } else {
                try (EmbeddedCitus citus = EmbeddedCitus.start(folder.path())) {
                    measurement.run(database(citus.jdbcUrl(), citus.user()), true);
                }
            }
        }
    }

    private static Database database(String jdbcUrl, String user) {
        return new Database(jdbcUrl, user, null);
    }

    /** Makes a schema anew, with so many shards on Citus, and opens a session in it. */
    static Session migrated(Database database, SchemaName schema, int shards) throws SQLException {
        drop(database, schema);
        new SchemaMigration(database, schema).withShards(shards).migrate();
        Session session = database.open(schema);
        session.execute("set timezone = 'UTC'; set citus.max_cached_conns_per_worker = 16");
        return session;
    }

    static void drop(Database database, SchemaName schema) throws SQLException {
        try (Session session = database.open(schema)) {
            session.execute("drop schema if exists ${schema} cascade");
        }
    }

    /** A connection that writes to a schema as the job does. */
    static StoreConnection sink(Database database, SchemaName schema) {
        return new StoreConnection(
                new StoreOptions(
                        database.jdbcUrl(),
                        database.user(),
                        database.password(),
                        schema.name(),
                        MinuteRows.SITES,
                        Duration.ofSeconds(1),
                        Duration.ZERO));
    }

    static boolean hasCitus(Session session) throws SQLException {
        return session.holds("select exists (select from pg_extension where extname = 'citus')");
    }
}
