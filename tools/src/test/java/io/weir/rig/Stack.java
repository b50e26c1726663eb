package io.weir.rig;

import io.weir.breakdown.AggregateBreakdowns;
import io.weir.embedded.EmbeddedKafka;
import io.weir.embedded.EmbeddedPostgres;
import io.weir.schema.SchemaMigration;
import io.weir.traffic.Grain;
import io.weir.traffic.Measure;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A broker and a database of a test class; every test takes a topic and a schema of its own. */
public final class Stack implements AutoCloseable {

    private static final Duration MAX_ELECTION_INTERVAL = Duration.ofDays(1);

    private final Path folder;
    private EmbeddedKafka kafka;
    private EmbeddedPostgres postgres;

    private String jdbcUrl;

    private Stack(Path folder, EmbeddedKafka kafka, EmbeddedPostgres postgres) {
        this.folder = folder;
        this.kafka = kafka;
        this.postgres = postgres;
        this.jdbcUrl = postgres.jdbcUrl();
    }

    public static Stack start(Path folder) {
        return new Stack(
                folder,
                EmbeddedKafka.start(folder.resolve("kafka")),
                EmbeddedPostgres.start(folder.resolve("postgres")));
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /**
     * From here on the database is this one, whose superuser has the same name; Kafka stays.
     *
     * @param other JDBC address without user and password
     */
    public void useDatabase(String other) {
        jdbcUrl = other;
    }

    public String jdbcUrl() {
        return jdbcUrl;
    }

    public String databaseUser() {
        return postgres.user();
    }

    public void stopDatabase() {
        postgres.close();
    }

    public void restartDatabase() {
        postgres = EmbeddedPostgres.start(folder.resolve("postgres"), postgres.port());
    }

    public void stopBroker() {
        kafka.close();
    }

    public void restartBroker() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), kafka.port());
    }

    /** Makes the topic and those of its late requests and dead letters, as the demo does. */
    public void createTopics(String topic, int partitions) throws Exception {
        create(topic, partitions);
        createLetterTopics(topic);
    }

    /** Makes the topics of its late requests and dead letters. */
    public void createLetterTopics(String topic) throws Exception {
        create(topic + ".late", 1);
        create(topic + ".rejected", 1);
    }

    /** Deletes a topic and makes one of the same name. */
    public void recreate(String topic, int partitions) throws Exception {
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
        create(topic, partitions);
    }

    private void create(String topic, int partitions) throws Exception {
        try (Admin admin = admin()) {
            NewTopic created =
                    new NewTopic(topic, partitions, (short) 1)
                            .configs(
                                    Map.of(
                                            "message.timestamp.type",
                                            "CreateTime",
                                            "retention.ms",
                                            "-1",
                                            "max.message.bytes",
                                            Integer.toString(4 * 1024 * 1024)));
            admin.createTopics(List.of(created)).all().get();
        }
    }

    /** Makes the tables in a schema, with partitions for the given span of event time. */
    public void createSchema(String schema, Instant first, Instant last) throws Exception {
        new SchemaMigration(jdbcUrl(), databaseUser(), null, schema).migrate();
        try (Connection connection = connect()) {
            for (Grain grain : Grain.values()) {
                ensurePartitions(connection, schema, grain.table(), first, last);
            }
            for (Grain grain : AggregateBreakdowns.GRAINS) {
                ensurePartitions(connection, schema, "breakdown_" + grain.suffix(), first, last);
            }
            ensurePartitions(
                    connection,
                    schema,
                    "top_site_candidate",
                    first,
                    last.plus(MAX_ELECTION_INTERVAL));
        }
    }

    private static void ensurePartitions(
            Connection connection, String schema, String table, Instant first, Instant last)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select " + schema + ".ensure_partitions(?, ?, ?)")) {
            statement.setString(1, table);
            statement.setObject(2, first.atOffset(java.time.ZoneOffset.UTC));
            statement.setObject(3, last.atOffset(java.time.ZoneOffset.UTC));
            statement.execute();
        }
    }

    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), databaseUser(), "");
    }

    /** The same, with the functions of a schema at hand, as the job has them. */
    public Connection connectIn(String schema) throws SQLException {
        Connection connection = connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("set search_path to " + schema + ", public");
        }
        return connection;
    }

    /** Every row of a grain's table as text, all cells but updated_at, in the order of its key. */
    public List<String> rows(String schema, Grain grain) throws SQLException {
        return rows(schema, grain, Measure.ALL);
    }

    /** The rows of a grain: key, these measures and the flags. */
    public List<String> rows(String schema, Grain grain, List<Measure> measures)
            throws SQLException {
        return query(
                "select row(site_id, bucket, %s, is_whole, is_final)::text from %s.%s order by site_id, bucket"
                        .formatted(
                                measures.stream()
                                        .map(Measure::column)
                                        .collect(Collectors.joining(", ")),
                                schema,
                                grain.table()));
    }

    /** The rows of all grains. */
    public Map<Grain, List<String>> rows(String schema) throws SQLException {
        Map<Grain, List<String>> rows = new HashMap<>();
        for (Grain grain : Grain.values()) {
            rows.put(grain, rows(schema, grain));
        }
        return rows;
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of what a query returns. */
    public List<String> query(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                values.add(result.getString(1));
            }
        }
        return values;
    }

    /** Offsets after the last record of each partition. */
    public Map<TopicPartition, Long> endOffsets(String topic)
            throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            for (TopicDescription description :
                    admin.describeTopics(List.of(topic)).allTopicNames().get().values()) {
                for (TopicPartitionInfo info : description.partitions()) {
                    wanted.put(new TopicPartition(topic, info.partition()), OffsetSpec.latest());
                }
            }
            Map<TopicPartition, Long> ends = new HashMap<>();
            admin.listOffsets(wanted)
                    .all()
                    .get()
                    .forEach((partition, info) -> ends.put(partition, info.offset()));
            return ends;
        }
    }

    /** What a consumer group has committed of a topic. */
    public Map<TopicPartition, Long> committedOffsets(String group)
            throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            Map<TopicPartition, Long> committed = new HashMap<>();
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> committed.put(partition, offset.offset()));
            return committed;
        }
    }

    /** All records that a topic holds. */
    public List<ConsumerRecord<byte[], byte[]>> records(String topic) throws Exception {
        Map<TopicPartition, Long> ends = endOffsets(topic);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers(),
                                "isolation.level",
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(java.time.Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    @Override
    public void close() {
        kafka.close();
        postgres.close();
    }
}
