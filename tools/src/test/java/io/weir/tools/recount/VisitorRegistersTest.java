package io.weir.tools.recount;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.sketch.VisitorHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisitorRegistersTest {

    private static final HexFormat HEX = HexFormat.of();

    @Test
    void nothingIsThreeBytes() {
        assertThat(HEX.formatHex(new VisitorRegisters().toBytes())).isEqualTo("118b40");
    }

    /** What the extension itself answered. */
    @ParameterizedTest
    @CsvSource({
        "hash:0, 138b40",
        "hash:2047, 138b40",
        "hash:2048, 138b400001",
        "hash:-1, 138b40ffe1",
        "hash:4194304, 138b40000c",
        "hash:4398046511104, 138b40001f",
        "hash:-9223372036854775808, 138b40001f",
        "10.0.0.0, 138b405661",
        "10.0.0.0 10.0.0.1, 138b405661c521"
    })
    void equalsTheExtension(String visitors, String stored) {
        assertThat(HEX.formatHex(registersOf(visitors).toBytes())).isEqualTo(stored);
    }

    @Test
    void isSparseWhileThatIsShorterThanFull() {
        VisitorRegisters registers = new VisitorRegisters();
        fill(registers, 0, 639);
        assertThat(HEX.formatHex(registers.toBytes())).hasSize(2 * (3 + 639 * 2)).startsWith("13");

        fill(registers, 639, 640);
        assertThat(HEX.formatHex(registers.toBytes()))
                .isEqualTo("148b40" + "0842108421".repeat(80) + "00".repeat(176 * 5));

        fill(registers, 640, 2048);
        assertThat(HEX.formatHex(registers.toBytes()))
                .isEqualTo("148b40" + "0842108421".repeat(256));
    }

    /** Each of these visitors raises a register of its own to 1. */
    private static void fill(VisitorRegisters registers, int from, int to) {
        for (int index = from; index < to; index++) {
            registers.add(index | 1 << 11);
        }
    }

    @Test
    void equalsTheExtensionOnItsVectors() throws IOException {
        String file = System.getenv("WEIR_HLL_VECTORS");
        Assumptions.assumeTrue(
                file != null, "SKIPPED: WEIR_HLL_VECTORS does not name the extension's vectors");
        int compared = 0;
        for (String line : Files.readAllLines(Path.of(file))) {
            String[] cells = line.split(",", -1);
            if (cells[2].matches("1[34]8b(40|7f).*|118b40")) {
                // another threshold of the explicit form changes nothing in the other forms
                assertThat(HEX.formatHex(registersOf(cells[1]).toBytes()))
                        .as(cells[0])
                        .isEqualTo(cells[2].substring(0, 4) + "40" + cells[2].substring(6));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(20);
    }

    /**
     * {@code a b}; {@code ip:M..N} for the addresses 10.x.y.z from M to N - 1; {@code hash:N};
     * {@code UNION} between two of these.
     */
    private static VisitorRegisters registersOf(String inputs) {
        VisitorRegisters all = new VisitorRegisters();
        for (String part : inputs.split(" UNION ", -1)) {
            VisitorRegisters registers = new VisitorRegisters();
            for (String input : part.strip().split(" ", -1)) {
                add(registers, input);
            }
            all.merge(registers);
        }
        return all;
    }

    private static void add(VisitorRegisters registers, String input) {
        if (input.startsWith("hash:")) {
            registers.add(Long.parseLong(input.substring(5)));
        } else if (input.startsWith("ip:")) {
            String[] bounds = input.substring(3).split("\\.\\.", -1);
            for (int i = Integer.parseInt(bounds[0]); i < Integer.parseInt(bounds[1]); i++) {
                registers.add(
                        VisitorHash.hashText(
                                "10.%d.%d.%d".formatted(i >> 16, i >> 8 & 255, i & 255)));
            }
        } else if (!input.isEmpty()) {
            registers.add(VisitorHash.hashText(input));
        }
    }
}
