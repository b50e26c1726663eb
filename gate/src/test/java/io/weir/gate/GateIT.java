package io.weir.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.rig.FlinkCluster;
import io.weir.rig.Stack;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateIT {

    @TempDir static Path folder;
    private static Stack stack;
    private static FlinkCluster flink;

    @BeforeAll
    static void start() throws Exception {
        stack = Stack.start(folder);
        flink = FlinkCluster.start(folder, 2);
    }

    @AfterAll
    static void stop() throws Exception {
        flink.close();
        stack.close();
    }

    /** One with idleness and one without. */
    @ParameterizedTest
    @ValueSource(longs = {2, 3})
    void noCellDiffers(long seed) throws Exception {
        Differences differences = run(seed, "gate_" + seed);

        assertThat(differences.shown()).isEmpty();
        assertThat(differences.differing()).isZero();
        assertThat(differences.compared()).isGreaterThan(3_000);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mutation.class,
            names = {"GROW", "DEDUPLICATE"})
    void mutationsAreCaught(Mutation mutation) throws Exception {
        try (Mutation.Planted planted = mutation.plant()) {
            assertThat(run(1, mutation.toString()).differing()).isPositive();
        }
    }

    @Test
    void theSameSeedIsTheSamePlan() {
        assertThat(Plan.draw(5)).isEqualTo(Plan.draw(5)).isNotEqualTo(Plan.draw(6));
        assertThat(SentTraffic.of(Plan.draw(5))).hasSameSizeAs(Plan.draw(5).steps());
    }

    private static Differences run(long seed, String name) throws Exception {
        return new Trial(Plan.draw(seed), stack, flink, name).run();
    }
}
