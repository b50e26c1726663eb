package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.letters.Letter;
import io.weir.tools.letters.LetterReader;
import io.weir.tools.letters.LetterReplay;
import io.weir.tools.letters.LetterSummary;
import io.weir.tools.letters.ReplayPlan;
import io.weir.tools.letters.ShownLetters;
import io.weir.tools.text.Count;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the job rejected, and how to send it again. */
@Command(
        name = "dead-letters",
        description = "Lists, shows or replays the records that the job rejected.")
final class DeadLettersCommand extends CommandGroup {

    private static final int MAX_LIMIT = 1_000;

    @Command(
            name = "list",
            description = "Counts the letters by reason, with the newest of each as a sample.")
    void list(@Mixin KafkaArguments kafka) {
        requireTopic(kafka);
        LetterSummary summary = new LetterSummary();
        LetterReader.Reading reading =
                LetterReader.read(kafka.properties(), kafka.rejectedTopic(), summary::add);
        print(summary.shown(reading));
    }

    @Command(
            name = "show",
            description = "Shows letters with their headers and the beginning of their value.")
    void show(
            @Mixin KafkaArguments kafka,
            @Mixin LetterArguments which,
            @Option(
                            names = "--limit",
                            defaultValue = "10",
                            paramLabel = "N",
                            description = "How many letters are shown (default: ${DEFAULT-VALUE})")
                    int limit,
            @Option(
                            names = "--raw",
                            paramLabel = "FILE",
                            description =
                                    "Write the value of the only letter that matches to this file,"
                                            + " byte for byte")
                    @Nullable Path raw) {
        Arguments.require("--limit", limit, 1, MAX_LIMIT);
        requireTopic(kafka);
        ShownLetters shown = new ShownLetters(limit);
        LetterReader.Reading reading =
                LetterReader.read(
                        kafka.properties(),
                        kafka.rejectedTopic(),
                        letter -> {
                            if (which.filter().test(letter)) {
                                shown.add(letter);
                            }
                        });
        print(shown.shown(reading));
        if (raw != null) {
            write(shown, raw);
        }
    }

    @Command(
            name = "replay",
            description = {
                "Sends letters to the topic that they came from again, after confirmation: each"
                        + " once, however often the command runs.",
                "The job judges them by its rules of then: docs/operations.md#rejects says what"
                        + " counts."
            })
    void replay(
            @Mixin KafkaArguments kafka,
            @Mixin LetterArguments which,
            @Mixin Confirmation confirmation,
            @Option(names = "--dry-run", description = "Only say what would be sent")
                    boolean isDryRun) {
        String target = Objects.requireNonNullElse(which.fromTopic(), kafka.topic());
        String letters = kafka.rejectedTopic();
        Map<String, Object> properties = kafka.properties();
        int partitions;
        try (KafkaCluster cluster = kafka.connect()) {
            cluster.requirePartitions(letters);
            partitions = cluster.requirePartitions(target);
        }
        if (isDryRun) {
            ReplayPlan plan = ReplayPlan.of(properties, letters, target, which.filter());
            out().println("would send " + plan.shown() + " to " + target);
            return;
        }
        try (LetterReplay replay = LetterReplay.open(properties, letters, partitions)) {
            ReplayPlan plan = ReplayPlan.of(properties, letters, target, which.filter());
            if (plan.letters().isEmpty()) {
                out().println("nothing to send: " + plan.shown());
                return;
            }
            confirmation.ask(
                    "Sends %s from %s to %s again.".formatted(plan.shown(), letters, target));
            out().printf("sent %s to %s%n", Count.of(replay.send(plan), "letter"), target);
        }
    }

    private static void requireTopic(KafkaArguments kafka) {
        try (KafkaCluster cluster = kafka.connect()) {
            int unused = cluster.requirePartitions(kafka.rejectedTopic());
        }
    }

    private static void write(ShownLetters shown, Path file) {
        if (shown.matching() != 1) {
            throw new CommandException(
                    "--raw: %s match, so nothing was written: name one with --partition and --offset"
                            .formatted(Count.of(shown.matching(), "letter")));
        }
        Letter letter = shown.letters().get(0);
        try {
            Files.write(file, letter.value());
        } catch (IOException e) {
            throw new UncheckedIOException("--raw: cannot write " + file + ": " + e, e);
        }
    }

    private void print(String text) {
        out().print(text);
        out().flush();
    }
}
