package io.weir.tools.cli;

import io.weir.schema.Difference;
import io.weir.schema.SchemaVerification;
import io.weir.schema.Verification;
import io.weir.tools.text.Count;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what of a live schema is not as it should be. */
@Command(
        name = "verify",
        description = {
            "Compares the schema with what it should be and lists what differs: scripts, tables,"
                    + " partitions, rights, and on Citus distribution and nodes. Changes nothing.",
            "Exit code 0 when nothing differs, 1 when something does or could not be checked."
        },
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private OwnerArguments where = new OwnerArguments();

    @Option(
            names = "--shards",
            paramLabel = "N",
            description =
                    "How many shards a table should have on Citus; default: any number, the same"
                            + " for all")
    private @Nullable Integer shards;

    @Option(
            names = "--max-age",
            defaultValue = "7d",
            paramLabel = "DURATION",
            description =
                    "How far back there should be partitions, the job's event-time.max-age"
                            + " (default: ${DEFAULT-VALUE})")
    private Duration maxAge = Duration.ofDays(7);

    @Override
    public Integer call() {
        LookbackLimit.require("--max-age", maxAge, Instant.now());
        Verification verification =
                new SchemaVerification(where.migration(shards), maxAge, shards).run();
        PrintWriter out = spec.commandLine().getOut();
        for (Difference difference : verification.differences()) {
            out.println(difference);
        }
        verification.unchecked().forEach(out::println);
        verification.notes().forEach(out::println);
        out.println("schema " + where.schema() + verdict(verification));
        return verification.isAsItShouldBe() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static String verdict(Verification verification) {
        String checks = Count.of(verification.checks(), "check");
        int differences = verification.differences().size();
        int unchecked = verification.unchecked().size();
        if (unchecked > 0) {
            return ": "
                    + (differences == 0
                            ? checks + (verification.checks() == 1 ? " is fine" : " are fine")
                            : Count.of(differences, "difference") + " (" + checks + ")")
                    + ", "
                    + unchecked
                    + " could not be made: run it as "
                    + (verification.owner() == null ? "the schema's owner" : verification.owner());
        }
        return (differences == 0
                        ? " is as it should be"
                        : ": " + Count.of(differences, "difference"))
                + " ("
                + checks
                + ")";
    }
}
