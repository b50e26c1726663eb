package io.weir.tools.cli;

import io.weir.check.Findings;
import io.weir.schema.SchemaMigration;
import io.weir.schema.SchemaVerification;
import io.weir.tools.text.Count;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what of a live schema is not as it should be. */
@Command(
        name = "verify",
        description = {
            "Compares the schema with what it should be and lists what differs: scripts, tables,"
                    + " partitions, rights, and on Citus distribution and nodes. Changes nothing.",
            "Exit code 0 when nothing differs, 1 when something does or could not be checked."
        })
final class VerifyCommand extends WeirCommand implements Callable<Integer> {

    @Mixin private OwnerArguments where = new OwnerArguments();

    @Option(
            names = "--shards",
            paramLabel = "N",
            description =
                    "How many shards each table must have on Citus (default: any number, the same for"
                            + " all)")
    private @Nullable Integer shards;

    @Override
    public Integer call() {
        SchemaMigration migration = where.migration(shards);
        Findings findings = new SchemaVerification(migration, shards).run();
        findings.found().forEach(out()::println);
        findings.unchecked().forEach(out()::println);
        findings.notes().forEach(out()::println);
        out().println("schema " + where.schema() + verdict(findings, migration));
        return findings.isAllWell() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static String verdict(Findings findings, SchemaMigration migration) {
        String checks = Count.of(findings.checks(), "check");
        int differences = findings.found().size();
        int unchecked = findings.unchecked().size();
        String found = Count.of(differences, "difference") + " (" + checks + ")";
        if (unchecked == 0) {
            return differences > 0 ? ": " + found : " is as it should be (" + checks + ")";
        }
        String fine = checks + (findings.checks() == 1 ? " is fine" : " are fine");
        return ": %s, %d could not be made: run it as %s"
                .formatted(
                        differences > 0 ? found : fine,
                        unchecked,
                        migration.owner().orElse("the schema's owner"));
    }
}
