package io.weir;

import io.weir.TrafficPipeline.TrafficStreams;
import io.weir.config.JobOptions;
import io.weir.config.KafkaOptions;
import io.weir.election.ElectionStore;
import io.weir.intake.DeadLetterSerializer;
import io.weir.intake.LateRequestSerializer;
import io.weir.intake.RequestSource;
import io.weir.intake.StartingPoint;
import io.weir.request.DecodedRecord;
import io.weir.request.ReadRecord;
import io.weir.store.BreakdownUpsert;
import io.weir.store.ElectionUpsert;
import io.weir.store.IntakeUpsert;
import io.weir.store.StoreOptions;
import io.weir.store.StoreSink;
import io.weir.store.StoreTables;
import io.weir.store.StoredElections;
import io.weir.store.StoredViews;
import io.weir.store.TrafficUpsert;
import io.weir.traffic.TrafficRow;
import io.weir.view.Views;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ParameterTool;

/**
 * The main job: HTTP requests from Kafka become minute, hour and day rows of each site, and the top
 * sites are elected.
 *
 * <p>Arguments: {@code --config FILE} names a properties file, {@code --KEY VALUE} overrides its
 * keys. The keys are {@link JobOptions#OPTIONS}.
 */
public final class TrafficJob {

    /** The main job's name in Flink. */
    public static final String NAME = "weir traffic";

