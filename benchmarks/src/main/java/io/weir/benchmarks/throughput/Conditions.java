package io.weir.benchmarks.throughput;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What contestants count under.
 *
 * @param parallelism of Flink's operators
 * @param checkpoints the time between two
 * @param isDeduplicating whether the job counts a request that was sent again once; others never do
 * @param heap the largest of a contestant's process, as in {@code -Xmx2g}
 * @param profile the file of a JFR recording of the job's rounds, or null for none
 */
public record Conditions(
        int parallelism,
        StateBackend state,
        Duration checkpoints,
        boolean isDeduplicating,
        String heap,
        @Nullable Path profile) {

    /** Flink's, of the same name. */
    public enum StateBackend {
        HASHMAP,
        ROCKSDB;

        /** As Flink's configuration has it. */
        public String flinkName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
