package io.weir.intake;

import static org.apache.kafka.common.config.TopicConfig.RETENTION_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;

import io.weir.config.KafkaOptions;
import io.weir.config.StartFrom;
import io.weir.traffic.Grain;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Where a job without state begins to read, and from when on it will have read everything.
 *
 * <p>It is worked out once, when the job is submitted, so that a restart before the first
 * checkpoint begins at the same records. A job with state takes both from its state.
 *
 * @param offsets of every partition that is there now; later ones are read from their beginning
 * @param wholeFromMillis every request dated at this instant or later is read, epoch milliseconds;
 *     {@code Long.MIN_VALUE} when all partitions are read from offset 0
 */
public record StartingPoint(Map<TopicPartition, Long> offsets, long wholeFromMillis) {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    public StartingPoint {
        offsets = Map.copyOf(offsets);
    }

    /**
     * Asks Kafka.
     *
     * @param maxAhead how far ahead of its record's timestamp a request may be dated
     * @throws IllegalStateException when Kafka does not answer or a topic is missing; the message
     *     names it and what to do
     */
    public static StartingPoint find(KafkaOptions kafka, Duration maxAhead, Instant now) {
        Properties settings = kafka.clientSettings();
        settings.setProperty("group.id", kafka.groupId());
        settings.setProperty("enable.auto.commit", "false");
        settings.setProperty("auto.offset.reset", "none");
        settings.setProperty("isolation.level", "read_committed");
        settings.setProperty("default.api.timeout.ms", Long.toString(PATIENCE.toMillis()));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return new Finder(consumer, kafka, maxAhead.toMillis(), now.toEpochMilli()).find();
        } catch (KafkaException e) {
            throw new IllegalStateException(
                    """
                    cannot read topic %s at kafka.bootstrap-servers %s: %s. Is the broker up, and are \
                    the address and kafka.client-properties right?"""
                            .formatted(kafka.topic(), kafka.bootstrapServers(), e.getMessage()),
                    e);
        }
    }

    private record Finder(
            KafkaConsumer<byte[], byte[]> consumer,
            KafkaOptions kafka,
            long maxAheadMillis,
            long nowMillis) {

        StartingPoint find() {
            List<TopicPartition> partitions = partitions();
            Map<TopicPartition, Long> offsets = offsets(partitions);
            return new StartingPoint(offsets, wholeFrom(offsets));
        }

        private List<TopicPartition> partitions() {
            Map<String, List<PartitionInfo>> topics = consumer.listTopics();
            Set<String> missing =
                    new TreeSet<>(Set.of(kafka.topic(), kafka.rejectedTopic(), kafka.lateTopic()));
            missing.removeAll(topics.keySet());
            if (!missing.isEmpty()) {
                throw new IllegalStateException(
                        """
                        Kafka at %s has no topic %s: create it (README, 'Run it on a cluster'), or set \
                        kafka.topic"""
                                .formatted(kafka.bootstrapServers(), String.join(", ", missing)));
            }
            return topics.getOrDefault(kafka.topic(), List.of()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
        }

        private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions) {
            StartFrom from = kafka.startFrom();
            return switch (from.position()) {
                case EARLIEST -> consumer.beginningOffsets(partitions);
                case LATEST -> consumer.endOffsets(partitions);
                case COMMITTED -> committed(partitions);
                case DAY, INSTANT -> at(partitions, wantedMillis(from) - maxAheadMillis);
            };
        }

        /** The instant from which on everything is wanted: the given one, or the day's start. */
        private long wantedMillis(StartFrom from) {
            Instant instant = from.instant();
            return instant == null ? Grain.DAY.bucketOf(nowMillis) : instant.toEpochMilli();
        }

        private Map<TopicPartition, Long> committed(List<TopicPartition> partitions) {
            Map<TopicPartition, Long> offsets = consumer.beginningOffsets(partitions);
            consumer.committed(Set.copyOf(partitions))
                    .forEach(
                            (partition, found) -> {
                                if (found == null) {
                                    return;
                                }
                                long offset = found.offset();
                                long earliest = offsets.getOrDefault(partition, 0L);
                                if (offset < earliest) {
                                    throw new IllegalStateException(
                                            """
                            consumer group %s committed offset %d of %s, but Kafka has deleted \
                            everything before %d: start with kafka.start-from earliest or day"""
                                                    .formatted(
                                                            kafka.groupId(),
                                                            offset,
                                                            partition,
                                                            earliest));
                                }
                                offsets.put(partition, offset);
                            });
            return offsets;
        }

        private Map<TopicPartition, Long> at(List<TopicPartition> partitions, long timestamp) {
            Map<TopicPartition, Long> offsets = consumer.endOffsets(partitions);
            consumer.offsetsForTimes(
                            partitions.stream()
                                    .collect(Collectors.toMap(Function.identity(), p -> timestamp)))
                    .forEach(
                            (partition, found) -> {
                                if (found != null) {
                                    offsets.put(partition, found.offset());
                                }
                            });
            return offsets;
        }

        private long wholeFrom(Map<TopicPartition, Long> offsets) {
            List<TopicPartition> skipping =
                    offsets.entrySet().stream()
                            .filter(entry -> entry.getValue() > 0)
                            .map(Map.Entry::getKey)
                            .toList();
            if (skipping.isEmpty()) {
                return Long.MIN_VALUE;
            }
            StartFrom from = kafka.startFrom();
            return switch (from.position()) {
                case DAY, INSTANT ->
                        Math.max(wantedMillis(from), wholeAfterRetention(skipping, offsets));
                case EARLIEST, LATEST, COMMITTED ->
                        latestFirstTimestamp(skipping, offsets) + maxAheadMillis;
            };
        }

        /** A partition that begins at its first kept record may have lost later ones than asked. */
        private long wholeAfterRetention(
                Collection<TopicPartition> skipping, Map<TopicPartition, Long> offsets) {
            Map<TopicPartition, Long> earliest = consumer.beginningOffsets(skipping);
            List<TopicPartition> cut =
                    skipping.stream()
                            .filter(
                                    partition ->
                                            offsets.getOrDefault(partition, 0L)
                                                    <= earliest.getOrDefault(partition, 0L))
                            .toList();
            return cut.isEmpty()
                    ? Long.MIN_VALUE
                    : latestFirstTimestamp(cut, offsets) + maxAheadMillis;
        }

        /** What was not read lies before the first record that is read, or before now. */
        private long latestFirstTimestamp(
                Collection<TopicPartition> partitions, Map<TopicPartition, Long> offsets) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            long latest = Long.MIN_VALUE;
            boolean isAnyEmptied = false;
            for (TopicPartition partition : partitions) {
                long offset = offsets.getOrDefault(partition, 0L);
                long end = ends.getOrDefault(partition, 0L);
                if (offset < end) {
                    latest = Math.max(latest, firstTimestamp(partition, offset));
                } else if (beginnings.getOrDefault(partition, 0L) < end) {
                    latest = Math.max(latest, nowMillis);
                } else {
                    isAnyEmptied = true;
                }
            }
            return isAnyEmptied ? Math.max(latest, latestDeletedTimestamp()) : latest;
        }

        /** Of partitions that retention has emptied; now, unless the topic's settings say more. */
        private long latestDeletedTimestamp() {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, kafka.topic());
            try (Admin admin = Admin.create(kafka.clientSettings())) {
                Config config =
                        admin.describeConfigs(List.of(topic))
                                .all()
                                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                .values()
                                .iterator()
                                .next();
                long retentionMillis = Long.parseLong(config.get(RETENTION_MS_CONFIG).value());
                boolean isByTimeAlone = config.get(RETENTION_BYTES_CONFIG).value().equals("-1");
                return isByTimeAlone && retentionMillis >= 0
                        ? nowMillis - retentionMillis
                        : nowMillis;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AuthorizationException) {
                    return nowMillis;
                }
                throw new KafkaException(e.getCause());
            } catch (TimeoutException e) {
                throw new KafkaException("no answer within " + PATIENCE.toSeconds() + " s", e);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }

        private long firstTimestamp(TopicPartition partition, long offset) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
            return consumer.poll(PATIENCE).records(partition).stream()
                    .findFirst()
                    .map(ConsumerRecord::timestamp)
                    .orElse(nowMillis);
        }
    }
}
