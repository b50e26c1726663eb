package io.weir.tools.cli;

import io.weir.request.RejectReason;
import io.weir.tools.letters.LetterFilter;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which letters a command is about. */
final class LetterArguments {

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description = "Only letters with this reason, such as wrong_type")
    private @Nullable RejectReason reason;

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
                reason == null ? null : reason.code(),
                fromTopic,
                partition,
                offset,
                instant(since),
                instant(until),
                text);
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
