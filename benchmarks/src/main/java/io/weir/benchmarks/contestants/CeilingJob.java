package io.weir.benchmarks.contestants;

import java.io.IOException;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Reads records and discards them: no job on Flink's Kafka source is faster. */
final class CeilingJob implements Contestant {

    private final Assignment assignment;

    CeilingJob(Assignment assignment) {
        this.assignment = assignment;
    }

    @Override
    public void prepare() {}

    @Override
    public Effort count() throws Exception {
        StreamExecutionEnvironment environment = FlinkRun.environment(assignment);
        KafkaSource<byte[]> source =
                KafkaSource.<byte[]>builder()
                        .setBootstrapServers(assignment.bootstrapServers())
                        .setTopics(Assignment.TOPIC)
                        .setStartingOffsets(OffsetsInitializer.earliest())
                        .setBounded(OffsetsInitializer.latest())
                        .setValueOnlyDeserializer(new Bytes())
                        .build();
        environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "requests")
                .sinkTo(new DiscardingSink<>());
        Stopwatch watch =
                FlinkRun.untilRead(environment.executeAsync("ceiling"), assignment.records());
        return watch.effort(RecordsRead.sum());
    }

    private static final class Bytes extends AbstractDeserializationSchema<byte[]> {

        private static final long serialVersionUID = 1;

        @Override
        public byte[] deserialize(byte[] message) throws IOException {
            return message;
        }
    }
}
