package io.weir.tools.doctor;

import io.weir.check.Findings;
import io.weir.config.KafkaOptions;
import io.weir.config.StartFrom;
import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.text.Count;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the brokers answer, the topics are as the job needs them, and it keeps up. */
final class KafkaChecks {

    /** A record may have up to this many bytes, and a dead letter holds a whole record. */
    private static final long MAX_RECORD_BYTES = 4L * 1024 * 1024;

    /** How README.md makes the topics. */
    private static final String DEAD_LETTERS = "--config max.message.bytes=" + MAX_RECORD_BYTES;

    private static final String RETENTION = "retention.ms=172800000";
    private static final String REQUESTS =
            "--partitions 12 --config message.timestamp.type=LogAppendTime "
                    + DEAD_LETTERS
                    + " --config "
                    + RETENTION;

    private final KafkaOptions options;
    private final Duration maxAhead;
    private final long maxLag;
    private final Findings findings;

    KafkaChecks(KafkaOptions options, Duration maxAhead, long maxLag, Findings findings) {
        this.options = options;
        this.maxAhead = maxAhead;
        this.maxLag = maxLag;
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
        if (exists(kafka, options.topic(), REQUESTS)) {
            timestamps(kafka);
            retention(kafka);
            lag(kafka);
        } else {
            findings.unchecked("lag");
        }
        for (String deadLetters : List.of(options.rejectedTopic(), options.lateTopic())) {
            if (exists(kafka, deadLetters, DEAD_LETTERS)) {
                long bytes = number(kafka, deadLetters, "max.message.bytes");
                findings.check(
                        bytes >= MAX_RECORD_BYTES,
                        "topic " + deadLetters,
                        "max.message.bytes is "
                                + bytes
                                + ", and a record of up to "
                                + MAX_RECORD_BYTES
                                + " bytes that does not fit restarts the job",
                        alter(deadLetters, "max.message.bytes=" + MAX_RECORD_BYTES));
            }
        }
    }

    private boolean exists(KafkaCluster kafka, String topic, String settings) {
        Optional<Integer> found = kafka.partitions(topic);
        findings.check(
                found.isPresent(),
                "topic " + topic,
                "does not exist",
                "kafka-topics.sh --bootstrap-server "
                        + options.bootstrapServers()
                        + " --create --topic "
                        + topic
                        + " "
                        + settings);
        return found.isPresent();
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
                alter(options.topic(), RETENTION));
    }

    private void lag(KafkaCluster kafka) {
        String group = "group " + options.groupId();
        Map<Integer, Long> ends = kafka.endOffsets(options.topic());
        Map<Integer, Long> committed = kafka.committedOffsets(options.groupId(), options.topic());
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
