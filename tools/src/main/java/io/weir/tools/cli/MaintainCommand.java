package io.weir.tools.cli;

import io.weir.database.DatabaseException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keeps the store in shape: creates partitions ahead, drops expired ones, archives old ones. */
@Command(
        name = "maintain",
        description =
                "Creates partitions ahead of time, drops those that the schema's retention_policy no"
                        + " longer keeps and, on Citus, archives old ones.")
final class MaintainCommand extends WeirCommand implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(MaintainCommand.class);

    @Mixin private OwnerArguments where = new OwnerArguments();

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            description = "Repeat after this pause, until Ctrl-C (default: run once)")
    private @Nullable Duration every;

    @Override
    public void run() {
        try {
            if (every == null) {
                Maintenance.run(where, out());
            } else {
                repeat(every);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A failure is reported and does not end it: the next round may find the database well. */
    private void repeat(Duration pause) throws InterruptedException {
        while (true) {
            try {
                Maintenance.run(where, out());
            } catch (DatabaseException e) {
                if (e.isWrongUsage()) {
                    throw e;
                }
                LOG.warn("maintain failed", e);
                err().println("weir: " + e.getMessage());
            }
            Thread.sleep(pause.toMillis());
        }
    }
}
