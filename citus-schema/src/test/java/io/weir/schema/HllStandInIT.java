package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stand-in against answers of postgresql-hll 2.16 on PostgreSQL 15. */
class HllStandInIT {

    /** Names a file of vectors made by the extension: description, inputs, hex, cardinality. */
    private static final String VECTORS = "WEIR_HLL_VECTORS";

    private static Store store;

    @BeforeAll
    static void start(@TempDir Path folder) {
        store = Store.start(folder);
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @ParameterizedTest
    @CsvSource({
        "118b40, 0",
        "138b40, 0",
        "138b4002a1, 1.0002442201269182",
        "138b4021655922bd24, 3.0021994137521975",
        "138b4002a1158134c137625a237a8184e1c5e4f4c1fee5, 10.024493827539368",
        "138b40020202a115811ce121c223832d6134c137624f615a235ec17a8184e19bc19c219d02a701ac23c5e4d5e2e243ed61f4c1fee5,"
                + " 25.153841134905022"
    })
    void estimatesSparseSketches(String hex, double expected) throws SQLException {
        assertThat(cardinality(hex)).isCloseTo(expected, relative(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "0842108421, 2952.889054253155",
        "0801048021, 2008.7383101680152",
        "00443214c7, 5928.938022657315",
        "0123456789, 11086.100595031028",
        "294a5294a5, 47246.22486805048",
        "6318c6318c, 6047516.783110461",
        "dddddddddd, 96556947.32111391"
    })
    void estimatesFullSketches(String eightRegisters, double expected) throws SQLException {
        assertThat(cardinality(full(eightRegisters))).isCloseTo(expected, relative(expected));
    }

    @Test
    void answersNotANumberBeyondItsRange() throws SQLException {
        assertThat(cardinality(full("ffffffffff"))).isNaN();
    }

    @ParameterizedTest
    @CsvSource({
        "118b40, 118b40, 118b40",
        "118b40, 138b40, 138b40",
        "118b40, 138b4002a1, 138b4002a1",
        "138b4002a184e1, 138b4002a381a2f4c1, 138b4002a381a284e1f4c1"
    })
    void unitesToTheBytesOfTheExtension(String a, String b, String expected) throws SQLException {
        assertThat(union(hex(a), hex(b))).isEqualTo("\\x" + expected);
        assertThat(union(hex(b), hex(a))).isEqualTo("\\x" + expected);
    }

    @ParameterizedTest
    @CsvSource({
        "320, 319, 138b40, 1281, 8bcfa77b54673efe9682644dcfef81f3",
        "320, 320, 148b40, 1283, e4ddf6379e3761555924767f6a37b81c",
        "600, 600, 148b40, 1283, 79874c2814adc497c688371c9654288a"
    })
    void turnsFullAboveSixHundredThirtyNineRegisters(
            int a, int b, String form, int length, String md5) throws SQLException {
        String union = union(hex(spread(a, 0)), hex(spread(b, 1)));

        assertThat(union).startsWith("\\x" + form).hasSize(2 + 2 * length);
        assertThat(store.row("select md5('" + union + "'::bytea)")).isEqualTo(md5);
    }

    @Test
    void unitesSparseAndFull() throws SQLException {
        String union = union(hex(spread(100, 0)), hex(full("0123456789")));

        assertThat(store.row("select md5('" + union + "'::bytea)"))
                .isEqualTo("a88ee7bf17f11952ca7d96fc41cfd4ef");
    }

    @Test
    void aggregatesWithoutNullsAndToNullOfNone() throws SQLException {
        String aggregate = "select weir.hll_send(weir.hll_union_agg(s)) from (values ";

        assertThat(
                        store.row(
                                aggregate
                                        + "(null), ("
                                        + hex("138b4002a1")
                                        + "), ("
                                        + hex("138b4084e1")
                                        + ")) as t(s)"))
                .isEqualTo("\\x138b4002a184e1");
        assertThat(store.row(aggregate + "(null::weir.hll)) as t(s)")).isEqualTo("null");
    }

    @Test
    void refusesSketchesOfOtherParameters() {
        assertThatThrownBy(() -> store.row("select " + hex("138b7f0000000001")))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("hll_is_of_2048_registers");
    }

    @Test
    void agreesWithTheFileOfVectors() throws SQLException, IOException {
        @Nullable String file = System.getenv(VECTORS);
        assumeThat(file)
                .as("SKIPPED: " + VECTORS + " names no file of vectors made by the extension")
                .isNotNull();
        List<String[]> vectors =
                Files.readAllLines(Path.of(file)).stream()
                        .map(line -> line.split(",(?=[^,]*,[^,]*$)|,(?=[^,]*$)"))
                        .filter(fields -> fields[1].matches("1[134]8b40.*"))
                        .toList();

        assertThat(vectors).isNotEmpty();
        for (String[] fields : vectors) {
            double expected = Double.parseDouble(fields[2]);
            assertThat(cardinality(fields[1]))
                    .as(fields[0])
                    .isCloseTo(expected, relative(expected));
        }
    }

    private static double cardinality(String hex) throws SQLException {
        return store.number("select weir.hll_cardinality(" + hex(hex) + ")");
    }

    private static String union(String a, String b) throws SQLException {
        return store.row("select weir.hll_send(weir.hll_union(" + a + ", " + b + "))");
    }

    private static String hex(String hex) {
        return "'\\x" + hex + "'::bytea::weir.hll";
    }

    private static String full(String eightRegisters) {
        return "148b40" + eightRegisters.repeat(256);
    }

    /** Every third register from the given one on, with values from 1 to 31. */
    private static String spread(int registers, int first) {
        StringBuilder hex = new StringBuilder("138b40");
        for (int i = 0; i < registers; i++) {
            hex.append(String.format("%04x", (3 * i + first) * 32 + 1 + i % 31));
        }
        return hex.toString();
    }

    private static org.assertj.core.data.Offset<Double> relative(double expected) {
        return within(1e-9 * Math.max(1, expected));
    }
}
