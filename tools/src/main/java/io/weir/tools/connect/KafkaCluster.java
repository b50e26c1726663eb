package io.weir.tools.connect;

import io.weir.database.Causes;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** The topics of a Kafka cluster, as the commands need them. */
public final class KafkaCluster implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 15;

    /**
     * What a topic needs to keep everything, of whatever age, with the timestamps of the sender.
     */
    private static final Map<String, String> KEEP_EVERYTHING =
            Map.of(
                    "message.timestamp.type", "CreateTime",
                    "message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE),
                    "message.timestamp.before.max.ms", Long.toString(Long.MAX_VALUE),
                    "retention.ms", "-1",
                    "retention.bytes", "-1",
                    "cleanup.policy", "delete",
                    "max.message.bytes", Integer.toString(4 * 1024 * 1024));

    private final Admin admin;
    private final String bootstrapServers;

    private KafkaCluster(Admin admin, String bootstrapServers) {
        this.admin = admin;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Connects to a cluster.
     *
     * @param clientProperties Kafka's own, with {@code bootstrap.servers}
     * @throws CommandException when no broker answers
     */
    public static KafkaCluster connect(Map<String, ?> clientProperties) {
        String servers = String.valueOf(clientProperties.get("bootstrap.servers"));
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        Admin admin;
        try {
            admin = Admin.create(properties);
        } catch (KafkaException e) {
            throw new CommandException(
                    "--bootstrap-servers: " + servers + " cannot be used: " + Causes.innermost(e),
                    e);
        }
        KafkaCluster cluster = new KafkaCluster(admin, servers);
        try {
            cluster.topics();
        } catch (CommandException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    public Set<String> topics() {
        return get(admin.listTopics().names());
    }

    /** Makes a topic that keeps everything. */
    public void create(String topic, int partitions) {
        create(topic, partitions, null, KEEP_EVERYTHING);
    }

    /**
     * Makes a topic.
     *
     * @param replication copies of each partition, null for what the brokers make by default
     */
    public void create(
            String topic,
            int partitions,
            @Nullable Short replication,
            Map<String, String> settings) {
        NewTopic made =
                new NewTopic(topic, Optional.of(partitions), Optional.ofNullable(replication));
        get(admin.createTopics(List.of(made.configs(settings))).all());
    }

    public void delete(Collection<String> topics) {
        get(admin.deleteTopics(topics).all());
    }

    /** How many partitions the topic has, nothing when it does not exist. */
    public Optional<Integer> partitions(String topic) {
        return describe(topic).map(description -> description.partitions().size());
    }

    /** How many copies of its first partition a topic has that exists. */
    public int replication(String topic) {
        return describe(topic).orElseThrow().partitions().get(0).replicas().size();
    }

    private Optional<TopicDescription> describe(String topic) {
        try {
            return Optional.ofNullable(
                    get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic));
        } catch (CommandException e) {
            if (e.getCause() != null
                    && e.getCause().getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * How many partitions the topic has.
     *
     * @throws CommandException when it does not exist
     */
    public int requirePartitions(String topic) {
        return partitions(topic)
                .orElseThrow(
                        () ->
                                new CommandException(
                                        "there is no topic %s at %s: create it or name another with --topic"
                                                .formatted(topic, bootstrapServers)));
    }

    /** The value of one of the topic's settings. */
    public String setting(String topic, String name) {
        return settings(topic).getOrDefault(name, "");
    }

    /** The topic's settings by name, defaults included. */
    public Map<String, String> settings(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<String, String> settings = new TreeMap<>();
        for (ConfigEntry entry :
                get(admin.describeConfigs(List.of(resource)).all())
                        .getOrDefault(resource, new Config(List.of()))
                        .entries()) {
            if (entry.value() != null) {
                settings.put(entry.name(), entry.value());
            }
        }
        return settings;
    }

    /** The offset after the last record of each partition. */
    public Map<Integer, Long> endOffsets(String topic) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (TopicPartition partition : partitionsOf(topic)) {
            wanted.put(partition, OffsetSpec.latest());
        }
        Map<Integer, Long> offsets = new TreeMap<>();
        get(admin.listOffsets(wanted).all())
                .forEach((partition, end) -> offsets.put(partition.partition(), end.offset()));
        return offsets;
    }

    /** What the group has committed, by partition; partitions without a commit are absent. */
    public Map<Integer, Long> committedOffsets(String group, String topic) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        Map<Integer, Long> offsets = new TreeMap<>();
        committed.forEach(
                (partition, offset) -> {
                    if (partition.topic().equals(topic) && offset != null) {
                        offsets.put(partition.partition(), offset.offset());
                    }
                });
        return offsets;
    }

    /**
     * The notes that the group has committed with its offsets, by partition, after transactions
     * that were still open have ended.
     */
    public Map<Integer, String> committedNotes(String group, String topic) {
        ListConsumerGroupOffsetsOptions stable =
                new ListConsumerGroupOffsetsOptions().requireStable(true);
        Map<Integer, String> notes = new TreeMap<>();
        get(admin.listConsumerGroupOffsets(group, stable).partitionsToOffsetAndMetadata())
                .forEach(
                        (partition, offset) -> {
                            if (partition.topic().equals(topic) && offset != null) {
                                notes.put(partition.partition(), offset.metadata());
                            }
                        });
        return notes;
    }

    /** What tells the cluster from all others. */
    public String clusterId() {
        return get(admin.describeCluster().clusterId());
    }

    /**
     * What tells a topic from one that had its name before.
     *
     * @throws CommandException when it does not exist
     */
    public String topicId(String topic) {
        requirePartitions(topic);
        return describe(topic).orElseThrow().topicId().toString();
    }

    public void deleteGroup(String group) {
        get(admin.deleteConsumerGroups(List.of(group)).all());
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ofSeconds(1));
    }

    private List<TopicPartition> partitionsOf(String topic) {
        return IntStream.range(0, requirePartitions(topic))
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    private <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (TimeoutException e) {
            throw silent(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private CommandException failure(ExecutionException e) {
        return e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException
                ? silent(e)
                : new CommandException(
                        "Kafka at " + bootstrapServers + ": " + Causes.innermost(e), e);
    }

    private CommandException silent(Exception e) {
        return new CommandException(
                "no Kafka broker answers at "
                        + bootstrapServers
                        + ": start it or correct --bootstrap-servers",
                e);
    }

    private static CommandException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CommandException("interrupted", e);
    }
}
