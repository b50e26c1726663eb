package io.weir;

import io.weir.breakdown.AggregateBreakdowns;
import io.weir.breakdown.BreakdownPartial;
import io.weir.breakdown.BreakdownRow;
import io.weir.breakdown.HeldBreakdowns;
import io.weir.config.JobOptions;
import io.weir.deduplicate.CombineRequests;
import io.weir.deduplicate.DeduplicateRequests;
import io.weir.deduplicate.IdGroups;
import io.weir.intake.RequestSource;
import io.weir.intake.RouteAndCombine;
import io.weir.intake.RouteRequests;
import io.weir.intake.RouteToDeduplicate;
import io.weir.ledger.KeepLedger;
import io.weir.ledger.Tallies;
import io.weir.ledger.Tally;
import io.weir.request.DecodedRecord;
import io.weir.request.HttpRequest;
import io.weir.request.ReadRecord;
import io.weir.traffic.TrafficPartial;
import io.weir.traffic.TrafficRow;
import io.weir.view.Views;
import io.weir.window.AggregateTraffic;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The topology, from decoded records to rows. It reads and writes nothing itself, so that tests
 * drive the same streams.
 */
public final class TrafficPipeline {

    /** Of late copies in each subtask; some 200,000 of the usual size. */
    private static final long MAX_HELD_BYTES = 128L << 20;

    private TrafficPipeline() {}

    /**
     * The whole pipeline.
     *
     * @param records with the watermarks of their partitions, chained to what follows
     * @param views what requests are broken down by
     * @param wholeFromMillis in a start without state, the instant from which on every request is
     *     read, epoch milliseconds
     */
    public static TrafficStreams of(
            DataStream<ReadRecord> records, JobOptions options, Views views, long wholeFromMillis) {
        Routed<TrafficPartial> routed =
                options.deduplicate().isOn()
                        ? combine(deduplicate(route(records, options, views), options), options)
                        : routeAndCombine(records, options, views);
        DataStream<TrafficRow> rows = aggregate(routed.onTime(), options, wholeFromMillis);
        return new TrafficStreams(
                rows,
                breakDown(routed.byKey(), options, wholeFromMillis),
                routed.late(),
                routed.rejected(),
                keepLedger(routed.tallies()));
    }

    static Routed<TrafficPartial> routeAndCombine(
            DataStream<ReadRecord> records, JobOptions options, Views views) {
        return route(
                records,
                TrafficPartial.class,
                new RouteAndCombine(
                        RequestSource.lateness(options.eventTime()),
                        options.eventTime().settle(),
                        options.kafka().topic(),
                        options.combineInterval(),
                        options.combineMaxKeys(),
                        views));
    }

    static Routed<HttpRequest> route(
            DataStream<ReadRecord> records, JobOptions options, Views views) {
        return route(
                records,
                HttpRequest.class,
                new RouteToDeduplicate(
                        RequestSource.lateness(options.eventTime()),
                        options.eventTime().settle(),
                        options.kafka().topic(),
                        views));
    }

    private static <T> Routed<T> route(
            DataStream<ReadRecord> records, Class<T> type, RouteRequests<T> route) {
        SingleOutputStreamOperator<T> onTime =
                records.transform("route", TypeInformation.of(type), route)
                        .name("route")
                        .uid("route");
        return new Routed<>(
                onTime,
                onTime.getSideOutput(HeldBreakdowns.TAG),
                onTime.getSideOutput(RouteRequests.LATE),
                onTime.getSideOutput(RouteRequests.REJECTED),
                onTime.getSideOutput(Tallies.TAG));
    }

    static Routed<HttpRequest> deduplicate(Routed<HttpRequest> routed, JobOptions options) {
        IdGroups groups = new IdGroups(TrafficJob.MAX_PARALLELISM);
        SingleOutputStreamOperator<HttpRequest> requests =
                routed.onTime()
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
                                        options.eventTime().maxAhead(),
                                        MAX_HELD_BYTES))
                        .name("deduplicate")
                        .uid("deduplicate");
        return new Routed<>(
                requests,
                routed.byKey(),
                requests.getSideOutput(RouteRequests.LATE),
                routed.rejected(),
                routed.tallies().union(requests.getSideOutput(Tallies.TAG)));
    }

    static Routed<TrafficPartial> combine(Routed<HttpRequest> routed, JobOptions options) {
        SingleOutputStreamOperator<TrafficPartial> partials =
                routed.onTime()
                        .transform(
                                "combine",
                                TypeInformation.of(TrafficPartial.class),
                                new CombineRequests(
                                        options.combineInterval(), options.combineMaxKeys()))
                        .name("combine")
                        .uid("combine");
        return new Routed<>(
                partials,
                partials.getSideOutput(HeldBreakdowns.TAG),
                routed.late(),
                routed.rejected(),
                routed.tallies());
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

    static DataStream<BreakdownRow> breakDown(
            DataStream<BreakdownPartial> byKey, JobOptions options, long wholeFromMillis) {
        return byKey.keyBy(BreakdownPartial::siteId)
                .process(
                        new AggregateBreakdowns(
                                options.provisional(),
                                options.eventTime().settle(),
                                options.eventTime().maxAhead(),
                                wholeFromMillis))
                .name("breakdowns")
                .uid("breakdowns");
    }

    static DataStream<Tally> keepLedger(DataStream<Tally> tallies) {
        return tallies.transform("ledger", TypeInformation.of(Tally.class), new KeepLedger())
                .name("ledger")
                .uid("ledger")
                // two would each have a part of the sums
                .setParallelism(1);
    }

    /**
     * Where records are sent: each goes to exactly one stream, or is a duplicate.
     *
     * @param byKey what is on time, by the keys of views; empty where nobody adds up yet
     */
    record Routed<T>(
            DataStream<T> onTime,
            DataStream<BreakdownPartial> byKey,
            DataStream<DecodedRecord> late,
            DataStream<DecodedRecord> rejected,
            DataStream<Tally> tallies) {}

    /** What comes out of the pipeline. */
    public record TrafficStreams(
            DataStream<TrafficRow> rows,
            DataStream<BreakdownRow> breakdowns,
            DataStream<DecodedRecord> late,
            DataStream<DecodedRecord> rejected,
            DataStream<Tally> ledger) {}
}
