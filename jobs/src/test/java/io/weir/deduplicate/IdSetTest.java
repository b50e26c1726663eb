package io.weir.deduplicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class IdSetTest {

    private record Id(long high, long low) {}

    @Test
    void holdsWhatWasAddedAndNothingElse() throws IOException {
        Random random = new Random(7);
        for (int size : new int[] {0, 1, 2, 3, 4, 5, 100, 20_000}) {
            Set<Id> expected = new HashSet<>();
            IdSet ids = new IdSet();
            for (int i = 0; i < size; i++) {
                // few different halves, so that ids collide in one of them
                Id id = new Id(random.nextInt(200) - 100, (long) random.nextInt(200) << 32);
                if (id.high() != 0 || id.low() != 0) {
                    assertThat(ids.add(id.high(), id.low())).isEqualTo(expected.add(id));
                }
            }

            for (IdSet each : List.of(ids, ids.copy(), read(written(ids)))) {
                assertThat(each.size()).isEqualTo(expected.size());
                assertThat(expected).allMatch(id -> each.contains(id.high(), id.low()));
                for (int i = 0; i < 1_000; i++) {
                    Id other = new Id(random.nextInt(400) - 200, (long) random.nextInt(400) << 32);
                    assertThat(each.contains(other.high(), other.low()))
                            .isEqualTo(expected.contains(other));
                }
            }
        }
    }

    @Test
    void aReadSetAndACopyGrowOnTheirOwn() throws IOException {
        IdSet ids = of(new Id(1, 2));
        IdSet read = read(written(ids));
        IdSet copy = ids.copy();
        for (long i = 1; i <= 100; i++) {
            assertThat(read.add(5, i << 32)).isTrue();
            assertThat(copy.add(6, i << 32)).isTrue();
        }

        assertThat(ids.size()).isEqualTo(1);
        assertThat(ids.contains(5, 1L << 32)).isFalse();
        assertThat(read.contains(1, 2)).isTrue();
        assertThat(copy.contains(1, 2)).isTrue();
    }

    @Test
    void knowsWhetherItHasChanged() throws IOException {
        IdSet ids = of(new Id(1, 2));
        assertThat(ids.hasChanged()).isTrue();
        assertThat(ids.stored().hasChanged()).isFalse();
        ids.add(1, 2);
        assertThat(ids.hasChanged()).isFalse();
        ids.add(1, 3);
        assertThat(ids.hasChanged()).isTrue();
        assertThat(ids.copy().hasChanged()).isFalse();
        assertThat(read(written(ids)).hasChanged()).isFalse();
    }

    /** Never edit: states out there look like this. */
    @Test
    void readsAndWritesFormat1() throws IOException {
        byte[] format1 =
                HexFormat.of().parseHex("01" + "01" + "0000000000000001" + "fffffffffffffffe");

        assertThat(written(of(new Id(1, -2)))).isEqualTo(format1);
        assertThat(read(format1).contains(1, -2)).isTrue();
        assertThatIOException()
                .isThrownBy(() -> read(new byte[] {2}))
                .withMessageContaining("format 2");
    }

    private static IdSet of(Id... ids) {
        IdSet set = new IdSet();
        for (Id id : new ArrayList<>(List.of(ids))) {
            set.add(id.high(), id.low());
        }
        return set;
    }

    private static byte[] written(IdSet ids) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        IdSetSerializer.INSTANCE.serialize(ids, out);
        return out.getCopyOfBuffer();
    }

    private static IdSet read(byte[] bytes) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        IdSet ids = IdSetSerializer.INSTANCE.deserialize(in);
        assertThat(in.available()).isZero();
        return ids;
    }
}
