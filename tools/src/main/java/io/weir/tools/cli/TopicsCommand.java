package io.weir.tools.cli;

import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.topics.JobTopic;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The topics of a job. */
@Command(name = "topics", description = "Makes the topics that a job needs.")
final class TopicsCommand extends CommandGroup {

    @Command(
            name = "create",
            description = {
                "Creates the topics of requests (TOPIC), of rejected records (TOPIC.rejected) and of"
                        + " late requests (TOPIC.late). Leaves existing ones as they are.",
                "Exit code 1 if an existing one differs from what it would be."
            })
    int create(
            @Mixin KafkaArguments where,
            @Option(
                            names = "--partitions",
                            defaultValue = "12",
                            paramLabel = "N",
                            description =
                                    "Partitions of TOPIC; the others have one (default:"
                                            + " ${DEFAULT-VALUE})")
                    int partitions,
            @Option(
                            names = "--replication-factor",
                            paramLabel = "N",
                            description =
                                    "Copies of each partition (default: what the brokers make)")
                    @Nullable Integer replication,
            @Option(
                            names = "--retention",
                            defaultValue = "2d",
                            paramLabel = "DURATION",
                            description =
                                    "How long TOPIC keeps records (default: ${DEFAULT-VALUE})")
                    Duration retention,
            @Option(
                            names = "--letters-retention",
                            defaultValue = "30d",
                            paramLabel = "DURATION",
                            description =
                                    "How long the other two keep records (default:"
                                            + " ${DEFAULT-VALUE})")
                    Duration lettersRetention) {
        Arguments.require("--partitions", partitions, 1);
        if (replication != null) {
            Arguments.require("--replication-factor", replication, 1, Short.MAX_VALUE);
        }
        List<JobTopic> topics =
                JobTopic.all(
                        where.topic(),
                        partitions,
                        replication == null ? null : replication.shortValue(),
                        retention,
                        lettersRetention);
        boolean areAllAsWanted = true;
        try (KafkaCluster kafka = where.connect()) {
            for (JobTopic topic : topics) {
                areAllAsWanted &= create(kafka, topic);
            }
        }
        return areAllAsWanted ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Whether it is as it should be afterwards. */
    private boolean create(KafkaCluster kafka, JobTopic topic) {
        if (kafka.partitions(topic.name()).isEmpty()) {
            topic.create(kafka);
            out().println("created topic " + topic.name());
            return true;
        }
        List<String> differences = topic.differences(kafka);
        out().println(
                        "topic "
                                + topic.name()
                                + " exists"
                                + (differences.isEmpty()
                                        ? ""
                                        : " and was left as it is: "
                                                + String.join("; ", differences)));
        return differences.isEmpty();
    }
}
