package io.weir.tools.doctor;

import io.weir.check.Findings;
import io.weir.config.KafkaOptions;
import io.weir.config.StartFrom;
import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.JobGroups;
import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.text.Count;
import io.weir.tools.text.DurationText;
import io.weir.tools.topics.JobTopic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the brokers answer, the topics are as the job needs them, and it keeps up. */
final class KafkaChecks {

    private final KafkaOptions options;
    private final Duration maxAhead;
    private final long maxLag;
    private final Duration lettersRetention;
    private final Findings findings;

    KafkaChecks(
            KafkaOptions options,
            Duration maxAhead,
            long maxLag,
            Duration lettersRetention,
            Findings findings) {
        this.options = options;
        this.maxAhead = maxAhead;
        this.maxLag = maxLag;
        this.lettersRetention = lettersRetention;
        this.findings = findings;
    }

    void run() {
        Map<String, Object> client = new HashMap<>();
        options.clientSettings().forEach((key, value) -> client.put(String.valueOf(key), value));
        String subject = "Kafka at " + options.bootstrapServers();
        try (KafkaCluster kafka = KafkaCluster.connect(client)) {
            findings.well();
            topics(kafka);
        } catch (CommandException e) {
            findings.wrong(
                    subject,
                    "no broker answers (" + Causes.innermost(e) + ")",
                    "Start it, or correct kafka.bootstrap-servers and kafka.client-properties");
            findings.unchecked("topics", "lag");
        }
    }

    private void topics(KafkaCluster kafka) {
        if (exists(kafka, options.topic())) {
            timestamps(kafka);
            retention(kafka);
            lag(kafka);
        } else {
            findings.unchecked("lag");
        }
        for (String letters : List.of(options.rejectedTopic(), options.lateTopic())) {
            if (exists(kafka, letters)) {
                size(kafka, letters);
                retentionOfLetters(kafka, letters);
            }
        }
    }

    private boolean exists(KafkaCluster kafka, String topic) {
        Optional<Integer> found = kafka.partitions(topic);
        findings.check(
                found.isPresent(),
                "topic " + topic,
                "does not exist",
                "./weir topics create --bootstrap-servers "
                        + options.bootstrapServers()
                        + " --topic "
                        + options.topic());
        return found.isPresent();
    }

    private void size(KafkaCluster kafka, String letters) {
        long bytes = number(kafka, letters, "max.message.bytes");
        findings.check(
                bytes >= JobTopic.MAX_RECORD_BYTES,
                "topic " + letters,
                "max.message.bytes is "
                        + bytes
                        + ", and a record of up to "
                        + JobTopic.MAX_RECORD_BYTES
                        + " bytes that does not fit restarts the job",
                alter(letters, "max.message.bytes=" + JobTopic.MAX_RECORD_BYTES));
    }

    private void retentionOfLetters(KafkaCluster kafka, String letters) {
        long millis = number(kafka, letters, "retention.ms");
        findings.check(
                millis < 0 || millis >= lettersRetention.toMillis(),
                "topic " + letters,
                "keeps letters for "
                        + DurationText.of(Duration.ofMillis(Math.max(0, millis)))
                        + " (retention.ms), less than "
                        + DurationText.of(lettersRetention),
                alter(letters, "retention.ms=" + lettersRetention.toMillis())
                        + " (or allow it with --letters-retention)");
        long bytes = number(kafka, letters, "retention.bytes");
        findings.check(
                bytes < 0,
                "topic " + letters,
                "drops letters of any age when a partition has more than "
                        + bytes
                        + " bytes (retention.bytes)",
                alter(letters, "retention.bytes=-1"));
    }

    private void timestamps(KafkaCluster kafka) {
        String topic = options.topic();
        if (kafka.setting(topic, "message.timestamp.type").equals("LogAppendTime")) {
            findings.well();
            return;
        }
        long after = number(kafka, topic, "message.timestamp.after.max.ms");
        findings.check(
                after <= maxAhead.toMillis(),
                "topic " + topic,
                "accepts any timestamp, even further ahead than event-time.max-ahead: a record from"
                        + " the future makes all later ones late",
                alter(topic, "message.timestamp.type=LogAppendTime")
                        + " (or message.timestamp.after.max.ms="
                        + maxAhead.toMillis()
                        + ")");
    }

    private void retention(KafkaCluster kafka) {
        long kept = number(kafka, options.topic(), "retention.ms");
        boolean isDay = options.startFrom().position() == StartFrom.Position.DAY;
        findings.check(
                kept < 0 || !isDay || kept >= Duration.ofDays(1).toMillis(),
                "topic " + options.topic(),
                "keeps records for "
                        + kept
                        + " ms, and a job without state begins with the UTC day (kafka.start-from)",
                alter(options.topic(), "retention.ms=" + JobTopic.RETENTION.toMillis()));
    }

    private void lag(KafkaCluster kafka) {
        String group = "group " + options.groupId();
        Map<Integer, Long> ends = kafka.endOffsets(options.topic());
        Map<Integer, Long> committed =
                new JobGroups(options.groupId()).furthest(kafka, options.topic());
        if (committed.isEmpty()) {
            findings.check(
                    ends.values().stream().allMatch(end -> end == 0),
                    group,
                    "has committed no offsets of " + options.topic(),
                    "Start the job; it commits with its first checkpoint: see"
                            + " docs/operations.md#lag");
            return;
        }
        long lag = 0;
        for (Map.Entry<Integer, Long> end : ends.entrySet()) {
            lag += Math.max(0, end.getValue() - committed.getOrDefault(end.getKey(), 0L));
        }
        findings.check(
                lag <= maxLag,
                group,
                "is " + Count.of(lag, "record") + " behind, more than " + maxLag,
                "See docs/operations.md#lag");
    }

    private long number(KafkaCluster kafka, String topic, String setting) {
        try {
            return Long.parseLong(kafka.setting(topic, setting));
        } catch (NumberFormatException e) {
            throw new CommandException("topic " + topic + " does not report its " + setting, e);
        }
    }

    private String alter(String topic, String setting) {
        return "kafka-configs.sh --bootstrap-server "
                + options.bootstrapServers()
                + " --alter --topic "
                + topic
                + " --add-config "
                + setting;
    }
}
