package io.weir.intake;

import io.weir.config.EventTimeOptions;
import io.weir.config.JobOptions;
import io.weir.config.KafkaOptions;
import io.weir.request.ClientCountries;
import io.weir.request.ReadRecord;
import io.weir.request.RequestDecoder;
import io.weir.store.StoreOptions;
import io.weir.store.StoredHosts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;

/** The Kafka source of the job, and its watermarks. */
public final class RequestSource {

    private static final String ALIGNMENT_GROUP = "requests";
    private static final Duration ALIGNMENT_INTERVAL = Duration.ofSeconds(1);

    /**
     * Little, so that a backlog is read from all partitions at about the same event time and few
     * windows are open at once. A record that is larger comes alone.
     */
    private static final int MAX_PARTITION_FETCH_BYTES = 256 * 1024;

    /** A fetch waits for this much, so that a broker is not asked again for each few records. */
    private static final int MIN_FETCH_BYTES = 64 * 1024;

    private static final int MAX_FETCH_WAIT_MILLIS = 100;

    private RequestSource() {}

    public static Source<ReadRecord, KafkaPartitionSplit, KafkaSourceEnumState> of(
            JobOptions options, StartingPoint start) {
        KafkaOptions kafka = options.kafka();
        EventTimeOptions time = options.eventTime();
        Properties settings = kafka.clientReferences();
        settings.setProperty("isolation.level", "read_committed");
        settings.setProperty(
                "max.partition.fetch.bytes", Integer.toString(MAX_PARTITION_FETCH_BYTES));
        settings.putIfAbsent("fetch.min.bytes", Integer.toString(MIN_FETCH_BYTES));
        settings.putIfAbsent("fetch.max.wait.ms", Integer.toString(MAX_FETCH_WAIT_MILLIS));
        settings.setProperty("partition.discovery.interval.ms", "60000");
        return new WatermarkedSource(
                KafkaSource.<ReadRecord>builder()
                        .setProperties(settings)
                        .setBootstrapServers(kafka.bootstrapServers())
                        .setTopics(kafka.topic())
                        .setGroupId(kafka.groupId())
                        .setStartingOffsets(new StartingOffsets(start.offsets()))
                        .setDeserializer(new RequestDeserializer(decoder(options, options.store())))
                        .build(),
                kafka.topic(),
                kafka.clientReferences(),
                lateness(time),
                time.idleness());
    }

    /**
     * What makes requests of records, as the job does.
     *
     * @param store where the hosts of sites are looked up
     */
    public static RequestDecoder decoder(JobOptions options, StoreOptions store) {
        EventTimeOptions time = options.eventTime();
        Path countries = options.countryDatabase();
        return new RequestDecoder(
                time.maxAhead(),
                time.maxAge(),
                options.deduplicate().identity(),
                new StoredHosts(store),
                countries == null ? null : new ClientCountries(countries));
    }

    /** Event times, and alignment where the options ask for it; the source emits watermarks. */
    public static WatermarkStrategy<ReadRecord> eventTimes(EventTimeOptions time) {
        WatermarkStrategy<ReadRecord> strategy =
                WatermarkStrategy.<ReadRecord>noWatermarks()
                        .withTimestampAssigner((record, recordTimestamp) -> timestampOf(record));
        Duration drift = time.alignmentDrift();
        return drift == null
                ? strategy
                : strategy.withWatermarkAlignment(ALIGNMENT_GROUP, drift, ALIGNMENT_INTERVAL);
    }

    private static long timestampOf(ReadRecord record) {
        return record.isRequest() ? record.eventTimeMillis() : Long.MIN_VALUE;
    }

    public static Lateness lateness(EventTimeOptions time) {
        return Lateness.of(time.outOfOrderness(), time.allowedLateness(), time.arrivalClock());
    }
}