    /** Never changes: state is divided into this many key groups for good. */
    static final int MAX_PARALLELISM = 720;

    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);
    private static final String CONFIG = "config";

    /** What Flink's parser of arguments gives a key without a value. */
    private static final String NO_VALUE = "__NO_VALUE_KEY";

    private static final String MAX_REQUEST_BYTES = Integer.toString(4 * 1024 * 1024);

    private TrafficJob() {}

    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT); // libraries make names by it, wrong ones in Turkish
        JobOptions options = JobOptions.of(settings(arguments));
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        build(environment, options);
        environment.execute(nameOf(options));
    }

    /** The job's name in Flink, by what it writes. */
    public static String nameOf(JobOptions options) {
        return options.store().tables() == StoreTables.LATE ? NAME + ", late" : NAME;
    }

    /** Adds the job to the environment; asks Kafka where to start. */
    public static void build(StreamExecutionEnvironment environment, JobOptions options) {
        build(environment, options, UnaryOperator.identity());
    }

    /**
     * Adds the job with something between its source and the rest, which is how tests make it fail.
     */
    public static void build(
            StreamExecutionEnvironment environment,
            JobOptions options,
            UnaryOperator<DataStream<ReadRecord>> afterSource) {
        configure(environment);
        StartingPoint start =
                StartingPoint.find(options.kafka(), options.eventTime().maxAhead(), Instant.now());
        checkEachReads(environment.getParallelism(), start.offsets().size(), options);
        DataStream<ReadRecord> records = afterSource.apply(read(environment, options, start));
        TrafficStreams traffic =
                TrafficPipeline.of(records, options, views(options), start.wholeFromMillis());
        write(traffic, options);
        elect(traffic.rows(), options, start.wholeFromMillis());
    }

    /** A source subtask without a partition emits no watermark, so event time would stand still. */
    static void checkEachReads(int parallelism, int partitions, JobOptions options) {
        if (options.eventTime().idleness() == null && parallelism > partitions) {
            throw new IllegalArgumentException(
                    """
                    parallelism %d with event-time.idleness off needs as many partitions, but topic %s \
                    has %d: a subtask without one would hold up all others forever. Set \
                    event-time.idleness, or a lower parallelism"""
                            .formatted(parallelism, options.kafka().topic(), partitions));
        }
    }

    /** Decoded records with their watermarks. */
    static DataStream<ReadRecord> read(
            StreamExecutionEnvironment environment, JobOptions options, StartingPoint start) {
        return environment
                .fromSource(
                        RequestSource.of(options, start),
                        RequestSource.eventTimes(options.eventTime()),
                        "requests")
                .uid("requests");
    }

    /** Late rows are of requests that views have not counted. */
    private static Views views(JobOptions options) {
        return options.store().tables() == StoreTables.LATE
                ? Views.none()
                : new StoredViews(options.store());
    }

    /** Rows to the store, what is not counted to its topics. */
    static void write(TrafficStreams traffic, JobOptions options) {
        KafkaOptions kafka = options.kafka();
        traffic.rows()
                .sinkTo(
                        new StoreSink<>(
                                options.store(),
                                new TrafficUpsert(
                                        options.store().schema(), options.store().tables())))
                .name("store rows")
                .uid("store-rows");
        traffic.breakdowns()
                .sinkTo(
                        new StoreSink<>(
                                options.store(), new BreakdownUpsert(options.store().schema())))
                .name("store breakdowns")
                .uid("store-breakdowns");
        traffic.ledger()
                .sinkTo(
                        new StoreSink<>(
                                options.store(), new IntakeUpsert(options.store().schema())))
                .name("store ledger")
                .uid("store-ledger")
                .setParallelism(1);
        traffic.late()
                .sinkTo(
                        topic(
                                kafka,
                                new LateRequestSerializer(
                                        kafka.lateTopic(), options.hideAddresses())))
                .name("late requests")
                .uid("late-requests");
        traffic.rejected()
                .sinkTo(
                        topic(
                                kafka,
                                new DeadLetterSerializer(
                                        kafka.rejectedTopic(), options.hideAddresses())))
                .name("dead letters")
                .uid("dead-letters");
    }

    /** The election of the top sites, to the store. Late rows hold too little to elect by. */
    static void elect(DataStream<TrafficRow> rows, JobOptions options, long wholeFromMillis) {
        StoreOptions store = options.store();
        if (store.tables() == StoreTables.LATE) {
            return;
        }
        ElectionStore stored = new StoredElections(store);
        ElectionPipeline.of(
                        rows,
                        ElectionPipeline.settings(rows.getExecutionEnvironment(), stored),
                        stored,
                        options.eventTime(),
                        wholeFromMillis)
                .sinkTo(new StoreSink<>(store, new ElectionUpsert(store.schema())))
                .name("store elections")
                .uid("store-elections")
                .setParallelism(1);
    }

    /** What state depends on, whatever the cluster's configuration says. */
    public static void configure(StreamExecutionEnvironment environment) {
        environment.setMaxParallelism(MAX_PARALLELISM);
        environment.configure(
                new Configuration()
                        .set(PipelineOptions.GENERIC_TYPES, false)
                        .set(PipelineOptions.OBJECT_REUSE, true)
                        // where watermarks overtake records, an election would miss candidates
                        .set(CheckpointingOptions.ENABLE_UNALIGNED, false)
                        // otherwise a request could be counted twice
                        .set(
                                CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE,
                                CheckpointingMode.EXACTLY_ONCE)
                        // otherwise rows that are emitted together could be written apart
                        .set(PipelineOptions.OPERATOR_CHAINING, true));
        if (!environment.getCheckpointConfig().isCheckpointingEnabled()) {
            environment.enableCheckpointing(CHECKPOINT_INTERVAL.toMillis());
        }
    }

    private static KafkaSink<DecodedRecord> topic(
            KafkaOptions kafka, KafkaRecordSerializationSchema<DecodedRecord> serializer) {
        Properties settings = kafka.clientReferences();
        settings.setProperty("max.request.size", MAX_REQUEST_BYTES);
        settings.setProperty("compression.type", "lz4");
        return KafkaSink.<DecodedRecord>builder()
                .setBootstrapServers(kafka.bootstrapServers())
                .setKafkaProducerConfig(settings)
                .setRecordSerializer(serializer)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .build();
    }

    private static Map<String, String> settings(String[] arguments) throws IOException {
        ParameterTool given = ParameterTool.fromArgs(arguments);
        Map<String, String> settings = new HashMap<>();
        if (given.has(CONFIG)) {
            settings.putAll(ParameterTool.fromPropertiesFile(given.get(CONFIG)).toMap());
        }
        settings.putAll(given.toMap());
        settings.remove(CONFIG);
        settings.forEach(
                (key, value) -> {
                    if (value.equals(NO_VALUE)) {
                        throw new IllegalArgumentException(
                                "--" + key + " has no value: write --" + key + " VALUE");
                    }
                });
        return settings;
    }
}
