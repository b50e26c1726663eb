package io.weir.tools;

import io.weir.tools.connect.CommandException;
import io.weir.tools.send.GeneratedRequests;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What requests to make up. */
final class GeneratorOptions {

    private static final int MOST_SITES = 1_000_000;

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
        require("--requests", requests, Long.MAX_VALUE);
        require("--sites", sites, MOST_SITES);
        return seed == null
                ? new GeneratedRequests(
                        requests,
                        sites,
                        span,
                        System.nanoTime(),
                        Instant.now().truncatedTo(ChronoUnit.MILLIS))
                : new GeneratedRequests(
                        requests, sites, span, seed, GeneratedRequests.END_OF_SEEDED);
    }

    private static void require(String option, long value, long most) {
        if (value < 1 || value > most) {
            throw CommandException.wrongUsage(option + ": " + value + " must be 1 to " + most);
        }
    }
}
