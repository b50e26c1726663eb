package io.weir;

import static io.weir.Samples.at;
import static io.weir.Samples.rejected;
import static io.weir.Samples.request;
import static io.weir.Samples.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.JobOptions;
import io.weir.election.MinuteHits;
import io.weir.intake.RequestSource;
import io.weir.request.DecodedRecord;
import io.weir.request.ReadRecord;
import io.weir.request.ReadRecords;
import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficRow;
import io.weir.view.Views;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The streams of the job, without Kafka and without a store. */
class TrafficPipelineTest {

    @RegisterExtension static final MiniClusterExtension FLINK = new MiniClusterExtension();

    private static final DecodedRecord ON_TIME = valid(0, at("10:00:59.999"));
    private static final DecodedRecord NEXT_MINUTE = valid(0, at("10:01:05"));

    /** Behind the minute's end, before the watermark has passed it. */
    private static final DecodedRecord UNOBSERVABLY_LATE = valid(0, at("10:00:58"), at("10:01:06"));

    private static final DecodedRecord MUCH_LATER = valid(0, at("10:11:09.999"));

    /** The watermark has passed the minute, the lateness is not over. */
    private static final DecodedRecord OBSERVABLY_LATE =
            valid(0, at("10:00:00"), at("10:11:09.999"));

    private static final DecodedRecord LAST_STRAW = valid(0, at("10:11:10"));
    private static final DecodedRecord DROPPABLY_LATE = valid(0, at("10:00:30"), at("10:11:10"));
    private static final DecodedRecord GARBAGE = rejected(0, at("10:11:11"));

    private static final List<DecodedRecord> RECORDS =
            List.of(
                    ON_TIME,
                    NEXT_MINUTE,
                    UNOBSERVABLY_LATE,
                    MUCH_LATER,
                    OBSERVABLY_LATE,
                    LAST_STRAW,
                    DROPPABLY_LATE,
                    GARBAGE);

    @Test
    void everyCountedRequestIsInTheFinalRowOfItsMinuteHourAndDay() throws Exception {
        Map<String, Long> finalCounts = new HashMap<>();
        try (var rows = pipeline().rows().executeAndCollect()) {
            while (rows.hasNext()) {
                TrafficRow row = rows.next();
                if (row.isFinal()) {
                    finalCounts.put(
                            row.grain().suffix() + " " + Instant.ofEpochMilli(row.bucketMillis()),
                            row.requestCount());
                }
            }
        }

        assertThat(finalCounts)
                .isEqualTo(
                        Map.of(
                                "1min 2026-01-15T10:00:00Z", 3L,
                                "1min 2026-01-15T10:01:00Z", 1L,
                                "1min 2026-01-15T10:11:00Z", 2L,
                                "1hour 2026-01-15T10:00:00Z", 6L,
                                "1day 2026-01-15T00:00:00Z", 6L));
    }

    @Test
    void theDroppablyLateRequestIsParkedAndTheGarbageRejected() throws Exception {
        assertThat(pipeline().late().executeAndCollect(10))
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(DROPPABLY_LATE);
        assertThat(pipeline().rejected().executeAndCollect(10))
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(GARBAGE);
    }

    /** What an election counts has ended. */
    @Test
    void onlyFinalMinutesAreElectedBy() throws Exception {
        DataStream<TrafficRow> rows =
                environment()
                        .fromData(
                                row(Grain.MINUTE, 1, false),
                                row(Grain.MINUTE, 2, true),
                                row(Grain.HOUR, 3, true),
                                row(Grain.DAY, 4, true));

        assertThat(ElectionPipeline.minutes(rows, options().eventTime(), 77).executeAndCollect(10))
                .containsExactly(new MinuteHits(2, at("10:00:00"), 1, 77));
    }

    private static TrafficRow row(Grain grain, int site, boolean isFinal) {
        Traffic traffic = new Traffic();
        traffic.add(request(site, at("10:00:00")));
        return new TrafficRow(grain, site, at("10:00:00"), traffic, true, isFinal, 0);
    }

    private static TrafficPipeline.TrafficStreams pipeline() {
        JobOptions options = options();
        DataStream<ReadRecord> records =
                environment()
                        .fromData(RECORDS)
                        .map(ReadRecords::of)
                        .assignTimestampsAndWatermarks(
                                RequestSource.eventTimes(options.eventTime()));
        return TrafficPipeline.of(records, options, Views.none(), Long.MIN_VALUE);
    }

    private static StreamExecutionEnvironment environment() {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        TrafficJob.configure(environment);
        environment.setParallelism(1);
        return environment;
    }

    private static JobOptions options() {
        return JobOptions.of(
                Map.of(
                        "kafka.bootstrap-servers", "none",
                        "event-time.idleness", "off",
                        "event-time.alignment-drift", "off",
                        "store.url", "jdbc:postgresql://none/weir",
                        "store.user", "none"));
    }
}
