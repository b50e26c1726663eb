package io.weir;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.JobOptions;
import io.weir.intake.StartingPoint;
import io.weir.request.DecodedRecord;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TrafficJobTest {

    @Test
    void theUidsAndTheMaximumParallelismNeverChange() {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        TrafficJob.configure(environment);
        JobOptions options =
                JobOptions.of(
                        Map.of(
                                "kafka.bootstrap-servers", "localhost:9092",
                                "store.url", "jdbc:postgresql://localhost/weir",
                                "store.user", "weir_writer"));
        DataStream<DecodedRecord> records =
                TrafficJob.read(
                        environment,
                        options,
                        new StartingPoint(Map.of(new TopicPartition("t", 0), 0L), 0));
        TrafficJob.write(TrafficPipeline.of(records, options, 0), options);

        Map<String, List<Integer>> maximumParallelism = new TreeMap<>();
        for (StreamNode node : environment.getStreamGraph().getStreamNodes()) {
            String uid = node.getTransformationUID();
            assertThat(uid).as(node.getOperatorName()).isNotNull();
            maximumParallelism.put(uid, List.of(node.getMaxParallelism()));
        }

        assertThat(maximumParallelism.keySet())
                .contains(
                        "requests",
                        "route",
                        "combine",
                        "windows",
                        "store-rows",
                        "late-requests",
                        "dead-letters");
        assertThat(maximumParallelism.keySet())
                .allMatch(
                        uid ->
                                List.of(
                                                "requests",
                                                "route",
                                                "combine",
                                                "windows",
                                                "store-rows",
                                                "late-requests",
                                                "dead-letters")
                                        .stream()
                                        .anyMatch(uid::contains));
        assertThat(maximumParallelism.values()).containsOnly(List.of(720));
    }
}
