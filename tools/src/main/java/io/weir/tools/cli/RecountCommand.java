package io.weir.tools.cli;

import io.weir.config.JobOptions;
import io.weir.config.KafkaOptions;
import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.intake.RequestSource;
import io.weir.store.StoreOptions;
import io.weir.store.StoreTables;
import io.weir.tools.connect.CommandException;
import io.weir.tools.recount.Recount;
import io.weir.tools.recount.RecountReport;
import io.weir.tools.recount.RecountResult;
import io.weir.tools.recount.RecountSettings;
import io.weir.tools.recount.StoredRows;
import io.weir.tools.recount.TimeRange;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Proves stored rows by the topic: a counter that is not the job's counts it again. */
@Command(
        name = "recount",
        description = {
            "Reads the topic of requests again, counts it independently of the job, and compares"
                    + " every cell of the rows of a range of time. Hours and days are compared if"
                    + " all of them is in the range. Changes nothing.",
            "Exit code 0 when every row is what the topic says, 1 when one is not or could not be"
                    + " compared."
        })
final class RecountCommand extends WeirCommand implements Callable<Integer> {

    @Mixin private JobArguments job = new JobArguments();

    @Mixin private RangeArguments range = new RangeArguments();

    @Option(
            names = "--site",
            paramLabel = "ID",
            description = "Only the rows of this site (default: all sites)")
    private @Nullable Integer site;

    @Option(
            names = "--limit",
            defaultValue = "50",
            paramLabel = "N",
            description = "Show at most this many differences (default: ${DEFAULT-VALUE})")
    private int limit = 50;

    @Mixin private JobStoreArguments where = new JobStoreArguments();

    @Override
    public Integer call() throws InterruptedException {
        Arguments.require("--limit", limit, 1);
        TimeRange asked = range.range();
        JobOptions options = job.options();
        StoreOptions store = options.store();
        if (store.tables() == StoreTables.LATE) {
            throw CommandException.wrongUsage(
                    "recount compares the main job's rows: name its configuration, not one with"
                            + " store.tables = late");
        }
        KafkaOptions kafka = options.kafka();
        Database database = where.database(store);
        StoreOptions reading = where.options(store);
        RecountResult result =
                Recount.of(
                        new RecountSettings(
                                options.eventTime(),
                                () -> RequestSource.decoder(options, reading),
                                asked,
                                site,
                                limit),
                        kafka,
                        new StoredRows(database, new SchemaName(store.schema()), site));
        out().print(new RecountReport(store.schema(), kafka.topic(), asked, result).text());
        out().flush();
        return result.isProof() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
