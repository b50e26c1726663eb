package io.weir.benchmarks.contestants;

import io.weir.sketch.ResponseTimeHistogram;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.functions.AggregateFunction;
import org.jspecify.annotations.Nullable;

/** Response times in Flink SQL, by the job's own histogram. */
@FunctionHint(
        accumulator =
                @DataTypeHint(
                        value = "RAW",
                        bridgedTo = ResponseTimeHistogram.class,
                        rawSerializer = HistogramFunction.Serializer.class),
        output = @DataTypeHint("STRING"))
public final class HistogramFunction extends AggregateFunction<String, ResponseTimeHistogram> {

    private static final long serialVersionUID = 1;

    @Override
    public ResponseTimeHistogram createAccumulator() {
        return new ResponseTimeHistogram();
    }

    /** Adds a time; Flink finds it by its name. */
    public void accumulate(ResponseTimeHistogram histogram, @Nullable Long micros) {
        if (micros != null) {
            histogram.add(micros);
        }
    }

    /** Adds histograms; Flink finds it by its name. */
    public void merge(ResponseTimeHistogram histogram, Iterable<ResponseTimeHistogram> others) {
        others.forEach(histogram::merge);
    }

    @Override
    public String getValue(ResponseTimeHistogram histogram) {
        return histogram.toArrayLiteral();
    }

    /** Of the accumulator. */
    public static final class Serializer extends AccumulatorSerializer<ResponseTimeHistogram> {

        private static final long serialVersionUID = 1;

        @Override
        public ResponseTimeHistogram createInstance() {
            return new ResponseTimeHistogram();
        }

        @Override
        public ResponseTimeHistogram copy(ResponseTimeHistogram from) {
            ResponseTimeHistogram copy = new ResponseTimeHistogram();
            copy.merge(from);
            return copy;
        }

        @Override
        public void serialize(ResponseTimeHistogram histogram, DataOutputView target)
                throws IOException {
            histogram.write(target);
        }

        @Override
        public ResponseTimeHistogram deserialize(DataInputView source) throws IOException {
            return ResponseTimeHistogram.read(source);
        }

        @Override
        public TypeSerializerSnapshot<ResponseTimeHistogram> snapshotConfiguration() {
            return new Snapshot();
        }
    }

    /** Flink makes it from its name. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ResponseTimeHistogram> {

        public Snapshot() {
            super(Serializer::new);
        }
    }
}
