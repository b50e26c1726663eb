package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How fast records are sent. */
final class RateOption {

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "At most so many records a second (default: as fast as Kafka takes them)")
    private @Nullable Double rate;

    /** Null for as fast as Kafka takes them. */
    @Nullable Double perSecond() {
        if (rate != null && !(rate > 0)) {
            throw CommandException.wrongUsage("--rate: " + rate + " must be above 0");
        }
        return rate;
    }
}
