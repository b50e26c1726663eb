package io.weir.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.request.HttpRequest;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Random;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class TrafficSerializerTest {

    /** Written by format 1: see {@link #sample()}. Never edit: states out there look like this. */
    private static final String FORMAT_1 =
            "010201010202160005138b400001000242520155" + "5301000200c80101f7010001000e01";

    /** The same, and a duplicate. */
    private static final String FORMAT_2 = "02" + FORMAT_1.substring(2) + "01";

    private static Traffic sample() {
        Traffic traffic = new Traffic();
        traffic.add(new HttpRequest(7, 0, 200, 2048L, 2, 15, "US"));
        traffic.add(new HttpRequest(7, 0, 503, null, HttpRequest.NOT_TIMED, 7, "BR"));
        return traffic;
    }

    @Test
    void readsFormat1() throws IOException {
        byte[] bytes = HexFormat.of().parseHex(FORMAT_1);

        assertThat(TrafficSerializer.INSTANCE.deserialize(new DataInputDeserializer(bytes)))
                .isEqualTo(sample());
    }

    @Test
    void writesFormat2() throws IOException {
        Traffic traffic = sample();
        traffic.add(new HttpRequest(7, 0, 200, 3L, 9, 9, "DE").asDuplicateAt(0));
        DataOutputSerializer out = new DataOutputSerializer(64);
        TrafficSerializer.INSTANCE.serialize(traffic, out);

        assertThat(HexFormat.of().formatHex(out.getCopyOfBuffer())).isEqualTo(FORMAT_2);
    }

    @Test
    void refusesAFormatThatItDoesNotKnow() {
        byte[] bytes = {3};

        assertThatThrownBy(
                        () ->
                                TrafficSerializer.INSTANCE.deserialize(
                                        new DataInputDeserializer(bytes)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("format 3");
    }

    @Test
    void readsWhatItWrote() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            Traffic traffic = new Traffic();
            for (int i = random.nextInt(2_000); i > 0; i--) {
                traffic.add(TrafficTest.anyRequest(random));
            }
            DataOutputSerializer out = new DataOutputSerializer(64);
            TrafficSerializer.INSTANCE.serialize(traffic, out);
            DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());

            assertThat(TrafficSerializer.INSTANCE.deserialize(in)).isEqualTo(traffic);
            assertThat(in.available()).isZero();
        }
    }

    @Test
    void acceptsStateOfTheSameFormatAndRefusesThatOfANewerOne() throws IOException {
        assertThat(compatibilityWithFormat(1).isCompatibleAsIs()).isTrue();
        assertThat(compatibilityWithFormat(2).isCompatibleAsIs()).isTrue();
        assertThat(compatibilityWithFormat(3).isIncompatible()).isTrue();
    }

    private static TypeSerializerSchemaCompatibility<Traffic> compatibilityWithFormat(int format)
            throws IOException {
        TrafficSerializer.Snapshot stored = new TrafficSerializer.Snapshot();
        stored.readSnapshot(
                1,
                new DataInputDeserializer(new byte[] {(byte) format}),
                TrafficSerializerTest.class.getClassLoader());
        return TrafficSerializer.INSTANCE
                .snapshotConfiguration()
                .resolveSchemaCompatibility(stored);
    }

    @Test
    void aCopyIsOnItsOwn() {
        Traffic traffic = sample();
        Traffic copy = TrafficSerializer.INSTANCE.copy(traffic);
        copy.add(new HttpRequest(7, 0, 200, 1L << 40, 5, 1, "DE"));

        assertThat(traffic).isEqualTo(sample()).isNotEqualTo(copy);
    }
}
