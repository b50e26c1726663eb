package io.weir.tools.cli;

import io.weir.database.Database;
import io.weir.tools.accesslog.AccessLogRequests;
import io.weir.tools.connect.CommandException;
import io.weir.tools.demo.Demo;
import io.weir.tools.demo.DemoOptions;
import io.weir.tools.demo.DemoRemains;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the whole of Weir once and shows what comes out. */
@Command(
        name = "demo",
        description = {
            "Starts PostgreSQL, Kafka and the job, sends requests, and shows the results.",
            "Ctrl-C ends it at any time. After kill -9, its PostgreSQL keeps running and a folder"
                    + " weir-demo-... stays in the temporary directory."
        })
final class DemoCommand extends WeirCommand implements Callable<Integer> {

    private static final Pattern PREFIX = Pattern.compile("[a-z_][a-z0-9_]{0,40}");

    @Mixin private GeneratorOptions generator = new GeneratorOptions();
    @Mixin private AccessLogs logs = new AccessLogs();
    @Mixin private RateOption rate = new RateOption();
    @Mixin private ElectionOptions election = new ElectionOptions();

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "The job's parallelism (default: 2, or 1 on a single core)")
    private int parallelism = Math.min(2, Runtime.getRuntime().availableProcessors());

    @Option(
            names = "--access-log",
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Send the lines of logs instead of generated requests. "
                            + AccessLogs.FILES
                            + ". "
                            + LineOptions.READ)
    private List<String> accessLogs = List.of();

    @Option(
            names = "--export",
            paramLabel = "DIR",
            description = "Write the results as CSV files into this folder")
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
                    "The page's port with --keep-running, on this machine only (default: a free"
                            + " one)")
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
                    "The schema's owner in the database of --jdbc-url" + StoreArguments.PASSWORD)
    private @Nullable String user;

    @Option(
            names = "--prefix",
            paramLabel = "NAME",
            description =
                    "The schema's name and the beginning of the topics' names (default: demo with"
                            + " --bootstrap-servers or --jdbc-url, otherwise weir)")
    private @Nullable String prefix;

    @Option(
            names = "--remove",
            description =
                    "Only remove what an earlier demo left in --bootstrap-servers and --jdbc-url,"
                            + " and nothing else there")
    private boolean remove;

    @Mixin private Confirmation confirmation = new Confirmation();

    @Override
    public Integer call() throws IOException {
        DemoOptions options = options();
        if (remove) {
            remove(DemoRemains.find(options));
            return 0;
        }
        Demo demo = new Demo(options, out(), confirmation::ask);
        if (accessLogs.isEmpty()) {
            demo.run(generator.source());
        } else {
            out().println("reading the logs to find their time range");
            try (AccessLogRequests requests = logs.read(accessLogs, out())) {
                demo.run(requests, requests.domains());
            }
        }
        return 0;
    }

    private void remove(DemoRemains remains) {
        if (remains.isEmpty()) {
            out().println("there is nothing that a demo left");
            return;
        }
        confirmation.ask("Deletes %s. This cannot be undone.".formatted(remains.description()));
        remains.remove();
        out().println(
                        "removed %s; the roles weir_writer and weir_reader stay, others may use them"
                                .formatted(remains.description()));
    }

    private DemoOptions options() {
        requireOneSource();
        if (remove && bootstrapServers == null && jdbcUrl == null) {
            throw CommandException.wrongUsage(
                    "--remove: name --bootstrap-servers, --jdbc-url or both; what a demo itself starts ends with it");
        }
        requirePage();
        Arguments.require("--parallelism", parallelism, 1, DemoOptions.PARTITIONS);
        boolean isExternal = bootstrapServers != null || jdbcUrl != null;
        String name = prefix == null ? (isExternal ? "demo" : "weir") : prefix;
        if (!PREFIX.matcher(name).matches()) {
            throw CommandException.wrongUsage(
                    "--prefix: '%s' must be up to 41 of a-z, 0-9 and _, not a digit first"
                            .formatted(name));
        }
        if (name.startsWith("pg_")) {
            throw CommandException.wrongUsage(
                    "--prefix: '%s' must not begin with pg_, which PostgreSQL keeps for its own schemas"
                            .formatted(name));
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
            generator.requireNone("--access-log sends the lines of logs and generates no requests");
        } else {
            requireNot("--site-id");
            requireNot("--log-format");
            requireNot("--response-time");
            requireNot("--site-by");
            requireNot("--country-db");
        }
    }

    private void requireNot(String option) {
        if (isGiven(option)) {
            throw CommandException.wrongUsage(option + " is given without --access-log");
        }
    }

    private void requirePage() {
        if (!keepRunning && isGiven("--page-port")) {
            throw CommandException.wrongUsage("--page-port is given without --keep-running");
        }
        Arguments.require("--page-port", pagePort, 0, Arguments.LAST_PORT);
    }

    private @Nullable Database database() {
        if (jdbcUrl == null && user != null) {
            throw CommandException.wrongUsage("--db-user is given without --jdbc-url");
        }
        if (jdbcUrl != null && user == null) {
            throw CommandException.wrongUsage("--jdbc-url is given without --db-user");
        }
        return jdbcUrl == null || user == null ? null : Database.of(jdbcUrl, user);
    }
}
