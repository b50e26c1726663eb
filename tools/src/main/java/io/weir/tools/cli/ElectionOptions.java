package io.weir.tools.cli;

import io.weir.tools.demo.ElectionRules;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How the demo elects the top sites; the defaults are those of the store. */
final class ElectionOptions {

    @Option(
            names = "--election-window",
            defaultValue = "2h",
            paramLabel = "DURATION",
            description = "The length of time that an election counts (default: ${DEFAULT-VALUE})")
    private Duration window = Duration.ofHours(2);

    @Option(
            names = "--election-interval",
            defaultValue = "1h",
            paramLabel = "DURATION",
            description =
                    "Time between elections; it must divide a day (default: ${DEFAULT-VALUE})")
    private Duration interval = Duration.ofHours(1);

    @Option(
            names = "--min-hits",
            defaultValue = "100",
            paramLabel = "N",
            description =
                    "How many requests in the window make a site a candidate (default:"
                            + " ${DEFAULT-VALUE})")
    private long minHits;

    @Option(
            names = "--max-entries",
            defaultValue = "1000",
            paramLabel = "N",
            description =
                    "How many sites the list of top sites can hold (default: ${DEFAULT-VALUE})")
    private int maxEntries;

    ElectionRules rules() {
        return new ElectionRules(window, interval, minHits, maxEntries);
    }
}
