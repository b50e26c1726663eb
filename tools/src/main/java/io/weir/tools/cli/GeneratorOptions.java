package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import io.weir.tools.send.GeneratedRequests;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Which requests to generate. */
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
            description = "How many requests to generate (default: ${DEFAULT-VALUE})")
    private long requests;

    @Option(
            names = "--sites",
            defaultValue = "500",
            paramLabel = "N",
            description = "How many sites the requests go to (default: ${DEFAULT-VALUE})")
    private int sites;

    @Option(
            names = "--span",
            defaultValue = "3h",
            paramLabel = "DURATION",
            description =
                    "How much event time the requests cover, up to now, or up to a fixed instant"
                            + " with --seed (default: ${DEFAULT-VALUE})")
    private Duration span = GeneratedRequests.DEFAULT_SPAN;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "The same seed generates the same requests (default: different ones each time)")
    private @Nullable Long seed;

    GeneratedRequests source() {
        Arguments.require("--requests", requests, 1);
        Arguments.require("--sites", sites, 1, MAX_SITES);
        Instant end =
                seed == null
                        ? Instant.now().truncatedTo(ChronoUnit.MILLIS)
                        : GeneratedRequests.END_OF_SEEDED;
        return new GeneratedRequests(
                requests,
                sites,
                Arguments.requireSince1970("--span", span, end),
                seed == null ? System.nanoTime() : seed,
                end);
    }

    /** Refuses those that were typed where no requests are generated. */
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
