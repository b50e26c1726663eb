package io.weir.tools.cli;

import io.weir.database.DatabaseException;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import io.weir.tools.connect.CommandException;
import io.weir.tools.page.PageServer;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves the page over a store. */
@Command(
        name = "serve",
        description = "Serves a read-only page of what the store holds, until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
    private static final int LAST_PORT = 65_535;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ReaderArguments where = new ReaderArguments();

    @Option(
            names = "--port",
            defaultValue = "8088",
            paramLabel = "N",
            description = "Where the page is served, 0 for a free port (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--bind",
            defaultValue = "127.0.0.1",
            paramLabel = "ADDRESS",
            description =
                    "Which address it listens on; no login is offered, so with another than this"
                            + " machine's own everyone who reaches it reads it (default:"
                            + " ${DEFAULT-VALUE})")
    private String bind = "";

    @Override
    public void run() {
        requirePort("--port", port);
        SchemaName schema = new SchemaName(where.schema());
        requireStore(schema);
        try (PageServer page = PageServer.start(where.database(), schema, bind, port)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("The page is " + page.address() + " (Ctrl-C ends it)");
            out.println(
                    page.isLocal()
                            ? "No login is offered: it is served to this machine only."
                            : "No login is offered: everyone who reaches "
                                    + bind
                                    + " can read it.");
            out.flush();
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * An address that cannot be right ends it, and so does a schema that is not Weir's or is not to
     * be read; a database that does not answer does not.
     */
    private void requireStore(SchemaName schema) {
        try (Session session = where.database().open(schema)) {
            session.execute("select from ${schema}.traffic_1min limit 0");
        } catch (DatabaseException e) {
            if (e.isWrongUsage()) {
                throw e;
            }
            warn(e);
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).matches("(08|57).*")) {
                throw where.failure(e);
            }
            warn(where.failure(e));
        }
    }

    private void warn(DatabaseException e) {
        LOG.warn("the database does not answer yet", e);
        PrintWriter err = spec.commandLine().getErr();
        err.println("weir: " + e.getMessage() + "; the page shows its numbers once it answers");
        err.flush();
    }

    static void requirePort(String option, int port) {
        if (port < 0 || port > LAST_PORT) {
            throw CommandException.wrongUsage(option + ": " + port + " must be 0 to " + LAST_PORT);
        }
    }
}
