package io.weir.tools.topics;

import io.weir.config.KafkaOptions;
import io.weir.tools.connect.KafkaCluster;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How long the topics of a job go on holding the records that they hold now. */
public final class KeptRecords {

    private KeptRecords() {}

    /**
     * A sentence for each topic: of requests, of rejected records, of late requests, of the late
     * job.
     */
    public static List<String> of(KafkaCluster kafka, String topic, Instant now) {
        String late = KafkaOptions.lateOf(topic);
        Stream<String> ofTheLateJob =
                Stream.of(KafkaOptions.rejectedOf(late), KafkaOptions.lateOf(late))
                        .filter(name -> kafka.partitions(name).isPresent());
        return Stream.concat(Stream.of(topic, KafkaOptions.rejectedOf(topic), late), ofTheLateJob)
                .map(
                        name ->
                                kafka.partitions(name).isEmpty()
                                        ? "topic " + name + " does not exist"
                                        : "topic " + name + kept(kafka.settings(name), now))
                .toList();
    }

    /**
     * A segment is deleted when its last record is older than the retention, and takes records for
     * up to {@code segment.ms}. Rounded up to the hour: brokers look every few minutes.
     */
    static String kept(Map<String, String> settings, Instant now) {
        long retention = Long.parseLong(settings.getOrDefault("retention.ms", "-1"));
        if (retention < 0 || !settings.getOrDefault("cleanup.policy", "").contains("delete")) {
            return " keeps what it holds for good: delete the topic, or set its retention.ms";
        }
        long segment = Long.parseLong(settings.getOrDefault("segment.ms", "0"));
        boolean isArrival = "LogAppendTime".equals(settings.get("message.timestamp.type"));
        Instant end = now.plusMillis(retention).plusMillis(segment);
        return " keeps what it holds until "
                + end.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS)
                + (isArrival ? " at the latest" : ", if the senders' timestamps are right");
    }
}
