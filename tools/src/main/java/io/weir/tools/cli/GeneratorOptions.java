package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import io.weir.tools.send.GeneratedRequests;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** What requests to make up. */
final class GeneratorOptions {

    private static final int MAX_SITES = 1_000_000;

    @Spec(Spec.Target.SELF)
    private CommandSpec these = CommandSpec.create();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--requests",
            defaultValue = "1000000",
            paramLabel = "N",
            description = "How many requests to make up (default: ${DEFAULT-VALUE})")
    private long requests;

    @Option(
            names = "--sites",
            defaultValue = "500",
            paramLabel = "N",
            description = "How many sites they go to (default: ${DEFAULT-VALUE})")
    private int sites;

    @Option(
            names = "--span",
            defaultValue = "3h",
            paramLabel = "TIME",
            description =
                    "The event time they cover, ending now, or at a fixed instant when --seed is"
                            + " given (default: ${DEFAULT-VALUE})")
    private Duration span = GeneratedRequests.DEFAULT_SPAN;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "The same seed gives the same requests (default: other ones each time)")
    private @Nullable Long seed;

    GeneratedRequests source() {
        if (requests < 1) {
            throw CommandException.wrongUsage("--requests: " + requests + " must be 1 or more");
        }
        if (sites < 1 || sites > MAX_SITES) {
            throw CommandException.wrongUsage(
                    String.format(Locale.ROOT, "--sites: %d must be 1 to %,d", sites, MAX_SITES));
        }
        Instant end =
                seed == null
                        ? Instant.now().truncatedTo(ChronoUnit.MILLIS)
                        : GeneratedRequests.END_OF_SEEDED;
        return new GeneratedRequests(
                requests,
                sites,
                LookbackLimit.require("--span", span, end),
                seed == null ? System.nanoTime() : seed,
                end);
    }

    /** Refuses those that were typed where no requests are made up. */
    void requireNone(String reason) {
        ParseResult typed = command.commandLine().getParseResult();
        List<String> given =
                these.options().stream()
                        .map(OptionSpec::longestName)
                        .filter(typed::hasMatchedOption)
                        .sorted()
                        .toList();
        if (!given.isEmpty()) {
            throw CommandException.wrongUsage(String.join(", ", given) + ": " + reason);
        }
    }
}
