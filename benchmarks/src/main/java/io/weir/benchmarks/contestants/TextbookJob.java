package io.weir.benchmarks.contestants;

import java.sql.Timestamp;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.apache.flink.connector.jdbc.core.datastream.sink.JdbcSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/**
 * What Flink's documentation of the DataStream API leads to: an object a record, windows of a
 * minute, the JDBC sink. Minutes only, with counts, average, bytes and exact distinct addresses.
 */
final class TextbookJob implements Contestant {

    private static final Duration OUT_OF_ORDERNESS = Duration.ofSeconds(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int BATCH_ROWS = 1_000;
    private static final int BATCH_MILLIS = 1_000;

    private final Assignment assignment;
    private final PeerTables tables;

    TextbookJob(Assignment assignment) {
        this.assignment = assignment;
        this.tables = new PeerTables(assignment, "textbook");
    }

    @Override
    public void prepare() throws Exception {
        tables.make();
    }

    @Override
    public Effort count() throws Exception {
        StreamExecutionEnvironment environment = FlinkRun.environment(assignment);
        KafkaSource<JsonRequest> source =
                KafkaSource.<JsonRequest>builder()
                        .setBootstrapServers(assignment.bootstrapServers())
                        .setTopics(Assignment.TOPIC)
                        .setStartingOffsets(OffsetsInitializer.earliest())
                        .setBounded(OffsetsInitializer.latest())
                        .setValueOnlyDeserializer(new JsonRequestSchema())
                        .build();
        environment
                .fromSource(
                        source,
                        WatermarkStrategy.<JsonRequest>forBoundedOutOfOrderness(OUT_OF_ORDERNESS)
                                .withTimestampAssigner((request, any) -> request.eventTime),
                        "requests")
                .keyBy(request -> request.siteId)
                .window(TumblingEventTimeWindows.of(MINUTE))
                .aggregate(new Count(), new ToRow())
                .sinkTo(sink());
        Stopwatch watch = FlinkRun.untilEnd(environment.executeAsync("textbook"));
        return watch.effort(tables.requestsIn("http_request_1min"));
    }

    private Sink<MinuteRow> sink() {
        return JdbcSink.<MinuteRow>builder()
                .withQueryStatement(
                        """
                        insert into textbook.http_request_1min values (?, ?, ?, ?, ?, ?, ?)
                        on conflict (site_id, bucket) do update set
                          request_count = excluded.request_count,
                          error_count = excluded.error_count,
                          average_response_time_msec = excluded.average_response_time_msec,
                          bytes_sum = excluded.bytes_sum,
                          distinct_ip_addresses = excluded.distinct_ip_addresses
                        """,
                        (statement, row) -> {
                            statement.setInt(1, row.siteId());
                            statement.setTimestamp(2, new Timestamp(row.minuteMillis()));
                            statement.setLong(3, row.requests());
                            statement.setLong(4, row.errors());
                            statement.setDouble(5, row.averageMsec());
                            statement.setLong(6, row.bytes());
                            statement.setLong(7, row.addresses());
                        })
                .withExecutionOptions(
                        JdbcExecutionOptions.builder()
                                .withBatchSize(BATCH_ROWS)
                                .withBatchIntervalMs(BATCH_MILLIS)
                                .build())
                .buildAtLeastOnce(
                        new JdbcConnectionOptions.JdbcConnectionOptionsBuilder()
                                .withUrl(assignment.jdbcUrl() + "?reWriteBatchedInserts=true")
                                .withDriverName("org.postgresql.Driver")
                                .withUsername(assignment.user())
                                .build());
    }

    private static final class Count
            implements AggregateFunction<JsonRequest, MinuteCounts, MinuteCounts> {

        private static final long serialVersionUID = 1;

        @Override
        public MinuteCounts createAccumulator() {
            return new MinuteCounts();
        }

        @Override
        public MinuteCounts add(JsonRequest request, MinuteCounts counts) {
            counts.add(request);
            return counts;
        }

        @Override
        public MinuteCounts getResult(MinuteCounts counts) {
            return counts;
        }

        @Override
        public MinuteCounts merge(MinuteCounts one, MinuteCounts other) {
            one.add(other);
            return one;
        }
    }

    private static final class ToRow
            extends ProcessWindowFunction<MinuteCounts, MinuteRow, Integer, TimeWindow> {

        private static final long serialVersionUID = 1;

        @Override
        public void process(
                Integer siteId,
                Context context,
                Iterable<MinuteCounts> only,
                Collector<MinuteRow> out) {
            MinuteCounts counts = only.iterator().next();
            out.collect(
                    new MinuteRow(
                            siteId,
                            context.window().getStart(),
                            counts.requests,
                            counts.errors,
                            counts.responseTimeMsec / counts.requests,
                            counts.bytes,
                            counts.addresses.size()));
        }
    }
}
