package io.weir.tools.cli;

import io.weir.database.DatabaseException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Keeps the store in shape: partitions ahead are made, expired ones dropped, old ones archived. */
@Command(
        name = "maintain",
        description =
                "Makes partitions ahead, drops those that the schema's retention_policy no longer keeps,"
                        + " and on Citus archives old ones.",
        mixinStandardHelpOptions = true)
final class MaintainCommand implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(MaintainCommand.class);

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private OwnerArguments where = new OwnerArguments();

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
        Maintenance maintenance =
                new Maintenance(
                        where,
                        LookbackLimit.require("--max-age", maxAge, Instant.now()),
                        spec.commandLine().getOut());
        try {
            if (every == null) {
                maintenance.run();
            } else {
                runForEver(maintenance, every);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A failure is told and does not end it: the next round may find the database well. */
    private void runForEver(Maintenance maintenance, Duration pause) throws InterruptedException {
        while (true) {
            try {
                maintenance.run();
            } catch (DatabaseException e) {
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
}
