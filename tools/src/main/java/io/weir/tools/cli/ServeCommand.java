package io.weir.tools.cli;

import io.weir.database.DatabaseException;
import io.weir.database.SqlState;
import io.weir.tools.page.PageServer;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves the page over a store. */
@Command(
        name = "serve",
        description = "Serves a read-only page of what the store holds, until Ctrl-C.")
final class ServeCommand extends WeirCommand implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    @Mixin private ReaderArguments where = new ReaderArguments();

    @Option(
            names = "--port",
            defaultValue = "8088",
            paramLabel = "N",
            description = "The page's port, 0 for a free one (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--bind",
            defaultValue = "127.0.0.1",
            paramLabel = "ADDRESS",
            description =
                    "The address to listen on. There is no login: on any address but this machine's"
                            + " own, everyone who can reach it can read the page (default:"
                            + " ${DEFAULT-VALUE})")
    private String bind = "";

    @Override
    public void run() {
        Arguments.require("--port", port, 0, Arguments.LAST_PORT);
        requireStore();
        try (PageServer page = PageServer.start(where.database(), where.schema(), bind, port)) {
            out().println("The page is " + page.address() + " (Ctrl-C ends it)");
            String toAll = "There is no login: everyone who can reach " + bind + " can read it.";
            String toThisMachine = "There is no login: it is served to this machine only.";
            out().println(page.isLocal() ? toThisMachine : toAll);
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Fails for what waiting does not cure: an address or a name that cannot be right, a schema
     * that is not Weir's or may not be read. A database that does not answer yet is only reported.
     */
    private void requireStore() {
        try {
            where.run(session -> session.execute("select from ${schema}.traffic_1min limit 0"));
        } catch (DatabaseException e) {
            SqlState state = SqlState.of(e);
            if (e.getCause() == null || state == SqlState.NO_OBJECT || state == SqlState.NO_RIGHT) {
                throw e;
            }
            LOG.warn("the database does not answer yet", e);
            err().printf("weir: %s; the page shows its numbers once it answers%n", e.getMessage());
        }
    }
}
