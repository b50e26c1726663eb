package io.weir.tools.cli;

import io.weir.database.Causes;
import io.weir.database.DatabaseException;
import io.weir.tools.connect.CommandException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/**
 * The command {@code weir}.
 *
 * <p>Exit codes are 0, 1 for a failure and 2 for wrong usage. A failure is one line on the error
 * stream; after one that nobody foresaw, a second line names the log. The log always has the stack
 * trace.
 */
@Command(
        name = "weir",
        description = "Counts the web traffic of many sites per minute, hour and day.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = BuiltVersion.class,
        subcommands = {
            BenchCommand.class,
            ClusterCommand.class,
            DeadLettersCommand.class,
            DemoCommand.class,
            DoctorCommand.class,
            GateCommand.class,
            GenerateCommand.class,
            MaintainCommand.class,
            RecountCommand.class,
            ReplayLogCommand.class,
            RequestsCommand.class,
            SchemaCommand.class,
            ServeCommand.class,
            SiteCommand.class,
            TenantCommand.class,
            TopCommand.class,
            TopicsCommand.class,
            ViewCommand.class
        })
public final class Weir extends CommandGroup {

    private static final Logger LOG = LoggerFactory.getLogger(Weir.class);

    public static void main(String[] arguments) {
        System.exit(run(commandLine(), arguments));
    }

    /**
     * Executes a command for the whole process, in no locale: libraries make names of settings by
     * the default one, and where an i becomes a Turkish one Kafka does not start.
     *
     * @return the exit code
     */
    public static int run(CommandLine weir, String... arguments) {
        Locale.setDefault(Locale.ROOT);
        return weir.execute(arguments);
    }

    /** The command, ready to be executed or asked for its help. */
    public static CommandLine commandLine() {
        return configured(new CommandLine(new Weir()));
    }

    /** The command with a real one in place of one that only says where the real one is. */
    public static CommandLine commandLineWith(String name, Object real) {
        CommandLine weir = new CommandLine(new Weir());
        weir.getCommandSpec().removeSubcommand(name);
        return configured(weir.addSubcommand(name, real));
    }

    private static CommandLine configured(CommandLine weir) {
        Manuals.nameIn(weir);
        return weir.setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Duration.class, Arguments::duration)
                .registerConverter(OffsetDateTime.class, Arguments::time)
                .registerConverter(int.class, Arguments.number(Integer::valueOf))
                .registerConverter(Integer.class, Arguments.number(Integer::valueOf))
                .registerConverter(long.class, Arguments.number(Long::valueOf))
                .registerConverter(Long.class, Arguments.number(Long::valueOf))
                .setParameterExceptionHandler(Weir::wrongUsage)
                .setExecutionExceptionHandler(Weir::failed);
    }

    private static int wrongUsage(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("weir: " + firstLine(e));
        err.println("Try 'weir" + nameAfterWeir(command) + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, ParseResult result) {
        if (e instanceof CommandException failure && failure.isWrongUsage()
                || e instanceof DatabaseException refusal && refusal.isWrongUsage()) {
            return wrongUsage(new ParameterException(command, firstLine(e)), new String[0]);
        }
        if (isStopping()) {
            LOG.info("{} was stopped", command.getCommandName(), e);
            return CommandLine.ExitCode.SOFTWARE;
        }
        LOG.error("{} failed", command.getCommandName(), e);
        PrintWriter err = command.getErr();
        if (e instanceof CommandException || e instanceof DatabaseException) {
            err.println("weir: " + firstLine(e));
            if (e instanceof CommandException failure && failure.isLogged()) {
                nameLog(err);
            }
        } else if (e instanceof UncheckedIOException || e instanceof java.io.IOException) {
            err.println("weir: " + Causes.outermost(e));
        } else {
            err.println("weir: unexpected failure: " + Causes.innermost(e));
            nameLog(err);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static void nameLog(PrintWriter err) {
        String log = System.getProperty("weir.log");
        if (log != null) {
            err.println("The log is " + log);
        }
    }

    /** Whether the process is being stopped: what fails then has lost what it worked with. */
    private static boolean isStopping() {
        try {
            Runtime.getRuntime().removeShutdownHook(new Thread());
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    private static String nameAfterWeir(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        return name.substring(name.indexOf("weir") + "weir".length());
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
