package io.weir.tools.cli;

import io.weir.database.Database;
import io.weir.tools.connect.CommandException;
import io.weir.tools.demo.Demo;
import io.weir.tools.demo.DemoOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the whole of Weir once and shows what comes out. */
@Command(
        name = "demo",
        description = {
            "Starts PostgreSQL, Kafka and the job, sends requests, and shows what comes out.",
            "Ctrl-C ends it at any time. Killed by signal 9 it leaves its PostgreSQL running, and"
                    + " the folder weir-demo-... of both among the temporary ones."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final Pattern PREFIX = Pattern.compile("[a-z_][a-z0-9_]{0,40}");

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private GeneratorOptions generator = new GeneratorOptions();
    @Mixin private AccessLogs logs = new AccessLogs();
    @Mixin private RateOption rate = new RateOption();
    @Mixin private ElectionOptions election = new ElectionOptions();

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "Of the job (default: 2, or 1 on one core)")
    private int parallelism = Math.min(2, Runtime.getRuntime().availableProcessors());

    @Option(
            names = "--access-log",
            split = ",",
            paramLabel = "FILE",
            description =
                    "Send the lines of these Apache or nginx logs, plain or .gz, in place of made-up"
                            + " requests")
    private List<Path> accessLogs = List.of();

    @Option(
            names = "--export",
            paramLabel = "DIR",
            description = "Write what comes out as CSV files into this folder")
    private @Nullable Path export;

    @Option(
            names = "--keep-running",
            description = "Keep PostgreSQL and Kafka running until Ctrl-C, and serve the page")
    private boolean keepRunning;

    @Option(
            names = "--page-port",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "Where --keep-running serves the page, on this machine only (default: a free"
                            + " port)")
    private int pagePort;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT,...",
            description = "Use this Kafka (default: an embedded one)")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--jdbc-url",
            paramLabel = "URL",
            description = "Use this PostgreSQL or Citus (default: an embedded one)")
    private @Nullable String jdbcUrl;

    @Option(
            names = "--db-user",
            paramLabel = "USER",
            description =
                    "Who owns the schema in it; the password is read from the environment variable "
                            + Database.PASSWORD_VARIABLE)
    private @Nullable String user;

    @Option(
            names = "--prefix",
            paramLabel = "NAME",
            description =
                    "Names the schema and begins the names of topics (default: demo when something"
                            + " is given that is there already, weir otherwise)")
    private @Nullable String prefix;

    @Override
    public Integer call() throws IOException {
        DemoOptions options = options();
        Demo demo = new Demo(options, out());
        if (accessLogs.isEmpty()) {
            demo.run(generator.source());
        } else {
            out().println("reading the logs for the times in them");
            out().flush();
            demo.run(logs.read(accessLogs));
        }
        return 0;
    }

    private DemoOptions options() {
        requireOneSource();
        requirePage();
        if (parallelism < 1 || parallelism > DemoOptions.PARTITIONS) {
            throw CommandException.wrongUsage(
                    "--parallelism: " + parallelism + " must be 1 to " + DemoOptions.PARTITIONS);
        }
        boolean isExternal = bootstrapServers != null || jdbcUrl != null;
        String name = prefix == null ? (isExternal ? "demo" : "weir") : prefix;
        if (!PREFIX.matcher(name).matches()) {
            throw CommandException.wrongUsage(
                    "--prefix: '"
                            + name
                            + "' must be up to 41 of a-z, 0-9 and _, not a digit first");
        }
        if (name.startsWith("pg_")) {
            throw CommandException.wrongUsage(
                    "--prefix: '"
                            + name
                            + "' must not begin with pg_, which PostgreSQL keeps for its own"
                            + " schemas");
        }
        return new DemoOptions(
                parallelism,
                rate.perSecond(),
                export,
                keepRunning,
                pagePort,
                bootstrapServers,
                database(),
                name,
                election.rules());
    }

    private void requireOneSource() {
        if (!accessLogs.isEmpty()) {
            generator.requireNone("--access-log sends the lines of logs, and makes up no requests");
        } else if (isGiven("--site-id")) {
            throw CommandException.wrongUsage("--site-id is given without --access-log");
        }
    }

    private void requirePage() {
        if (!keepRunning && isGiven("--page-port")) {
            throw CommandException.wrongUsage("--page-port is given without --keep-running");
        }
        ServeCommand.requirePort("--page-port", pagePort);
    }

    private boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private @Nullable Database database() {
        if (jdbcUrl == null) {
            if (user != null) {
                throw CommandException.wrongUsage("--db-user is given without --jdbc-url");
            }
            return null;
        }
        if (user == null) {
            throw CommandException.wrongUsage("--jdbc-url is given without --db-user");
        }
        return Database.of(jdbcUrl, user);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
