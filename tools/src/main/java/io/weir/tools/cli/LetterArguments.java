package io.weir.tools.cli;

import io.weir.request.RejectReason;
import io.weir.tools.accesslog.LineFault;
import io.weir.tools.connect.CommandException;
import io.weir.tools.letters.LetterFilter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which letters a command is about. */
final class LetterArguments {

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description =
                    "Only letters with this reason, such as wrong_type; of lines of access logs"
                            + " also the line's, such as 'no client'")
    private @Nullable String reason;

    @Option(
            names = "--from-topic",
            paramLabel = "NAME",
            description = "Only letters of records of this topic")
    private @Nullable String fromTopic;

    @Option(
            names = "--partition",
            paramLabel = "N",
            description = "Only letters of records of this partition")
    private @Nullable Integer partition;

    @Option(
            names = "--offset",
            paramLabel = "N",
            description = "Only letters of records with this offset")
    private @Nullable Long offset;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Only letters of records with a timestamp from this instant or UTC day on")
    private @Nullable OffsetDateTime since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Only letters of records with a timestamp before this instant or UTC day")
    private @Nullable OffsetDateTime until;

    @Option(
            names = "--contains",
            paramLabel = "TEXT",
            description = "Only letters whose value contains this text")
    private @Nullable String text;

    @Nullable String fromTopic() {
        return fromTopic;
    }

    LetterFilter filter() {
        return new LetterFilter(
                reason(), fromTopic, partition, offset, instant(since), instant(until), text);
    }

    private @Nullable String reason() {
        if (reason == null
                || LineFault.of(reason) != null
                || Arrays.stream(RejectReason.values())
                        .anyMatch(known -> known.code().equals(reason))) {
            return reason;
        }
        throw CommandException.wrongUsage(
                "--reason: '%s' must be one of %s, or the reason of a line of an access log, such as 'no client' (docs/access-logs.md)"
                        .formatted(
                                reason,
                                Arrays.stream(RejectReason.values())
                                        .map(RejectReason::code)
                                        .collect(Collectors.joining(", "))));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
