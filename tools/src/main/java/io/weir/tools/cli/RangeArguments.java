package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import io.weir.tools.recount.TimeRange;
import java.time.OffsetDateTime;
import picocli.CommandLine.Option;

/** A range of event time, in whole minutes. */
final class RangeArguments {

    private static final OffsetDateTime UNSET = OffsetDateTime.MIN;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TIME",
            description =
                    "Start of the range, a UTC date or whole minute: 2026-11-20 or"
                            + " 2026-11-20T10:00:00Z")
    private OffsetDateTime from = UNSET;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "TIME",
            description = "End of the range, which is not part of it")
    private OffsetDateTime to = UNSET;

    /**
     * The range.
     *
     * @throws CommandException when an end is no whole minute, or the range is empty
     */
    TimeRange range() {
        requireWholeMinute("--from", from);
        requireWholeMinute("--to", to);
        if (!from.isBefore(to)) {
            throw CommandException.wrongUsage(
                    "--to: " + to + " must be later than --from, " + from);
        }
        return new TimeRange(from.toInstant().toEpochMilli(), to.toInstant().toEpochMilli());
    }

    private static void requireWholeMinute(String option, OffsetDateTime time) {
        if (time.getSecond() != 0 || time.getNano() != 0) {
            throw CommandException.wrongUsage(
                    option + ": " + time.toInstant() + " must be a whole minute");
        }
    }
}
