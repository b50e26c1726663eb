package io.weir.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clearspring.analytics.stream.cardinality.HyperLogLog;
import com.clearspring.analytics.stream.cardinality.RegisterSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VisitorSketchTest {

    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @CsvSource({
        // select hll_hash_text(..) of the extension
        "192.0.2.1, -8318717724565170155",
        "255.255.255.255, 9056804860356289887",
        "::1, -7371985596969137258",
        "visitor.example.com.a.long.host.name, -2922126208469431718"
    })
    void hashesAsTheExtensionDoes(String address, long hash) {
        assertThat(VisitorHash.hashText(address)).isEqualTo(hash);
    }

    @Test
    void anEmptySketchIsThreeBytes() {
        assertThat(HEX.formatHex(new VisitorSketch().toBytes())).isEqualTo("118b40");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 255, 256, 257, 600, 767, 780, 800, 2_000, 30_000, 300_000})
    void equalsABruteForceHyperLogLog(int visitors) {
        VisitorSketch sketch = new VisitorSketch();
        TreeMap<Integer, Integer> registers = new TreeMap<>();
        for (int i = 0; i < visitors; i++) {
            long hash = VisitorHash.hashText("visitor " + i);
            sketch.add(hash);
            String bits = Long.toBinaryString(hash >>> 11);
            int rank = bits.length() - bits.lastIndexOf('1');
            registers.merge((int) (hash & 2047), Math.min(rank, 31), Math::max);
        }

        assertThat(HEX.formatHex(sketch.toBytes())).isEqualTo(stored(registers));
        assertThat(VisitorSketch.fromBytes(sketch.toBytes()).toBytes()).isEqualTo(sketch.toBytes());
    }

    /** The storage form, digit by digit. */
    private static String stored(Map<Integer, Integer> registers) {
        StringBuilder bits = new StringBuilder();
        boolean isSparse = registers.size() * 16 < 2048 * 5;
        for (int index = 0; index < 2048; index++) {
            int value = registers.getOrDefault(index, 0);
            if (!isSparse) {
                bits.append(binary(value, 5));
            } else if (value > 0) {
                bits.append(binary(index, 11)).append(binary(value, 5));
            }
        }
        StringBuilder hex = new StringBuilder(isSparse ? "138b40" : "148b40");
        for (int at = 0; at < bits.length(); at += 4) {
            hex.append(Integer.toHexString(Integer.parseInt(bits.substring(at, at + 4), 2)));
        }
        return hex.toString();
    }

    private static String binary(int value, int digits) {
        String binary = Integer.toBinaryString(value);
        return "0".repeat(digits - binary.length()) + binary;
    }

    /** Register 5 of 0s before the first 1; a register holds 31 at most, five bits. */
    @ParameterizedTest
    @CsvSource({
        // zeros, sparse sketch: 138b40, register 5 in 11 bits, rank in 5 bits
        "0, 138b4000a1",
        "29, 138b4000be",
        "30, 138b4000bf",
        "31, 138b4000bf",
        "52, 138b4000bf"
    })
    void aRankIsAtMost31(int zeros, String hex) {
        VisitorSketch sketch = new VisitorSketch();
        sketch.add((1L << (zeros + 11)) + 5);

        assertThat(HEX.formatHex(sketch.toBytes())).isEqualTo(hex);
        assertThat(HEX.formatHex(VisitorSketch.fromBytes(sketch.toBytes()).toBytes()))
                .isEqualTo(hex);
    }

    @Test
    void fillsTheRegistersThatStreamLibFills() throws IOException {
        VisitorSketch sketch = new VisitorSketch();
        HyperLogLog oracle = new HyperLogLog(11);
        for (int i = 0; i < 50_000; i++) {
            long hash = VisitorHash.hashText("visitor " + i);
            sketch.add(hash);
            oracle.offerHashed(Long.reverse(hash));
        }

        IntBuffer stored = ByteBuffer.wrap(oracle.getBytes()).asIntBuffer();
        int[] words = new int[stored.position(2).remaining()]; // after its size, twice
        stored.get(words);
        RegisterSet registers = new RegisterSet(2048, words);
        TreeMap<Integer, Integer> filled = new TreeMap<>();
        for (int index = 0; index < 2048; index++) {
            int value = registers.get(Integer.reverse(index) >>> 21);
            if (value > 0) {
                filled.put(index, value);
            }
        }
        assertThat(HEX.formatHex(sketch.toBytes())).isEqualTo(stored(filled));
    }

    @Test
    void mergingIsAddingInAnyOrder() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            VisitorSketch all = new VisitorSketch();
            VisitorSketch left = new VisitorSketch();
            VisitorSketch right = new VisitorSketch();
            int visitors = random.nextInt(1 << random.nextInt(1, 14));
            for (int i = 0; i < visitors; i++) {
                long hash = random.nextLong();
                all.add(hash);
                (random.nextBoolean() ? left : right).add(hash);
            }
            VisitorSketch leftFirst = copyOf(left);
            leftFirst.merge(right);
            VisitorSketch rightFirst = copyOf(right);
            rightFirst.merge(left);

            assertThat(leftFirst.toBytes())
                    .isEqualTo(all.toBytes())
                    .isEqualTo(rightFirst.toBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 250, 2_000})
    void aCopyIsOnItsOwn(int visitors) {
        VisitorSketch sketch = new VisitorSketch();
        for (int i = 0; i < visitors; i++) {
            sketch.add(VisitorHash.hashText("visitor " + i));
        }
        byte[] before = sketch.toBytes();
        VisitorSketch copy = copyOf(sketch);
        assertThat(copy.toBytes()).isEqualTo(before);

        copy.add(1L << 40); // no other visitor has this rank

        assertThat(sketch.toBytes()).isEqualTo(before).isNotEqualTo(copy.toBytes());
    }

    private static VisitorSketch copyOf(VisitorSketch sketch) {
        VisitorSketch copy = new VisitorSketch();
        copy.merge(sketch);
        return copy;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "118b",
                "118b7f",
                "118c40",
                "158b40",
                "118b4000",
                "138b4001",
                "138b400020",
                "138b4000410021",
                "148b40",
                "128b400000000000000001"
            })
    void refusesWhatIsNoSuchSketch(String hex) {
        assertThatThrownBy(() -> VisitorSketch.fromBytes(HEX.parseHex(hex)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a sketch of visitors");
    }

    /** Reads the vectors that the extension itself has made, where they are at hand. */
    @Test
    void equalsTheExtensionOnItsVectors() throws IOException {
        String file = System.getenv("WEIR_HLL_VECTORS");
        Assumptions.assumeTrue(
                file != null, "SKIPPED: WEIR_HLL_VECTORS does not name the extension's vectors");
        List<String> lines = Files.readAllLines(Path.of(file));
        int compared = 0;
        for (String line : lines) {
            String[] cells = line.split(",", -1);
            if (cells.length != 4 || !cells[2].matches("1[34]8b(40|7f).*|118b40")) {
                continue;
            }
            // another threshold of the explicit form changes nothing in the other forms
            String stored = cells[2].substring(0, 4) + "40" + cells[2].substring(6);
            VisitorSketch sketch = VisitorSketch.fromBytes(HEX.parseHex(stored));
            assertThat(HEX.formatHex(sketch.toBytes())).as(cells[0]).isEqualTo(stored);
            compared++;
            if (!cells[1].contains("UNION")) {
                assertThat(HEX.formatHex(sketchOf(cells[1]).toBytes()))
                        .as(cells[0])
                        .isEqualTo(stored);
            }
        }
        assertThat(compared).isPositive();
    }

    /** {@code a b}; {@code ip:M..N} for the addresses 10.x.y.z from M to N - 1; {@code hash:N}. */
    private static VisitorSketch sketchOf(String inputs) {
        VisitorSketch sketch = new VisitorSketch();
        for (String input : inputs.split(" ", -1)) {
            if (input.startsWith("hash:")) {
                sketch.add(Long.parseLong(input.substring(5)));
            } else if (input.contains("..")) {
                String[] bounds = input.substring(3).split("\\.\\.", -1);
                for (int i = Integer.parseInt(bounds[0]); i < Integer.parseInt(bounds[1]); i++) {
                    sketch.add(
                            VisitorHash.hashText(
                                    "10.%d.%d.%d".formatted(i >> 16, i >> 8 & 255, i & 255)));
                }
            } else if (!input.isEmpty()) {
                sketch.add(VisitorHash.hashText(input));
            }
        }
        return sketch;
    }
}
