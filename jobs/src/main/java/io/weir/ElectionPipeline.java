package io.weir;

import io.weir.config.EventTimeOptions;
import io.weir.election.Election;
import io.weir.election.ElectionInput;
import io.weir.election.ElectionSettings;
import io.weir.election.ElectionStep;
import io.weir.election.ElectionStore;
import io.weir.election.EmitMinuteHits;
import io.weir.election.HoldElections;
import io.weir.election.MinuteHits;
import io.weir.election.NominateSites;
import io.weir.election.ReadSettings;
import io.weir.election.SettingsClock;
import io.weir.traffic.Grain;
import io.weir.traffic.TrafficRow;
import org.apache.flink.streaming.api.datastream.BroadcastStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The topology after the windows: from rows to candidates and elections. */
public final class ElectionPipeline {

    private ElectionPipeline() {}

    /**
     * All elections.
     *
     * @param rows rows of all grains with their watermark
     * @param wholeFromMillis in a start without state, the instant from which on every request is
     *     read, epoch milliseconds
     */
    public static DataStream<Election> of(
            DataStream<TrafficRow> rows,
            DataStream<ElectionSettings> settings,
            ElectionStore store,
            EventTimeOptions eventTime,
            long wholeFromMillis) {
        BroadcastStream<ElectionSettings> broadcast = settings.broadcast(ElectionStep.SETTINGS);
        DataStream<ElectionInput> inputs =
                minutes(rows, eventTime, wholeFromMillis)
                        .keyBy(MinuteHits::siteId)
                        .connect(broadcast)
                        .process(new NominateSites(store, eventTime.settle()))
                        .name("candidates")
                        .uid("candidates");
        return inputs.keyBy(any -> 0)
                .connect(broadcast)
                .process(new HoldElections(store, eventTime.settle()))
                .name("elections")
                .uid("elections")
                .setParallelism(1);
    }

    /** The versions of the settings, as they are added to the table. */
    public static DataStream<ElectionSettings> settings(
            StreamExecutionEnvironment environment, ElectionStore store) {
        return environment
                .fromSource(SettingsClock.source(), SettingsClock.idle(), "settings clock")
                .uid("settings-clock")
                .setParallelism(1)
                .flatMap(new ReadSettings(store))
                .name("election settings")
                .uid("election-settings")
                .setParallelism(1);
    }

    /** Only final rows: what an election counts ended long ago. */
    static DataStream<MinuteHits> minutes(
            DataStream<TrafficRow> rows, EventTimeOptions eventTime, long wholeFromMillis) {
        return rows.filter(row -> row.grain() == Grain.MINUTE && row.isFinal())
                .name("final minutes")
                .uid("final-minutes")
                .map(new EmitMinuteHits(wholeFromMillis, eventTime.maxAhead()))
                .name("hits")
                .uid("hits");
    }
}
