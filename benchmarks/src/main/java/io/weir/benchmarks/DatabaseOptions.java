package io.weir.benchmarks;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that tell which database to measure, if not one that is started for it. */
final class DatabaseOptions {

    private static final String PASSWORD_VARIABLE = "WEIR_STORE_PASSWORD";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--jdbc-url",
            paramLabel = "URL",
            description = "A database to write to, in schemas weir_bench..., which are dropped")
    private @Nullable String jdbcUrl;

    @Option(
            names = "--db-user",
            paramLabel = "USER",
            defaultValue = "postgres",
            description =
                    "May make schemas there (default: ${DEFAULT-VALUE}); the password is read from"
                            + " the environment variable "
                            + PASSWORD_VARIABLE)
    private String user = "";

    /** The database that was given, if one was. */
    Optional<BenchmarkStore.Database> given() {
        if (jdbcUrl == null) {
            return Optional.empty();
        }
        if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
            throw new ParameterException(
                    spec.commandLine(), "--jdbc-url must begin with jdbc:postgresql:");
        }
        return Optional.of(
                new BenchmarkStore.Database(jdbcUrl, user, System.getenv(PASSWORD_VARIABLE)));
    }
}
