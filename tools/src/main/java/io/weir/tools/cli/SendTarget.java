package io.weir.tools.cli;

import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.send.RecordSender;
import io.weir.tools.send.RecordSource;
import io.weir.tools.text.Count;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** Where {@code generate} and {@code replay-log} send to, and how fast. */
final class SendTarget {

    private static final String TIMESTAMP_TYPE = "message.timestamp.type";

    /** The allowed lateness by default. */
    private static final Duration AGE_ON_TIME = Duration.ofMinutes(10);

    @Mixin private KafkaArguments kafka = new KafkaArguments();

    @Mixin private RateOption rate = new RateOption();

    /** Fails where all old requests would be late. */
    void requireTimestampsOfTheSender() {
        if (stampsArrivals()) {
            throw new CommandException(
                    "topic %s stamps records with the time of their arrival (%s=LogAppendTime), so every old request would be late: use a topic with CreateTime"
                            .formatted(topic(), TIMESTAMP_TYPE));
        }
    }

    /**
     * Fails where requests would be late because of their age.
     *
     * @param first no event time is before it
     */
    void requireOnTime(Instant first) {
        if (first.isBefore(Instant.now().minus(AGE_ON_TIME)) && stampsArrivals()) {
            throw new CommandException(
                    "topic %s stamps records with the time of their arrival (%s=LogAppendTime), so requests that are older than %d minutes, as the first from %s, would be late: choose a shorter --span and no --seed, or a topic with CreateTime"
                            .formatted(topic(), TIMESTAMP_TYPE, AGE_ON_TIME.toMinutes(), first));
        }
    }

    /** Whether records get the time of their arrival as timestamp. */
    boolean stampsArrivals() {
        try (KafkaCluster cluster = kafka.connect()) {
            cluster.requirePartitions(topic());
            return cluster.setting(topic(), TIMESTAMP_TYPE).equals("LogAppendTime");
        }
    }

    String topic() {
        return kafka.topic();
    }

    Map<String, Object> properties() {
        return kafka.properties();
    }

    /** Null for as many as Kafka accepts. */
    @Nullable Double recordsPerSecond() {
        return rate.perSecond();
    }

    /** Sends everything that the source has, and reports how many records it was. */
    void send(RecordSource source, PrintWriter out) throws InterruptedException {
        Double perSecond = rate.perSecond();
        String topic = kafka.topic();
        int partitions;
        try (KafkaCluster cluster = kafka.connect()) {
            partitions = cluster.requirePartitions(topic);
        }
        try (RecordSender sender =
                new RecordSender(kafka.properties(), topic, partitions, perSecond)) {
            sender.send(source);
            out.println("sent " + Count.of(sender.sent(), "record") + " to " + topic);
        } catch (KafkaException e) {
            throw new CommandException(Causes.innermost(e), e);
        }
    }
}
