package io.weir.tools;

import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.Database;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Keeps the store in shape: partitions ahead are made, expired ones dropped. */
@Command(
        name = "maintain",
        description =
                "Makes partitions ahead and drops those that the schema's retention_policy no longer"
                        + " keeps.",
        mixinStandardHelpOptions = true)
final class MaintainCommand implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(MaintainCommand.class);

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final int ATTEMPTS = 5;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private SchemaArguments where = new SchemaArguments();

    @Option(
            names = "--max-age",
            defaultValue = "7d",
            paramLabel = "DURATION",
            description =
                    "How old a request may be that the job still counts, its event-time.max-age"
                            + " (default: ${DEFAULT-VALUE})")
    private Duration maxAge = Duration.ofDays(7);

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            description = "Does it again and again, this long apart, until Ctrl-C; default: once")
    private @Nullable Duration every;

    @Override
    public void run() {
        Database database = where.database();
        where.migration(); // checks the schema's name, which becomes part of a statement
        try {
            if (every == null) {
                maintain(database);
            } else {
                maintainForEver(database, every);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A failure is told and does not end it: the next round may find the database well. */
    private void maintainForEver(Database database, Duration pause) throws InterruptedException {
        while (true) {
            try {
                maintain(database);
            } catch (CommandException e) {
                if (e.isWrongUsage()) {
                    throw e;
                }
                LOG.warn("maintain failed", e);
                PrintWriter err = spec.commandLine().getErr();
                err.println("weir: " + e.getMessage());
                err.flush();
            }
            Thread.sleep(pause.toMillis());
        }
    }

    private void maintain(Database database) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = database.connect(where.schema())) {
                call(connection);
                return;
            } catch (SQLException e) {
                if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || attempt == ATTEMPTS) {
                    throw where.failure(e);
                }
                LOG.info("attempt {}: {}", attempt, e.getMessage());
            }
            Thread.sleep(Duration.ofSeconds(attempt).toMillis());
        }
    }

    private void call(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "call " + where.schema() + ".maintain(make_interval(secs => ?))")) {
            statement.setDouble(1, maxAge.toMillis() / 1000.0);
            try {
                statement.execute();
                if (statement.getWarnings() == null) {
                    say("nothing to do");
                }
            } finally {
                sayAll(statement.getWarnings());
            }
        }
    }

    private void sayAll(@Nullable SQLWarning first) {
        for (SQLWarning line = first; line != null; line = line.getNextWarning()) {
            say(String.valueOf(line.getMessage()));
        }
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("schema " + where.schema() + ": " + line);
        out.flush();
    }
}
