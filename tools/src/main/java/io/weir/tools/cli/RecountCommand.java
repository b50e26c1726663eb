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
import java.time.OffsetDateTime;
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

    private static final OffsetDateTime UNSET = OffsetDateTime.MIN;

    @Mixin private JobArguments job = new JobArguments();

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TIME",
            description =
                    "Start of the range, a UTC date or whole minute: 2026-11-20 or"
                            + " 2026-11-20T10:00:00Z")
    private OffsetDateTime from = UNSET;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "TIME",
            description = "End of the range, which is not part of it")
    private OffsetDateTime to = UNSET;

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

    @Option(
            names = "--jdbc-url",
            paramLabel = "URL",
            description = "The store's database (default: store.url)")
    private @Nullable String jdbcUrl;

    @Option(
            names = "--db-user",
            paramLabel = "USER",
            description =
                    "The user who reads the store (a member of weir_reader is enough; default:"
                            + " store.user)"
                            + StoreArguments.PASSWORD)
    private @Nullable String user;

    @Override
    public Integer call() throws InterruptedException {
        Arguments.require("--limit", limit, 1);
        TimeRange range = range();
        JobOptions options = job.options();
        StoreOptions store = options.store();
        if (store.tables() == StoreTables.LATE) {
            throw CommandException.wrongUsage(
                    "recount compares the main job's rows: name its configuration, not one with"
                            + " store.tables = late");
        }
        KafkaOptions kafka = options.kafka();
        Database database = database(store);
        StoreOptions asked =
                store.askedBy(database.jdbcUrl(), database.user(), database.password());
        RecountResult result =
                Recount.of(
                        new RecountSettings(
                                options.eventTime(),
                                () -> RequestSource.decoder(options, asked),
                                range,
                                site,
                                limit),
                        kafka,
                        new StoredRows(database, new SchemaName(store.schema()), site));
        out().print(new RecountReport(store.schema(), kafka.topic(), range, result).text());
        out().flush();
        return result.isProof() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private TimeRange range() {
        requireWholeMinute("--from", from);
        requireWholeMinute("--to", to);
        if (!from.isBefore(to)) {
            throw CommandException.wrongUsage(
                    "--to: " + to + " must be later than --from, " + from);
        }
        return new TimeRange(from.toInstant().toEpochMilli(), to.toInstant().toEpochMilli());
    }

    private static void requireWholeMinute(String option, OffsetDateTime time) {
        if (time.getSecond() != 0 || time.getNano() != 0) {
            throw CommandException.wrongUsage(
                    option + ": " + time.toInstant() + " must be a whole minute");
        }
    }

    private Database database(StoreOptions store) {
        String url = jdbcUrl == null ? store.url() : jdbcUrl;
        return user == null
                ? new Database(url, store.user(), store.password().read())
                : Database.of(url, user);
    }
}
