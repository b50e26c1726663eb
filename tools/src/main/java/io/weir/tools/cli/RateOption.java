package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How fast records are sent. */
final class RateOption {

    @Option(
            names = "--rate",
            paramLabel = "R",
            description =
                    "Send at most this many records a second (default: as fast as Kafka accepts"
                            + " them)")
    private @Nullable Double rate;

    /** Null for as fast as Kafka accepts them. */
    @Nullable Double perSecond() {
        if (rate != null && !(rate > 0)) {
            throw CommandException.wrongUsage("--rate: " + rate + " must be above 0");
        }
        return rate;
    }
}
