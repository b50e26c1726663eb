package io.weir.benchmarks.contestants;

import io.weir.sketch.VisitorHash;
import io.weir.sketch.VisitorSketch;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.functions.AggregateFunction;
import org.jspecify.annotations.Nullable;

/** Distinct texts in Flink SQL, by the job's own sketch. */
@FunctionHint(
        accumulator =
                @DataTypeHint(
                        value = "RAW",
                        bridgedTo = VisitorSketch.class,
                        rawSerializer = VisitorsFunction.Serializer.class),
        output = @DataTypeHint("BYTES"))
public final class VisitorsFunction extends AggregateFunction<byte[], VisitorSketch> {

    private static final long serialVersionUID = 1;

    @Override
    public VisitorSketch createAccumulator() {
        return new VisitorSketch();
    }

    /** Adds a text; Flink finds it by its name. */
    public void accumulate(VisitorSketch sketch, @Nullable String text) {
        if (text != null) {
            sketch.add(VisitorHash.hashText(text));
        }
    }

    /** Adds sketches; Flink finds it by its name. */
    public void merge(VisitorSketch sketch, Iterable<VisitorSketch> others) {
        others.forEach(sketch::merge);
    }

    @Override
    public byte[] getValue(VisitorSketch sketch) {
        return sketch.toBytes();
    }

    /** Of the accumulator. */
    public static final class Serializer extends AccumulatorSerializer<VisitorSketch> {

        private static final long serialVersionUID = 1;

        @Override
        public VisitorSketch createInstance() {
            return new VisitorSketch();
        }

        @Override
        public VisitorSketch copy(VisitorSketch from) {
            VisitorSketch copy = new VisitorSketch();
            copy.merge(from);
            return copy;
        }

        @Override
        public void serialize(VisitorSketch sketch, DataOutputView target) throws IOException {
            byte[] bytes = sketch.toBytes();
            target.writeShort(bytes.length);
            target.write(bytes);
        }

        @Override
        public VisitorSketch deserialize(DataInputView source) throws IOException {
            byte[] bytes = new byte[source.readUnsignedShort()];
            source.readFully(bytes);
            return VisitorSketch.fromBytes(bytes);
        }

        @Override
        public TypeSerializerSnapshot<VisitorSketch> snapshotConfiguration() {
            return new Snapshot();
        }
    }

    /** Flink makes it from its name. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<VisitorSketch> {

        public Snapshot() {
            super(Serializer::new);
        }
    }
}
