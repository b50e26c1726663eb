package io.weir;

import io.weir.config.JobOptions;
import io.weir.deduplicate.DeduplicateRequests;
import io.weir.deduplicate.IdGroups;
import io.weir.intake.RequestSource;
import io.weir.intake.RouteRequests;
import io.weir.ledger.KeepLedger;
import io.weir.ledger.Tallies;
import io.weir.ledger.Tally;
import io.weir.request.DecodedRecord;
import io.weir.request.HttpRequest;
import io.weir.traffic.TrafficPartial;
import io.weir.traffic.TrafficRow;
import io.weir.window.AggregateTraffic;
import io.weir.window.CombineRequests;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The topology, from decoded records to rows. It reads and writes nothing itself, so that tests
 * drive the same streams.
 */
public final class TrafficPipeline {

    private TrafficPipeline() {}

    /**
     * The whole pipeline.
     *
     * @param records decoded records with the watermarks of their partitions
     * @param wholeFromMillis in a start without state, the instant from which on every request is
     *     read, epoch milliseconds
     */
    public static TrafficStreams of(
            DataStream<DecodedRecord> records, JobOptions options, long wholeFromMillis) {
        Routed routed = route(records, options);
        if (options.deduplicate().isOn()) {
            routed = deduplicate(routed, options);
        }
        DataStream<TrafficPartial> partials = combine(routed.requests(), options);
        DataStream<TrafficRow> rows = aggregate(partials, options, wholeFromMillis);
        return new TrafficStreams(
                rows, routed.late(), routed.rejected(), keepLedger(routed.tallies()));
    }

    static Routed route(DataStream<DecodedRecord> records, JobOptions options) {
        SingleOutputStreamOperator<HttpRequest> requests =
                records.transform(
                                "route",
                                TypeInformation.of(HttpRequest.class),
                                new RouteRequests(
                                        RequestSource.lateness(options.eventTime()),
                                        options.eventTime().settle(),
                                        options.kafka().topic(),
                                        !options.deduplicate().isOn()))
                        .name("route")
                        .uid("route");
        return new Routed(
                requests,
                requests.getSideOutput(RouteRequests.LATE),
                requests.getSideOutput(RouteRequests.REJECTED),
                requests.getSideOutput(Tallies.TAG));
    }

    static Routed deduplicate(Routed routed, JobOptions options) {
        IdGroups groups = new IdGroups(TrafficJob.MAX_PARALLELISM);
        SingleOutputStreamOperator<HttpRequest> requests =
                routed.requests()
                        .keyBy(groups, Types.INT)
                        .connect(
                                routed.late()
                                        .keyBy(
                                                late -> groups.getKey(late.requireRequest()),
                                                Types.INT))
                        .transform(
                                "deduplicate",
                                TypeInformation.of(HttpRequest.class),
                                new DeduplicateRequests(
                                        options.kafka().topic(),
                                        RouteRequests.LATE,
                                        groups,
                                        options.eventTime().settle(),
                                        options.deduplicate().keep(),
                                        options.eventTime().maxAhead()))
                        .name("deduplicate")
                        .uid("deduplicate");
        return new Routed(
                requests,
                requests.getSideOutput(RouteRequests.LATE),
                routed.rejected(),
                routed.tallies().union(requests.getSideOutput(Tallies.TAG)));
    }

    static DataStream<TrafficPartial> combine(
            DataStream<HttpRequest> requests, JobOptions options) {
        return requests.transform(
                        "combine",
                        TypeInformation.of(TrafficPartial.class),
                        new CombineRequests(options.combineInterval(), options.combineMaxKeys()))
                .name("combine")
                .uid("combine");
    }

    static DataStream<TrafficRow> aggregate(
            DataStream<TrafficPartial> partials, JobOptions options, long wholeFromMillis) {
        return partials.keyBy(TrafficPartial::siteId)
                .process(
                        new AggregateTraffic(
                                options.provisional(),
                                options.eventTime().settle(),
                                wholeFromMillis))
                .name("windows")
                .uid("windows");
    }

    static DataStream<Tally> keepLedger(DataStream<Tally> tallies) {
        return tallies.transform("ledger", TypeInformation.of(Tally.class), new KeepLedger())
                .name("ledger")
                .uid("ledger")
                // two would each have a part of the sums
                .setParallelism(1);
    }

    /** Where records are sent: each goes to exactly one stream, or is a duplicate. */
    record Routed(
            DataStream<HttpRequest> requests,
            DataStream<DecodedRecord> late,
            DataStream<DecodedRecord> rejected,
            DataStream<Tally> tallies) {}

    /** What comes out of the pipeline. */
    public record TrafficStreams(
            DataStream<TrafficRow> rows,
            DataStream<DecodedRecord> late,
            DataStream<DecodedRecord> rejected,
            DataStream<Tally> ledger) {}
}
